\connect shop svc_b_migrate
CREATE TYPE svc_b.kind AS ENUM ('a');
\connect shop
ALTER TABLE svc_a.t ADD k svc_b.kind;
