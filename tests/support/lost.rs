//! Has anybody lost anything? Everything that somebody has on a server, as the server itself tells it, one line a thing.

use std::collections::BTreeSet;

use super::server::{Server, texts};

const SHARED: &str = "
SELECT format('database %s owner %s', datname, datdba::regrole) FROM pg_database
UNION ALL SELECT format('database %s %s by %s to %s %s', datname, privilege_type, grantor::regrole, grantee::regrole, o)
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))), lateral unnest(array[false, is_grantable]) o
UNION ALL SELECT format('role %s %s', rolname, attribute) FROM pg_roles, lateral (VALUES
    (rolsuper, 'superuser'), (rolinherit, 'inherit'), (rolcreaterole, 'createrole'), (rolcreatedb, 'createdb'),
    (rolcanlogin, 'login'), (rolreplication, 'replication'), (rolbypassrls, 'bypassrls'),
    (rolconnlimit < 0, 'any number'), (true, 'is there')) v (has, attribute) WHERE has
UNION ALL SELECT format('%s member of %s by %s %s', member::regrole, roleid::regrole, grantor::regrole, o)
FROM pg_auth_members, lateral unnest(array[false, admin_option]) o
UNION ALL SELECT format('setting %s %s %s', setdatabase, setrole::regrole, unnest(setconfig)) FROM pg_db_role_setting";

/// From 16 on memberships have options.
const OPTIONS: &str = "
SELECT format('%s in %s by %s inherit', member::regrole, roleid::regrole, grantor::regrole)
FROM pg_auth_members WHERE inherit_option
UNION ALL SELECT format('%s in %s by %s set', member::regrole, roleid::regrole, grantor::regrole)
FROM pg_auth_members WHERE set_option";

const LOCAL: &str = "
WITH thing (kind, what, owner, acl) AS (
    SELECT 'relation', oid::regclass::text, relowner,
           coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END, relowner))
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace::regnamespace::text !~ '^pg_'
    UNION ALL SELECT 'schema', nspname::text, nspowner, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace
    UNION ALL SELECT 'routine', oid::regprocedure::text, proowner, coalesce(proacl, acldefault('f', proowner))
    FROM pg_proc WHERE pronamespace::regnamespace::text <> 'pg_catalog'
    UNION ALL SELECT 'type', oid::regtype::text, typowner, coalesce(typacl, acldefault('T', typowner))
    FROM pg_type WHERE typnamespace::regnamespace::text !~ '^pg_' AND typcategory <> 'A' AND typrelid = 0
    UNION ALL SELECT 'column', attrelid::regclass || '.' || attname, relowner, attacl
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL
    UNION ALL SELECT 'later', format('%s %s %s', defaclrole::regrole, defaclnamespace, defaclobjtype), defaclrole, defaclacl
    FROM pg_default_acl)
SELECT format('%s %s owner %s', kind, what, owner::regrole) FROM thing
UNION ALL SELECT format('%s %s %s by %s to %s %s', kind, what, privilege_type, grantor::regrole, grantee::regrole, o)
FROM thing, aclexplode(acl), lateral unnest(array[false, is_grantable]) o";

/// Everything, of all databases that can be entered.
pub(crate) async fn rights(server: &Server) -> BTreeSet<String> {
    let client = server.superuser(server.conninfo.database()).await;
    let mut rights: BTreeSet<String> = texts(&client, SHARED, &[]).await.into_iter().collect();
    if server.major >= 16 {
        rights.extend(texts(&client, OPTIONS, &[]).await);
    }
    let databases = "SELECT datname::text FROM pg_database WHERE datallowconn AND datname <> 'template1'";
    for database in texts(&client, databases, &[]).await {
        let client = server.superuser(&database).await;
        rights.extend(texts(&client, LOCAL, &[]).await.into_iter().map(|right| format!("{database}: {right}")));
    }
    rights
}

/// Whatever was there is there still.
pub(crate) fn check(before: &BTreeSet<String>, after: &BTreeSet<String>) {
    assert!(before.len() > 20, "only {before:?} was read");
    let lost: Vec<&String> = before.difference(after).collect();
    assert!(lost.is_empty(), "an additive layout took away:\n{lost:#?}");
}
