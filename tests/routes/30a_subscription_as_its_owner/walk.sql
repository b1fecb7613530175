\connect feed svc_b_app
INSERT INTO svc_a.t (id, n) VALUES ((random() * 1e9)::int, 0);

\connect shop
-- until the worker has written, or failed
\from 16
DO $$
BEGIN
  FOR i IN 1..200 LOOP
    EXIT WHEN (SELECT count(*) > 1 FROM svc_a.t) OR (SELECT apply_error_count > 0 FROM pg_stat_subscription_stats);
    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.1);
  END LOOP;
END $$;
\end
