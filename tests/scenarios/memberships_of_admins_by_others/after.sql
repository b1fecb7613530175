DO $$BEGIN
  IF NOT pg_has_role('dba', 'orders_dml', 'MEMBER WITH ADMIN OPTION')
     OR NOT pg_has_role('deputy', 'orders_dml', 'USAGE')
     OR NOT pg_has_role('deputy', 'orders_ro', 'MEMBER WITH ADMIN OPTION')
     OR NOT pg_has_role('postgres', 'orders_dml', 'USAGE') THEN
    RAISE 'an admin has lost something';
  END IF;
END$$;
