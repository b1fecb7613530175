\connect orders
DO $$BEGIN
  IF NOT has_database_privilege('dba', 'orders', 'CONNECT')
     OR NOT has_schema_privilege('dba', 'orders', 'USAGE')
     OR NOT has_schema_privilege('deputy', 'orders', 'USAGE')
     OR NOT has_table_privilege('dba', 'orders.jobs', 'SELECT WITH GRANT OPTION')
     OR NOT has_table_privilege('dba', 'orders.jobs', 'INSERT WITH GRANT OPTION')
     OR NOT has_table_privilege('deputy', 'orders.jobs', 'SELECT WITH GRANT OPTION')
     OR NOT has_column_privilege('dba', 'orders.orders', 'note', 'SELECT WITH GRANT OPTION')
     OR NOT has_column_privilege('dba', 'orders.orders', 'note', 'UPDATE')
     OR NOT has_column_privilege('deputy', 'orders.orders', 'note', 'SELECT') THEN
    RAISE 'an admin has lost something';
  END IF;
END$$;
