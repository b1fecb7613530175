\connect shop svc_a_migrate
CREATE POLICY bound ON svc_a.t AS RESTRICTIVE TO svc_b_dml USING (note <> 'secret');
