ALTER ROLE svc_a_app PASSWORD 'another';
