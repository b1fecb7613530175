\connect shop svc_a_app
SELECT to_json(i) FROM svc_b.inbox i;
