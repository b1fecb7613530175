-- Restrictive row security policies that are for certain roles, as far as their table asks for policies: DROP OWNED BY such a role takes it off
-- the policy, and the policy away when it was the last. Bits: 1 select, 4 insert, 8 delete, 16 update. Any role may ask.
select l.polname::pg_catalog.text                                                                             as name,
       array[c.relkind::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ''::pg_catalog.text] as relation,
       case l.polcmd when 'r'::pg_catalog."char" then '1'::pg_catalog.int4 when 'a'::pg_catalog."char" then '4'::pg_catalog.int4
                     when 'w'::pg_catalog."char" then '16'::pg_catalog.int4 when 'd'::pg_catalog."char" then '8'::pg_catalog.int4
                     else '29'::pg_catalog.int4 end                                                           as bits,
       array(select r.rolname::pg_catalog.text from pg_catalog.pg_roles r where r.oid = any (l.polroles) order by 1) as roles
from pg_catalog.pg_policy l
join pg_catalog.pg_class c on c.oid = l.polrelid and c.relrowsecurity
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where not l.polpermissive and not '0'::pg_catalog.oid = any (l.polroles)
order by 2, 1
