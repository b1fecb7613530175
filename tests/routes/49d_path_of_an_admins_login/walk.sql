\connect shop dba
SELECT lower('x'::varchar);
