\connect shop
SELECT concat(last_value, is_called) FROM svc_a.no;
