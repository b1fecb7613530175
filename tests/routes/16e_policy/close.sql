\connect shop
DROP POLICY seen ON svc_a.work;
ALTER TABLE svc_a.work DISABLE ROW LEVEL SECURITY;
