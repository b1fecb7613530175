\connect postgres
REVOKE svc_a_ddl FROM stranger GRANTED BY prov;
