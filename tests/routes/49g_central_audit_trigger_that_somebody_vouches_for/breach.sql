\connect shop
CREATE SCHEMA audit;
CREATE TABLE audit.log (what text);
CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO audit.log VALUES (new::text);
  RETURN new;
END $$;
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO audit.log VALUES (new::text);
  RETURN new;
END $$;
CREATE TRIGGER note AFTER INSERT ON svc_a.work FOR EACH ROW EXECUTE FUNCTION audit.note();
CREATE TRIGGER note_in_public AFTER INSERT ON svc_a.work FOR EACH ROW EXECUTE FUNCTION public.note();
