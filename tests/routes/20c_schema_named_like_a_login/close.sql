\connect shop
ALTER ROLE svc_a_app IN DATABASE shop SET search_path = svc_a;
