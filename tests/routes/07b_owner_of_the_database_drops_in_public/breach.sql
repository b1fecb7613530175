ALTER DATABASE shop OWNER TO svc_b_ddl;
