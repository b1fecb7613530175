\connect shop
SELECT last_value::text FROM svc_b.no;
