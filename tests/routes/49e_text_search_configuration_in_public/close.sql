\connect shop
ALTER TEXT SEARCH CONFIGURATION public.cfg OWNER TO postgres;
