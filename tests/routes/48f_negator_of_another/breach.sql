\connect shop
CREATE OPERATOR svc_b.!=== (function = svc_b.differs, leftarg = int, rightarg = int, negator = OPERATOR(svc_a.===));
ALTER OPERATOR svc_b.!=== (int, int) OWNER TO svc_b_ddl;
