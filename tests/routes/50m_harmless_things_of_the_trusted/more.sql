\connect shop
CREATE SCHEMA util;
GRANT USAGE ON SCHEMA util TO PUBLIC;
CREATE DOMAIN util.mail AS text CHECK (VALUE ~ '@');
CREATE TYPE util.money AS (amount numeric, unit char(3));
CREATE TYPE util.span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE AGGREGATE util.total(int) (sfunc = int4pl, stype = int, initcond = '0');
CREATE FUNCTION util.domain_of(util.mail) RETURNS text LANGUAGE sql IMMUTABLE RETURN split_part($1, '@', 2);
CREATE FUNCTION util.small(int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1 % 10;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA util TO PUBLIC;
\connect shop svc_b_migrate
CREATE DOMAIN svc_b.kind AS text CHECK (VALUE <> '');
CREATE FUNCTION svc_b.short(svc_b.kind) RETURNS text LANGUAGE sql IMMUTABLE RETURN left($1, 3);
CREATE TABLE svc_b.items (id int, mail util.mail, price util.money, span util.span, spans util.span_multirange, kind svc_b.kind,
  asked text DEFAULT current_query(), at text GENERATED ALWAYS AS (util.domain_of(mail)) STORED);
CREATE INDEX ON svc_b.items USING gist (span);
CREATE VIEW svc_b.item_totals AS SELECT kind, util.total(util.small(id)) AS total, max(util.domain_of(mail)) AS last FROM svc_b.items GROUP BY kind;
\connect shop svc_a_migrate
ALTER TABLE svc_a.work ADD mail util.mail, ADD price util.money[], ADD span util.span;
CREATE VIEW svc_a.all_work AS SELECT id, util.domain_of(mail) FROM svc_a.work;
CREATE VIEW svc_a.more_work AS SELECT * FROM svc_a.all_work;
