\connect shop svc_b_app
SELECT * FROM svc_a.work WHERE json_value('"a"', '$' RETURNING text) IS NOT NULL;
