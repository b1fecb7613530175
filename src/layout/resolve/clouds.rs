//! Roles that are nobody's to change: superusers, PostgreSQL's own, and those of the clouds.

use std::collections::BTreeSet;

use crate::model::{Name, State};

/// How the names of a cloud's own roles begin, which its customers can't make: RDS and Aurora, Cloud SQL, Azure, AlloyDB, Supabase.
const CLOUDS: [&str; 5] = ["rds", "cloudsql", "azure", "alloydb", "supabase_"];

/// The roles that are trusted without being named. A cloud is known by a superuser of its own (rdsadmin, cloudsqladmin, azuresu,
/// alloydbadmin, supabase_admin): where there is none, anybody with CREATEROLE can make a role of such a name.
pub(super) fn known(state: &State) -> BTreeSet<Name> {
    let here: Vec<&str> = CLOUDS
        .into_iter()
        .filter(|cloud| state.roles.iter().any(|(name, role)| role.superuser && name.as_str().starts_with(cloud)))
        .collect();
    let is_known = |name: &Name| {
        // no other role's name can begin so (IsReservedName in src/backend/catalog/catalog.c)
        name.as_str().starts_with("pg_") || here.iter().any(|cloud| name.as_str().starts_with(cloud))
    };
    let known = state.roles.iter().filter(|(name, role)| role.superuser || is_known(name));
    known.map(|(name, _)| name.clone()).collect()
}
