\connect shop
DROP SCHEMA metabase CASCADE;
