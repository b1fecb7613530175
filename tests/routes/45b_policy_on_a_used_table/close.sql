\connect shop svc_b_migrate
DROP POLICY seen ON svc_b.inbox;
CREATE POLICY seen ON svc_b.inbox USING (current_setting('app.tenant', true) IS NULL);
