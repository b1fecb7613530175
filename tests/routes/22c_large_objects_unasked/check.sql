\connect shop
SELECT encode(lo_get(4242), 'escape');
