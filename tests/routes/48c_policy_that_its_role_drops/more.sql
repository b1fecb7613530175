\connect shop svc_a_migrate
ALTER TABLE svc_a.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON svc_a.t USING (true);
