\connect shop svc_b_app
SELECT lo_put(4242, octet_length(lo_get(4242)), 'b');
