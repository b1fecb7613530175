\connect orders orders_migrate
CREATE TABLE orders.tomorrow (id int);
