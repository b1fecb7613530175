\connect shop svc_b_migrate
CREATE USER MAPPING FOR svc_b_ddl SERVER home OPTIONS (user 'svc_a_app', password 'of a');
CREATE FOREIGN TABLE svc_b.far (id int, n int, note varchar) SERVER home OPTIONS (schema_name 'svc_a', table_name 't');
UPDATE svc_b.far SET n = n + 1;
