\connect shop svc_a_migrate
DO $$ BEGIN IF current_setting('server_version_num')::int >= 160000 THEN
  ALTER TABLE svc_a.forms ADD CONSTRAINT known CHECK (pg_input_is_valid(x, 'svc_b.d'));
END IF; END $$;
