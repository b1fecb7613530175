-- Which server is this, and who are we there? One row. Any role may ask.
select pg_catalog.current_setting('server_version_num')::int4            as version_num,
       (select c.system_identifier::text from pg_catalog.pg_control_system() c) as system_identifier,
       current_user::text                                                as "user",
       (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user) as superuser,
       (select r.rolname::text from pg_catalog.pg_roles r where r.oid = '10'::pg_catalog.oid)     as bootstrap,
       array(select s.name from pg_catalog.pg_settings s where s.context like 'superuser%' order by s.name)
                                                                         as superuser_parameters,
       array(select distinct c.option_name::pg_catalog.text
             from pg_catalog.pg_db_role_setting as d
             cross join lateral pg_catalog.pg_options_to_table(d.setconfig) as c
             join pg_catalog.pg_settings as s on pg_catalog.lower(s.name) = pg_catalog.lower(c.option_name)
             where s.context = 'user'
             order by 1)                                                 as user_parameters,
       pg_catalog.pg_is_in_recovery()                                    as in_recovery
