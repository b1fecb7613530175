\connect shop
ALTER TABLE svc_a.work ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON svc_a.work USING (svc_b.seen(id) IS NOT NULL);
