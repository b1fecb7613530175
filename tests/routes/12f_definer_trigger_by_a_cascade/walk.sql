\connect shop svc_b_app
DELETE FROM svc_b.invoices;
