\connect shop svc_b_app
COPY (SELECT 'was here') TO PROGRAM 'cat >> "{data}/walked"';
