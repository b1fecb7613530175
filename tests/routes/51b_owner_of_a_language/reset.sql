\connect shop
ALTER LANGUAGE gone RENAME TO plpgsql;
