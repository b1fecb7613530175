CREATE ROLE x;
CREATE ROLE "X 2";
\connect common
CREATE TABLE public.t (id int, note text);
ALTER TABLE public.t OWNER TO owner;
-- what x granted on, and those granted on in turn
GRANT SELECT, INSERT, UPDATE ON public.t TO x WITH GRANT OPTION;
GRANT UPDATE ON public.t TO "X 2";
SET ROLE x;
GRANT SELECT ON public.t TO u WITH GRANT OPTION;
GRANT INSERT ON public.t TO PUBLIC;
GRANT UPDATE ON public.t TO "X 2" WITH GRANT OPTION;
GRANT UPDATE (note) ON public.t TO u;
RESET ROLE;
SET ROLE u;
GRANT SELECT ON public.t TO v;
RESET ROLE;
SET ROLE "X 2";
GRANT UPDATE ON public.t TO w;
RESET ROLE;
-- what others than the owner granted to x
GRANT DELETE, TRUNCATE ON public.t TO g WITH GRANT OPTION;
GRANT REFERENCES ON public.t TO boss WITH GRANT OPTION;
SET ROLE g;
GRANT DELETE ON public.t TO x, w;
RESET ROLE;
SET ROLE boss;
GRANT REFERENCES ON public.t TO x, v;
RESET ROLE;
ALTER ROLE boss SUPERUSER;
-- whoever inherits from the owner counts as the owner, too
CREATE TABLE public.t2 (id int);
ALTER TABLE public.t2 OWNER TO owner;
GRANT SELECT ON public.t2 TO g WITH GRANT OPTION;
SET ROLE g;
GRANT SELECT ON public.t2 TO x WITH GRANT OPTION;
RESET ROLE;
SET ROLE x;
GRANT SELECT ON public.t2 TO u;
RESET ROLE;
GRANT owner TO g;
-- rights that x had granted, and the owner too
CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'select 1';
GRANT EXECUTE ON FUNCTION public.f() TO x WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION public.f() TO u;
SET ROLE x;
GRANT EXECUTE ON FUNCTION public.f() TO u;
RESET ROLE;
GRANT CREATE ON DATABASE common TO x WITH GRANT OPTION;
SET ROLE x;
GRANT CREATE ON DATABASE common TO u;
RESET ROLE;
\connect orders
-- in what the layout compares: an admin keeps what he has
GRANT USAGE ON SCHEMA orders TO x;
GRANT SELECT, INSERT ON orders.jobs TO x WITH GRANT OPTION;
SET ROLE x;
GRANT SELECT ON orders.jobs TO dba, u;
GRANT INSERT (note) ON orders.jobs TO dba, u;
