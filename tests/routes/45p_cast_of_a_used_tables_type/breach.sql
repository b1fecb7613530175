\connect shop svc_b_migrate
CREATE FUNCTION svc_b.bump(svc_b.state) RETURNS json LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN '1'; END $$;
CREATE CAST (svc_b.state AS json) WITH FUNCTION svc_b.bump(svc_b.state);
