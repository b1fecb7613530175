CREATE ROLE x LOGIN;
GRANT CREATE ON DATABASE tools TO x;
\from 15
GRANT SET ON PARAMETER work_mem TO x;
GRANT ALTER SYSTEM ON PARAMETER myapp.tenant TO x;
\end
\connect common
CREATE EXTENSION postgres_fdw;
CREATE SERVER "Odd s" FOREIGN DATA WRAPPER postgres_fdw;
GRANT USAGE ON FOREIGN SERVER "Odd s" TO x;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO x;
CREATE USER MAPPING FOR x SERVER "Odd s" OPTIONS (user 'a', password 'b');
CREATE SERVER mine FOREIGN DATA WRAPPER postgres_fdw;
ALTER SERVER mine OWNER TO x;
CREATE FOREIGN TABLE public.far (id int) SERVER "Odd s";
ALTER FOREIGN TABLE public.far OWNER TO x;
\connect tools
GRANT ALL ON SCHEMA public TO x;
ALTER ROLE x SUPERUSER;
SET ROLE x;
-- its script grants, and from 17 on the server remembers who owned it then
CREATE EXTENSION pg_stat_statements SCHEMA public;
RESET ROLE;
ALTER ROLE x NOSUPERUSER;
\connect tools x
CREATE EXTENSION hstore SCHEMA public;
