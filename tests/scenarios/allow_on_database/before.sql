-- old and new live side by side: everybody may connect for a while, and one role may make temporary tables
CREATE ROLE old_app LOGIN;
CREATE ROLE batch LOGIN;
CREATE ROLE sorter LOGIN;
CREATE ROLE owner_of_db LOGIN;
CREATE DATABASE orders OWNER owner_of_db;
CREATE DATABASE billing;
GRANT CONNECT, TEMPORARY, CREATE ON DATABASE billing TO batch, old_app, sorter;
REVOKE ALL ON DATABASE billing FROM PUBLIC;
