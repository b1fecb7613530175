\connect orders
DO $$BEGIN
  IF has_schema_privilege('dba', 'orders', 'USAGE')
     OR NOT has_table_privilege('dba', 'orders.jobs'::regclass, 'INSERT WITH GRANT OPTION') THEN
    RAISE 'an admin has gained or lost something';
  END IF;
END$$;
