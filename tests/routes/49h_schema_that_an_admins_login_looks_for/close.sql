\connect shop
ALTER ROLE dba IN DATABASE shop RESET search_path;
DROP SCHEMA tools CASCADE;
