\connect shop
ALTER SCHEMA tools OWNER TO postgres;
