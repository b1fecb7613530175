//! What the catalog says that roles hold themselves.

use std::collections::BTreeSet;

use super::readme_support::Server;

/// Every entry of every ACL in the database, and of the database: thing, owner, grantee, grantor, privilege, grantable.
const ENTRIES: &str = "
with thing (name, owner, acl) as (
  select 'database ' || datname, datdba, coalesce(datacl, acldefault('d', datdba))
  from pg_database where datname = current_database()
  union all select 'schema ' || nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner))
  from pg_namespace where nspname in ('orders', 'public')
  union all select 'relation ' || relname, relowner,
    coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::\"char\", relowner))
  from pg_class where relnamespace = 'orders'::regnamespace and relkind in ('r', 'v', 'S')
  union all select 'column ' || relname || '.' || attname, relowner, attacl
  from pg_class join pg_attribute on attrelid = pg_class.oid
  where relnamespace = 'orders'::regnamespace and attacl is not null
  union all select 'routine ' || proname, proowner, coalesce(proacl, acldefault('f', proowner))
  from pg_proc where pronamespace = 'orders'::regnamespace
  union all select 'type ' || typname, typowner, coalesce(typacl, acldefault('T', typowner))
  from pg_type where typnamespace = 'orders'::regnamespace and typtype = 'e'
),
entry as (
  select name, o.rolname as owner, coalesce(e.rolname, 'PUBLIC') as grantee, g.rolname as grantor,
         privilege_type as privilege, is_grantable
  from thing, aclexplode(acl) a
  join pg_roles g on g.oid = a.grantor left join pg_roles e on e.oid = a.grantee, pg_roles o
  where o.oid = owner
)";

const TRUSTED: &str = "('dba', 'deputy', 'boss', 'team', 'postgres')";

/// What the trusted hold on what isn't theirs, from whomever, and what they are members of.
pub(crate) async fn by_the_trusted(server: &Server) -> BTreeSet<String> {
    let options = if server.major >= 16 { "bool_or(inherit_option), bool_or(set_option)" } else { "true, true" };
    let rights = format!(
        "{ENTRIES} select name || ': ' || privilege || ' of ' || grantee || case when bool_or(is_grantable) then '*' else '' end
         from entry where grantee in {TRUSTED} and grantee <> owner group by name, privilege, grantee"
    );
    let memberships = format!(
        "select format('%s in %s: %s', m.rolname, r.rolname, row(bool_or(admin_option) and m.rolname <> 'postgres', {options}))
         from pg_auth_members join pg_roles m on m.oid = member join pg_roles r on r.oid = roleid
         where m.rolname in {TRUSTED} group by m.rolname, r.rolname"
    );
    let mut held = texts(server, &rights).await;
    held.extend(texts(server, &memberships).await);
    held
}

/// What anybody else holds from anybody but the owner, or may grant on.
pub(crate) async fn by_others(server: &Server) -> BTreeSet<String> {
    let entries = format!(
        "{ENTRIES} select name || ': ' || privilege || ' of ' || grantee || ', by ' || grantor
         from entry where grantee not in {TRUSTED} and grantee <> owner and (grantor <> owner or is_grantable)"
    );
    texts(server, &entries).await
}

async fn texts(server: &Server, sql: &str) -> BTreeSet<String> {
    let client = server.superuser("orders").await;
    let rows = client.query(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}
