\connect shop svc_a_app
INSERT INTO svc_b.items (mail, name) VALUES ('a@b', 'x');
UPDATE svc_b.items SET mail = 'c@d';
INSERT INTO svc_b.item_open (id, mail) VALUES (77, 'e@f');
INSERT INTO svc_b.item_log (id) VALUES (77);
INSERT INTO svc_b.item_hash VALUES (1);
SELECT * FROM svc_b.item_counts;
SELECT * FROM svc_b.item_copy;
SELECT to_json(i) FROM svc_b.items i;
DELETE FROM svc_b.items;
