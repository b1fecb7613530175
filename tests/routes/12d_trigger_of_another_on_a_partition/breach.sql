\connect shop svc_b_migrate
CREATE FUNCTION svc_b.bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NEW; END $$;
\connect shop
CREATE TABLE parts.work PARTITION OF svc_a.work FOR VALUES FROM (20) TO (30);
ALTER TABLE parts.work OWNER TO svc_a_ddl;
CREATE TRIGGER bump BEFORE INSERT ON parts.work FOR EACH ROW EXECUTE FUNCTION svc_b.bump();
