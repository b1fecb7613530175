-- Languages that are marked as trusted, and whose code isn't bound by any right of SQL: internal, C, and the untrusted handlers of the
-- usual procedural ones. Any role may ask.
select l.lanname::text                              as name,
       pg_catalog.pg_get_userbyid(l.lanowner)::text as owner,
       coalesce(l.lanacl, pg_catalog.acldefault('l'::pg_catalog."char", l.lanowner))::text[] as acl
from pg_catalog.pg_language l
left join pg_catalog.pg_proc h on h.oid = l.lanplcallfoid
where l.lanpltrusted
  and (l.lanname in ('internal', 'c')
       or h.prosrc in ('plperlu_call_handler', 'pltclu_call_handler', 'plpython_call_handler', 'plpython2_call_handler',
                       'plpython3_call_handler', 'plr_call_handler', 'plsh_handler'))
order by 1
