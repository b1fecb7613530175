\connect shop svc_b_app
INSERT INTO svc_b.loot SELECT prosrc FROM pg_proc WHERE pronamespace = 'svc_a'::regnamespace;
