\connect shop svc_b_migrate
DELETE FROM svc_b.loot;
