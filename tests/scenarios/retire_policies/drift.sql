CREATE ROLE x;
CREATE ROLE y;
GRANT x TO u;
\connect orders
CREATE POLICY "of x" ON orders.jobs AS RESTRICTIVE FOR SELECT TO x USING (id > 1);
\connect common
CREATE TABLE public.t (id int, note text);
GRANT ALL ON public.t TO u;
INSERT INTO public.t VALUES (1), (2);
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY "both" ON public.t TO x, y, u USING (id > 1) WITH CHECK (note IS NOT NULL);
CREATE POLICY own ON public.t FOR UPDATE TO x, y USING (id > 2);
