\connect shop
DELETE FROM svc_a.t WHERE id > 1;
