\connect shop metabase
SELECT lower('A'::varchar);
