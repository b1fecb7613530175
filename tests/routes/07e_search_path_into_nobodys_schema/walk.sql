\connect shop svc_a_app
SELECT length('x'::varchar);
