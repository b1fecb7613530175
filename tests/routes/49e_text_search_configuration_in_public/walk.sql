\connect shop svc_b_migrate
ALTER TEXT SEARCH CONFIGURATION public.cfg DROP MAPPING IF EXISTS FOR asciiword;
