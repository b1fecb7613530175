\connect shop svc_a_migrate
CREATE COLLATION svc_a.kind FROM "C";
CREATE TEXT SEARCH CONFIGURATION svc_a.search (COPY = simple);
CREATE TYPE svc_a.span AS RANGE (subtype = int4);
CREATE STATISTICS svc_a.both ON n, note FROM svc_a.t;
ALTER TABLE svc_a.t ADD title varchar COLLATE svc_a.kind, ADD during svc_a.span;
CREATE INDEX ON svc_a.t USING gin (to_tsvector('svc_a.search', title));
