\connect shop svc_b_app
SELECT row_to_json(w) FROM svc_a.work w;
