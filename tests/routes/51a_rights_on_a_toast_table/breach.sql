\connect shop
ALTER TABLE svc_a.t ALTER note SET STORAGE EXTERNAL;
INSERT INTO svc_a.t VALUES (2, 0, 'secret' || repeat('-', 10000));
GRANT USAGE ON SCHEMA pg_toast TO svc_b_dml;
DO $$
BEGIN
  EXECUTE (SELECT format('GRANT SELECT ON %s TO svc_b_dml', c.reltoastrelid::regclass)
           FROM pg_class c WHERE c.oid = 'svc_a.t'::regclass);
END $$;
