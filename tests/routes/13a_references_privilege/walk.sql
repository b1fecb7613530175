\connect shop svc_b_migrate
CREATE TABLE svc_b.kid (id int REFERENCES svc_a.t);
INSERT INTO svc_b.kid VALUES (1);

\connect shop svc_a_app
DO $$
BEGIN
  DELETE FROM svc_a.t;
  RAISE 'nothing is in the way';
EXCEPTION WHEN foreign_key_violation THEN
  UPDATE svc_a.t SET n = n + 1;
END $$;
