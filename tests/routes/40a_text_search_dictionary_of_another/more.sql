\connect shop svc_a_migrate
CREATE TEXT SEARCH DICTIONARY svc_a.words (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION svc_a.search (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION svc_a.search ALTER MAPPING FOR asciiword WITH svc_a.words;
