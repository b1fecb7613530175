\connect shop
SELECT pg_relation_filenode('svc_a.t_pkey')::text;
