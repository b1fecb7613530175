\connect shop
SELECT concat(to_regclass('shared.oo'), ' ', to_regclass('svc_a.vo'));
