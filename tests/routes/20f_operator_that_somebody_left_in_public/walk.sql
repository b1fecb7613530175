\connect shop svc_a_app
SELECT note = 'x'::varchar FROM svc_a.t;
