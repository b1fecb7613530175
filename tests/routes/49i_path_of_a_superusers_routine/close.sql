\connect shop
ALTER FUNCTION tools.tell(varchar) SET search_path = tools, pg_temp;
