\connect postgres
SELECT lower('x'::varchar);
