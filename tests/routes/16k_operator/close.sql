\connect shop
DROP OPERATOR svc_a.@@@@ (NONE, int);
CREATE OPERATOR svc_a.@@@@ (function = int4up, rightarg = int);
ALTER OPERATOR svc_a.@@@@ (NONE, int) OWNER TO svc_a_ddl;
