\connect shop svc_b_app
SELECT pg_create_logical_replication_slot('ear', 'test_decoding');

\connect shop svc_a_app
-- a slot is read up to what is on the disk
SET synchronous_commit = local;
UPDATE svc_a.t SET note = note;

\connect shop svc_b_app
INSERT INTO svc_b.loot SELECT data FROM pg_logical_slot_get_changes('ear', NULL, NULL);
SELECT pg_drop_replication_slot('ear');
