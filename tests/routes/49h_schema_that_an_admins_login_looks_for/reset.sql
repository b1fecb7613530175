\connect postgres
REVOKE svc_a_ddl FROM svc_b_app GRANTED BY prov;
