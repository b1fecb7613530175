\connect shop svc_b_migrate
CREATE TYPE svc_b.span AS RANGE (subtype = int4);
\connect shop
ALTER TABLE svc_a.t ADD spans svc_b.span_multirange[];
