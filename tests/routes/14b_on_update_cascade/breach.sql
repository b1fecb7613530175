\connect shop
ALTER TABLE svc_a.kid ADD CONSTRAINT to_parent FOREIGN KEY (id) REFERENCES svc_b.parent ON UPDATE CASCADE;
