\connect shop svc_a_migrate
ALTER TABLE svc_a.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON svc_a.t TO svc_a_dml USING (true);
