\connect orders
DO $$BEGIN
  IF NOT has_column_privilege('dba', 'orders.orders', 'note', 'SELECT WITH GRANT OPTION')
     OR NOT has_column_privilege('dba', 'orders.orders', 'note', 'UPDATE WITH GRANT OPTION')
     OR NOT has_table_privilege('dba', 'orders.jobs', 'SELECT WITH GRANT OPTION')
     OR NOT has_column_privilege('deputy', 'orders.orders', 'note', 'SELECT')
     OR NOT has_column_privilege('deputy', 'orders.jobs', 'done', 'SELECT') THEN
    RAISE 'an admin has lost something';
  END IF;
END$$;
