\connect shop
ALTER TABLE svc_b.kid ADD CONSTRAINT to_t FOREIGN KEY (id) REFERENCES svc_a.t;
