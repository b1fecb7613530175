\connect shop
ALTER PUBLICATION pb SET (publish = 'insert');
