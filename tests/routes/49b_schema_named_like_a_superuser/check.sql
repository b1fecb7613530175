\connect postgres
SELECT rolcreaterole::text FROM pg_roles WHERE rolname = 'stranger';
