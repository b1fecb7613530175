\connect shop svc_b_migrate
CREATE TYPE svc_b.kind AS ENUM ('a');
\connect shop
CREATE TYPE public.pair AS (k svc_b.kind, n int);
ALTER TABLE svc_a.work ADD p public.pair;
INSERT INTO svc_a.work VALUES (1, ROW('a', 2));
