\connect postgres
DROP SCHEMA postgres CASCADE;
ALTER ROLE svc_b_app NOCREATEROLE;
