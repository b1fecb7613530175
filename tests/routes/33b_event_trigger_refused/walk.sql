\connect shop svc_b_migrate
CREATE EVENT TRIGGER trap ON ddl_command_end EXECUTE FUNCTION svc_b.trap();
