\connect shop svc_a_app
SELECT length(note) FROM svc_a.t;
