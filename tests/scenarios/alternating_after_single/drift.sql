\connect orders
SET ROLE orders_ddl;
CREATE TABLE orders.jobs (id int);
