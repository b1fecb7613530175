\connect shop
CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far.example', dbname 'shop');
CREATE USER MAPPING FOR svc_a_app SERVER away OPTIONS (user 'remote', password 'known');
ALTER SERVER away OWNER TO svc_b_ddl;
