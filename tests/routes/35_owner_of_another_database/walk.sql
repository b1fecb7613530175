\connect own stranger
-- here the stranger is pg_database_owner, and an ACL of a database is the same in all of them
GRANT CONNECT ON DATABASE shop TO stranger;

\connect shop stranger
-- who may connect, may make large objects
SELECT lo_from_bytea(0, 'so the disk fills');

\connect own stranger
-- and nobody sees it afterwards
REVOKE CONNECT ON DATABASE shop FROM stranger;
