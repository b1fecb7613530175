\connect shop
ALTER ROLE svc_b_app SET lo_compat_privileges = on;
