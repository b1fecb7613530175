\connect shop
ALTER LANGUAGE plpgsql OWNER TO svc_b_ddl;
