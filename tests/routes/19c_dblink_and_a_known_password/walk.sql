\connect shop svc_b_app
SELECT dblink_exec('host=127.0.0.1 port={port} dbname=shop user=svc_a_app password=''of a''', 'UPDATE svc_a.t SET n = n + 1');
