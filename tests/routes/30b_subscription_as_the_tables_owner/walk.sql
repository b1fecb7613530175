\connect feed svc_b_app
INSERT INTO svc_a.t (id, n) VALUES ((random() * 1e9)::int, 0);

\connect shop
-- the worker's turn
DO $$
BEGIN
  FOR i IN 1..15 LOOP
    EXIT WHEN (SELECT count(*) > 1 FROM svc_a.t);
    PERFORM pg_sleep(0.1);
  END LOOP;
END $$;
