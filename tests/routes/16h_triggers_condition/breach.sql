\connect shop
CREATE TRIGGER seen BEFORE INSERT ON svc_a.work FOR EACH ROW WHEN (svc_b.seen(new.id) > 0) EXECUTE FUNCTION svc_a.nothing();
