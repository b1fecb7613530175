\connect postgres dba
SELECT lower('x'::varchar);
