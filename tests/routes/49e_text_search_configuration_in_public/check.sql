\connect shop svc_a_app
SELECT to_tsvector('secrets')::text;
