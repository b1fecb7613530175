\connect shop
CREATE COLLATION public.kind FROM "C";
ALTER TABLE svc_a.t ADD title varchar COLLATE public.kind;
