\connect shop
CREATE FUNCTION public.touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at = now(); RETURN NEW; END $$;
CREATE FUNCTION public.tenant() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.tenant', true) $$;
\connect shop svc_b_migrate
CREATE TYPE svc_b.state AS ENUM ('new', 'done');
CREATE DOMAIN svc_b.mail AS text CHECK (VALUE ~ '@' AND lower(VALUE) = VALUE);
CREATE TYPE svc_b.place AS (street text, mail svc_b.mail);
CREATE TABLE svc_b.items (
  id bigserial PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY,
  tenant text DEFAULT current_setting('app.tenant', true),
  who text DEFAULT current_user,
  at timestamptz DEFAULT now(),
  made timestamptz DEFAULT clock_timestamp(),
  key uuid DEFAULT gen_random_uuid(),
  old_key uuid DEFAULT public.uuid_generate_v4(),
  token text DEFAULT encode(public.gen_random_bytes(4), 'hex'),
  name public.citext CHECK (length(name::text) < 100),
  more public.hstore DEFAULT public.hstore('a', 'b'),
  path public.ltree DEFAULT 'top.sub',
  state svc_b.state DEFAULT 'new',
  mail svc_b.mail DEFAULT 'a@b',
  places svc_b.place[],
  span daterange DEFAULT daterange(current_date, NULL),
  words tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(mail, ''))) STORED,
  seen tsvector,
  CHECK (id > 0 AND (number, id) IS NOT NULL),
  EXCLUDE USING gist (path WITH =) WHERE (state = 'done')
);
CREATE INDEX ON svc_b.items (lower(mail)) WHERE state <> 'done';
CREATE INDEX ON svc_b.items USING gin (mail public.gin_trgm_ops);
CREATE INDEX ON svc_b.items USING gin (more);
CREATE STATISTICS svc_b.parts ON (lower(mail)), tenant FROM svc_b.items;
ALTER TABLE svc_b.items ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON svc_b.items USING (tenant IS NOT DISTINCT FROM current_setting('app.tenant', true));
CREATE POLICY too ON svc_b.items FOR SELECT TO svc_a_dml USING (tenant = public.tenant() AND public.similarity(mail, 'x') >= 0);
CREATE TRIGGER a BEFORE UPDATE ON svc_b.items FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER b BEFORE INSERT OR UPDATE ON svc_b.items FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(seen, 'pg_catalog.english', mail);
CREATE TRIGGER c BEFORE INSERT ON svc_b.items FOR EACH ROW WHEN (NEW.state = 'new') EXECUTE FUNCTION public.touched();
CREATE TABLE svc_b.item_log (id bigint REFERENCES svc_b.items ON DELETE CASCADE, at timestamptz DEFAULT now(), note text) PARTITION BY RANGE (at);
CREATE TABLE svc_b.item_log_all PARTITION OF svc_b.item_log DEFAULT;
CREATE TABLE svc_b.item_hash (id bigint, note text) PARTITION BY HASH ((id % 10));
CREATE TABLE svc_b.item_hash_0 PARTITION OF svc_b.item_hash FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE VIEW svc_b.item_counts AS
  SELECT i.state, count(*) AS n, max(l.at) AS last, string_agg(i.mail, ',' ORDER BY i.id) AS mails, row_number() OVER (ORDER BY count(*)) AS place
  FROM svc_b.items i LEFT JOIN svc_b.item_log l USING (id)
  WHERE i.mail OPERATOR(public.%) 'a@b' OR i.name = 'x' GROUP BY i.state;
CREATE VIEW svc_b.item_open AS SELECT id, mail FROM svc_b.items WHERE state = 'new' WITH CHECK OPTION;
CREATE FUNCTION svc_b.own(bigint) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN $1::text; END $$;
CREATE MATERIALIZED VIEW svc_b.item_copy AS SELECT id, svc_b.own(id) AS shown FROM svc_b.items;
