\connect shop svc_a_migrate
CREATE TABLE svc_a.forms (x text);
\connect shop svc_b_migrate
CREATE FUNCTION svc_b.fine(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN true; END $$;
CREATE DOMAIN svc_b.d AS text CHECK (svc_b.fine(VALUE));
