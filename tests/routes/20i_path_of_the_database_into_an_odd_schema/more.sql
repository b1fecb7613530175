\connect shop
CREATE SCHEMA "My, ""Own"" Schema" AUTHORIZATION svc_b_ddl;
GRANT USAGE ON SCHEMA "My, ""Own"" Schema" TO PUBLIC;
