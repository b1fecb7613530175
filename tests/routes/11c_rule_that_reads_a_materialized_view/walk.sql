\connect shop svc_b_app
WITH answer AS (INSERT INTO svc_a.inbox VALUES ('hello') RETURNING id) INSERT INTO svc_b.loot SELECT id FROM answer;
