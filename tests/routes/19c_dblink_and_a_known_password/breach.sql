ALTER ROLE svc_a_app PASSWORD 'of a';
