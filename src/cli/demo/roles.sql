-- Years of "just make it work", cluster-wide.
CREATE ROLE alice LOGIN;
CREATE ROLE bob LOGIN;
CREATE ROLE metabase LOGIN;
CREATE ROLE shared_app LOGIN;
CREATE ROLE orders_app LOGIN CREATEDB;
CREATE ROLE orders_dml NOLOGIN;
GRANT orders_dml TO bob;
