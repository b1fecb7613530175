\connect shop
ALTER TABLE svc_a.t OWNER TO svc_b_ddl;
