\connect postgres
SELECT lower('A'::varchar);
