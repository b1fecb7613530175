\connect shop svc_b_migrate
DROP TEXT SEARCH DICTIONARY svc_b.words CASCADE;
DROP OPERATOR FAMILY svc_b.ints USING btree CASCADE;
