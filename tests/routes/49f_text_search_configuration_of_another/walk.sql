\connect shop svc_b_migrate
ALTER TEXT SEARCH CONFIGURATION svc_b.cfg DROP MAPPING IF EXISTS FOR asciiword;
