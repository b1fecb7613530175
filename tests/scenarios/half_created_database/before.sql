-- what a run leaves that was cut off between CREATE DATABASE and the REVOKE
CREATE ROLE orders_ddl;
CREATE ROLE orders_app;
CREATE DATABASE orders ALLOW_CONNECTIONS false;
-- and somebody else's closed one
CREATE ROLE alice;
CREATE DATABASE billing OWNER alice ALLOW_CONNECTIONS false;
GRANT CONNECT ON DATABASE billing TO alice;
