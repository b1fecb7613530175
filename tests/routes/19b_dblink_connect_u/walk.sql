\connect shop svc_b_app
SELECT dblink_connect_u('home', 'host={socket} port={port} dbname=shop user=postgres');
SELECT dblink_exec('home', 'UPDATE svc_a.t SET n = n + 1');
