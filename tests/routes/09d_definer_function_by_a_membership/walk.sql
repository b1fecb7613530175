\connect shop stranger
SELECT svc_a.bump();
