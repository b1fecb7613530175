\connect shop svc_b_app
COPY svc_b.loot FROM '{data}/pg_hba.conf';
