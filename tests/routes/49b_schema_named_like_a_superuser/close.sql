\connect postgres
DROP SCHEMA postgres CASCADE;
