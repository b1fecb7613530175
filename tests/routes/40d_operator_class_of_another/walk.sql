\connect shop svc_b_migrate
DROP OPERATOR CLASS public.ints USING btree CASCADE;
