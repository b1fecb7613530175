\connect shop svc_b_migrate
CREATE FUNCTION svc_b.file(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all';
