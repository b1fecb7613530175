\connect shop
ALTER TEXT SEARCH DICTIONARY svc_a.words OWNER TO svc_b_dml;
ALTER TEXT SEARCH CONFIGURATION svc_a.search OWNER TO svc_b_dml;
