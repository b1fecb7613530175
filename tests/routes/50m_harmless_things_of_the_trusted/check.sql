\connect shop
SELECT 'as it was';
