\connect shop
DROP TABLE svc_b.key;
REVOKE EXECUTE ON FUNCTION svc_b.cast_it(svc_b.n) FROM svc_a_ddl;
