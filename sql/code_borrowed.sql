-- Functions, domains and types that a relation, or a domain, uses in a constraint, default, generated column, index, policy, rule or as a
-- column's type, though another owns them: they run as whoever uses the relation. Operators stand for their function. Without
-- extensions' own. Any role may ask.
with code as (
  select 'pg_catalog.pg_proc'::pg_catalog.regclass as class, p.oid, p.proowner as owner,
         array[case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
               pg_catalog.oidvectortypes(p.proargtypes)] as object
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.oid >= 16384
  union all
  select 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid, p.proowner,
         array['F', n.nspname::text, p.proname::text, pg_catalog.oidvectortypes(p.proargtypes)]
  from pg_catalog.pg_operator o
  join pg_catalog.pg_proc p on p.oid = o.oprcode join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where o.oid >= 16384
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typowner,
         array[case t.typtype when 'd' then 'D' else 'T' end, n.nspname::text, t.typname::text, '']
  from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  where t.oid >= 16384 and t.typrelid = 0 and t.typtype in ('d', 'b', 'r', 'e')
), used as (
  select d.classid, d.objid, d.objsubid, c.owner, c.object
  from pg_catalog.pg_depend d
  join code c on c.class = d.refclassid and c.oid = d.refobjid
  where d.deptype in ('n', 'a')
    and not exists (select from pg_catalog.pg_depend e
                    where e.classid = d.refclassid and e.objid = d.refobjid and e.deptype = 'e')
), part (relation, domain, part, owner, object) as (
  select k.conrelid, k.contypid, 'constraint', u.owner, u.object
  from used u join pg_catalog.pg_constraint k
    on u.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and k.oid = u.objid
  union all
  select a.adrelid, 0, 'default', u.owner, u.object
  from used u join pg_catalog.pg_attrdef a on u.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and a.oid = u.objid
  union all
  select l.polrelid, 0, 'policy', u.owner, u.object
  from used u join pg_catalog.pg_policy l on u.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and l.oid = u.objid
  union all
  select r.ev_class, 0, 'rule', u.owner, u.object
  from used u join pg_catalog.pg_rewrite r on u.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and r.oid = u.objid
  union all
  select coalesce(i.indrelid, u.objid), 0, case when i.indrelid is null then 'column' else 'index' end, u.owner, u.object
  from used u left join pg_catalog.pg_index i on i.indexrelid = u.objid
  where u.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
select case when c.oid is null then array['D', dn.nspname::text, t.typname::text, '']
            else array[c.relkind::text, cn.nspname::text, c.relname::text, ''] end as "user",
       p.part                                       as part,
       p.object                                     as code,
       pg_catalog.pg_get_userbyid(p.owner)::text    as owner
from part p
left join pg_catalog.pg_class c on c.oid = p.relation and p.relation <> 0
left join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
left join pg_catalog.pg_type t on t.oid = p.domain and p.domain <> 0
left join pg_catalog.pg_namespace dn on dn.oid = t.typnamespace
where p.owner <> coalesce(c.relowner, t.typowner) and coalesce(c.relkind, 'r') in ('r', 'p', 'v', 'm', 'f')
group by 1, 2, 3, 4
order by 1, 2, 3
