\connect shop
CREATE ROLE stranger LOGIN;
CREATE FUNCTION public.log_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN NEW;
END $$;
CREATE TABLE public.work_log (id int);
CREATE TRIGGER log_it BEFORE INSERT ON public.work_log FOR EACH ROW EXECUTE FUNCTION public.log_it();
ALTER TABLE public.work_log OWNER TO stranger;
GRANT INSERT ON public.work_log TO PUBLIC;
