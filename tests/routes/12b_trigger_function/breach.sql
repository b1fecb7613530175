\connect shop
CREATE TRIGGER trap BEFORE INSERT ON svc_a.work FOR EACH ROW EXECUTE FUNCTION svc_b.trap();
