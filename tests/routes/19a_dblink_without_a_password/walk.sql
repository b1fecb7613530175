\connect shop svc_b_app
SELECT dblink_exec('host={socket} port={port} dbname=shop user=postgres', 'UPDATE svc_a.t SET n = n + 1');
