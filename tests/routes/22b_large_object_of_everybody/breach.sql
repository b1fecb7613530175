\connect shop svc_a_migrate
SELECT lo_create(4242);
GRANT SELECT, UPDATE ON LARGE OBJECT 4242 TO PUBLIC;
