\connect shop svc_b_migrate
ALTER LANGUAGE plpgsql RENAME TO gone;
