\connect shop
CREATE OPERATOR svc_a.@@@@ (function = svc_b.seen, rightarg = int);
ALTER OPERATOR svc_a.@@@@ (NONE, int) OWNER TO svc_a_ddl;
