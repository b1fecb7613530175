\connect shop svc_a_migrate
CREATE TABLE svc_a.orders (id int PRIMARY KEY);
INSERT INTO svc_a.orders SELECT generate_series(1, 9);
CREATE DOMAIN svc_a.mail AS text CHECK (VALUE ~ '@' AND lower(VALUE) = VALUE);
CREATE TYPE svc_a.state AS ENUM ('new', 'done');
CREATE TABLE svc_a.items (
  id bigserial PRIMARY KEY,
  mail svc_a.mail,
  name public.citext DEFAULT 'x' CHECK (length(name::text) < 100),
  state svc_a.state DEFAULT 'new' CHECK (state >= 'new'),
  at timestamptz DEFAULT clock_timestamp(),
  key uuid DEFAULT gen_random_uuid(),
  token text DEFAULT encode(public.gen_random_bytes(4), 'hex'),
  parent bigint REFERENCES svc_a.items
);
CREATE INDEX ON svc_a.items (lower(mail)) WHERE state <> 'done';
ALTER TABLE svc_a.items ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON svc_a.items USING (mail IS DISTINCT FROM current_setting('app.mail', true));
CREATE FUNCTION svc_a.add(m text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC INSERT INTO svc_a.items (mail) VALUES (m); SELECT lastval(); END;
CREATE FUNCTION svc_a.open() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC SELECT count(*) FROM svc_a.items WHERE state = 'new' AND name = 'x'; END;
CREATE TABLE svc_a.lines (
  id int REFERENCES svc_a.orders ON DELETE CASCADE ON UPDATE CASCADE,
  number int DEFAULT 0 REFERENCES svc_a.orders ON DELETE SET DEFAULT,
  total int,
  at timestamptz
);
CREATE FUNCTION svc_a.touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at = now(); RETURN NEW; END $$;
CREATE TRIGGER made BEFORE INSERT ON svc_a.lines FOR EACH ROW EXECUTE FUNCTION svc_a.touched();
CREATE TRIGGER paid BEFORE UPDATE OF total ON svc_a.lines FOR EACH ROW EXECUTE FUNCTION svc_a.touched();
CREATE TRIGGER same BEFORE UPDATE ON svc_a.lines FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TABLE svc_a.notes (id int REFERENCES svc_a.orders ON DELETE CASCADE ON UPDATE CASCADE, more int REFERENCES svc_a.orders ON DELETE SET NULL, at timestamptz);
CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON svc_a.notes FOR EACH ROW EXECUTE FUNCTION svc_a.touched();
CREATE TABLE svc_a.chosen (x text, kind text, CHECK (domain_in(x::cstring, kind::regtype::oid, -1) IS NOT NULL));
CREATE TABLE svc_a.forms (x text, y varchar(10));
DO $$ BEGIN IF current_setting('server_version_num')::int >= 160000 THEN
  ALTER TABLE svc_a.forms ADD CHECK (pg_input_is_valid(x, 'jsonb') AND pg_input_is_valid(lower(y) || 'x', 'svc_a.mail'));
END IF; END $$;
