\connect shop
ALTER SCHEMA shared OWNER TO postgres;
