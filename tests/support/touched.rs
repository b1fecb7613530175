//! Has anything been written? Every row of the catalogs that pgmoat may touch has an xmin.

use std::collections::BTreeSet;

use super::server::{Server, texts};

const SHARED: &str = "
SELECT 'database ' || datname || ' ' || xmin::text FROM pg_database
UNION ALL SELECT 'role ' || rolname || ' ' || xmin::text FROM pg_authid
UNION ALL SELECT 'membership ' || roleid || ' ' || member || ' ' || grantor || ' ' || xmin::text FROM pg_auth_members
UNION ALL SELECT 'setting ' || setdatabase || ' ' || setrole || ' ' || xmin::text FROM pg_db_role_setting";

const LOCAL: &str = "
SELECT 'relation ' || relname || ' ' || oid || ' ' || xmin::text FROM pg_class WHERE relkind NOT IN ('i', 'I', 't')
UNION ALL SELECT 'schema ' || nspname || ' ' || xmin::text FROM pg_namespace
UNION ALL SELECT 'routine ' || proname || ' ' || oid || ' ' || xmin::text FROM pg_proc
UNION ALL SELECT 'type ' || typname || ' ' || oid || ' ' || xmin::text FROM pg_type
UNION ALL SELECT 'column ' || attrelid || ' ' || attname || ' ' || xmin::text FROM pg_attribute WHERE attacl IS NOT NULL
UNION ALL SELECT 'default ' || oid || ' ' || xmin::text FROM pg_default_acl
UNION ALL SELECT 'extension ' || extname || ' ' || xmin::text FROM pg_extension";

/// The rows of the cluster and of some databases, each with its xmin.
pub(crate) async fn rows(server: &Server, databases: &[&str]) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    for database in databases {
        let client = server.superuser(database).await;
        let local = texts(&client, LOCAL, &[]).await;
        rows.extend(local.into_iter().map(|row| format!("{database}: {row}")));
        rows.extend(texts(&client, SHARED, &[]).await);
    }
    rows
}
