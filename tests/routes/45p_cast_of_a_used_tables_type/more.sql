\connect shop svc_b_migrate
CREATE TYPE svc_b.state AS ENUM ('new');
CREATE TABLE svc_b.inbox (id int, state svc_b.state DEFAULT 'new');
INSERT INTO svc_b.inbox VALUES (1);
