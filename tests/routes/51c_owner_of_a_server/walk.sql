\connect shop svc_b_migrate
ALTER SERVER away OPTIONS (SET host 'mine.example');
