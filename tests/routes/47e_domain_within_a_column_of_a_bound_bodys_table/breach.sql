\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
CREATE DOMAIN svc_a.d AS text CHECK (svc_a.bump(VALUE));
CREATE TYPE svc_a.pair AS (a int, b svc_a.d);
CREATE TABLE svc_a.pairs (p svc_a.pair[]);
CREATE FUNCTION svc_a.f(t text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC INSERT INTO svc_a.pairs VALUES (ARRAY[ROW(1, t)::svc_a.pair]); END;
