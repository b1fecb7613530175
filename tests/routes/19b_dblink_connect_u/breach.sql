\connect shop
GRANT EXECUTE ON FUNCTION dblink_connect_u(text, text) TO svc_b_dml;
