\connect shop
ALTER TABLE svc_a.t DROP CONSTRAINT t_n_fkey;
