-- Foreign servers: who may use each, where it leads, for whom it has a user mapping (an empty name: PUBLIC), and as whom each goes there, where
-- that may be seen: by the server's owner, and by superusers. The passwords stand in the mappings' options, of which nothing else is
-- read. Any role may ask.
select s.srvname::text                              as name,
       pg_catalog.pg_get_userbyid(s.srvowner)::text as owner,
       coalesce(s.srvacl, pg_catalog.acldefault('S'::pg_catalog."char", s.srvowner))::text[] as acl,
       w.fdwname::text                              as wrapper,
       array(select o.option_name || '=' || o.option_value from pg_catalog.pg_options_to_table(s.srvoptions) as o
             where o.option_name in ('host', 'hostaddr', 'port', 'dbname', 'service') order by 1) as options,
       array(select case when m.umuser = '0'::pg_catalog.oid then '' else m.usename::text end
             from pg_catalog.pg_user_mappings m where m.srvid = s.oid order by m.umid) as mapped,
       array(select case when u.option is not null then u.option
                         -- a mapping that names nobody goes as who uses it
                         when m.umoptions is not null or (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user)
                           then m.usename::text
                         else '' end
             from pg_catalog.pg_user_mappings m
             left join lateral (select o.option_value as option from pg_catalog.pg_options_to_table(m.umoptions) o
                                where o.option_name = 'user') u on true
             where m.srvid = s.oid order by m.umid) as users
from pg_catalog.pg_foreign_server s
join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
order by 1
