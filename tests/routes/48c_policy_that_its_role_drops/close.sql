\connect shop svc_a_migrate
DROP POLICY IF EXISTS bound ON svc_a.t;
-- who it is for is in the condition, which nobody else takes away
CREATE POLICY bound ON svc_a.t AS RESTRICTIVE USING (NOT pg_has_role(current_user, 'svc_b_dml', 'MEMBER') OR note <> 'secret');
