-- Functions (window functions too), procedures and aggregates. Any role may ask.
-- Arguments: GRANT ... ON FUNCTION doesn't take an aggregate's ORDER BY, so an aggregate has its bare types; a procedure has
-- its modes, because without them its OUT arguments make the name ambiguous (LookupFuncWithArgs).
select p.oid                                                             as oid,
       n.nspname::text                                                   as schema,
       p.proname::text                                                   as name,
       case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end::"char" as letter,
       case p.prokind when 'p' then pg_catalog.pg_get_function_identity_arguments(p.oid)
                      else pg_catalog.oidvectortypes(p.proargtypes) end   as args,
       pg_catalog.pg_get_userbyid(p.proowner)::text                      as owner,
       coalesce(p.proacl, pg_catalog.acldefault('f'::pg_catalog."char", p.proowner))::text[] as acl
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^pg_'::pg_catalog.text and n.nspname <> 'information_schema'
order by 2, 3, 5
