\connect shop svc_b_migrate
CREATE TEXT SEARCH DICTIONARY svc_b.words (TEMPLATE = simple);
\connect shop
CREATE TEXT SEARCH CONFIGURATION svc_a.search (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION svc_a.search ALTER MAPPING FOR asciiword WITH svc_b.words;
ALTER TEXT SEARCH CONFIGURATION svc_a.search OWNER TO svc_a_ddl;
ALTER TABLE svc_a.t ADD words tsvector GENERATED ALWAYS AS (to_tsvector('svc_a.search'::regconfig, note)) STORED;
CREATE OPERATOR FAMILY svc_b.ints USING btree;
CREATE OPERATOR CLASS svc_b.ints FOR TYPE int4 USING btree FAMILY svc_b.ints AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4);
ALTER OPERATOR FAMILY svc_b.ints USING btree OWNER TO svc_b_ddl;
ALTER OPERATOR CLASS svc_b.ints USING btree OWNER TO svc_b_ddl;
CREATE TABLE svc_a.parted (n int) PARTITION BY RANGE (n svc_b.ints);
ALTER TABLE svc_a.parted OWNER TO svc_a_ddl;
