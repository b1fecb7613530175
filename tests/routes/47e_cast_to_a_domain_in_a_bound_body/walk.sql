\connect shop svc_a_app
SELECT svc_a.f('x');
