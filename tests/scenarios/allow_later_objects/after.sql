\connect orders orders_migrate
CREATE TABLE orders.later (id serial);
