\connect shop svc_b_app
DO $$
BEGIN
  EXECUTE (SELECT format('INSERT INTO svc_b.loot SELECT convert_from(chunk_data, ''UTF8'') FROM %s', c.reltoastrelid::regclass)
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'svc_a' AND c.relname = 't');
END $$;
