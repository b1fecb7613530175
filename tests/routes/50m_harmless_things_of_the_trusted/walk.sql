\connect shop svc_a_app
SELECT * FROM svc_b.item_totals;
