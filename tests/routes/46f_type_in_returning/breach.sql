\from 17
\connect shop svc_a_migrate
INSERT INTO svc_a.work VALUES (1);
CREATE DOMAIN svc_a.d AS text CHECK (query_to_xml(CASE WHEN current_user LIKE 'svc_b%' THEN 'select setval(''svc_b.no'', 999)' ELSE 'select 1' END, true, false, '') IS NOT NULL);
ALTER TABLE svc_a.work ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON svc_a.work USING (json_value('"a"', '$' RETURNING svc_a.d) IS NOT NULL);
\end
