\connect orders
DO $$BEGIN
  IF NOT has_table_privilege('dba', 'orders.orders', 'SELECT WITH GRANT OPTION')
     OR NOT has_table_privilege('team', 'orders.jobs', 'SELECT WITH GRANT OPTION') THEN
    RAISE 'an admin has lost something';
  END IF;
END$$;
