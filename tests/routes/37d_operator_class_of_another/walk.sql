\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.compare(svc_b.pair, svc_b.pair) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN ($1).a - ($2).a;
END $$;

\connect shop svc_a_app
INSERT INTO svc_a.work (id, p) VALUES (1, ROW(1, 1)), (2, ROW(2, 2)), (3, ROW(3, 3));
