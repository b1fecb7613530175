CREATE ROLE orders_dml;
CREATE ROLE orders_app LOGIN;
CREATE ROLE orders_ro;
CREATE ROLE billing_dml;
CREATE ROLE staff;
-- each the wrong way round: directly, through a role that is nobody's, and between two services
GRANT orders_app TO orders_dml;
GRANT staff TO orders_ro;
GRANT billing_dml TO staff;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id int);
\connect postgres
CREATE DATABASE billing;
\connect billing
CREATE SCHEMA billing;
CREATE TABLE billing.bills (id int);
