\connect shop svc_b_migrate
ALTER PUBLICATION pb SET (publish = 'insert, update, delete');
