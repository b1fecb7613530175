\connect shop svc_a_migrate
CREATE POLICY bound ON svc_a.t AS RESTRICTIVE FOR SELECT TO svc_b_app, svc_a_app USING (note <> 'secret');
