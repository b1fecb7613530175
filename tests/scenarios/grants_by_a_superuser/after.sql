-- what they hold themselves is theirs, should they be superusers no more
ALTER ROLE g NOSUPERUSER;
ALTER ROLE h NOSUPERUSER;
\connect orders
DO $$BEGIN
  IF NOT has_database_privilege('g', 'orders', 'CONNECT WITH GRANT OPTION')
     OR NOT has_schema_privilege('g', 'orders', 'CREATE WITH GRANT OPTION')
     OR NOT has_schema_privilege('g', 'public', 'USAGE WITH GRANT OPTION')
     OR NOT has_table_privilege('g', 'orders.jobs', 'TRUNCATE WITH GRANT OPTION')
     OR NOT has_table_privilege('h', 'orders.jobs', 'TRUNCATE WITH GRANT OPTION')
     OR NOT has_column_privilege('g', 'orders.orders', 'note', 'UPDATE WITH GRANT OPTION')
     OR NOT has_sequence_privilege('g', 'orders.jobs_id_seq', 'USAGE WITH GRANT OPTION')
     OR NOT has_sequence_privilege('g', 'orders.numbers', 'USAGE WITH GRANT OPTION')
     OR NOT has_function_privilege('g', 'orders.f()', 'EXECUTE WITH GRANT OPTION')
     OR NOT has_type_privilege('g', 'orders.mood', 'USAGE WITH GRANT OPTION') THEN
    RAISE 'an admin has lost something';
  END IF;
END$$;
\connect postgres
ALTER ROLE g SUPERUSER;
ALTER ROLE h SUPERUSER;
