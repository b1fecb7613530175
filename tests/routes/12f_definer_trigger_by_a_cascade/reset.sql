\connect shop
INSERT INTO svc_b.invoices VALUES (1);
INSERT INTO notes.t VALUES (1);
