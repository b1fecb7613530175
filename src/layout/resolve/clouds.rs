//! Roles that are nobody's to change: superusers, PostgreSQL's own, and those of the clouds.

use std::collections::BTreeSet;

use crate::model::{Name, State};

/// How the names of a cloud's own roles begin, which its customers can't make: RDS and Aurora, Cloud SQL, Azure, AlloyDB, Supabase.
const CLOUDS: [&str; 5] = ["rds", "cloudsql", "azure", "alloydb", "supabase_"];

/// The clouds' own roles on this server. A cloud is known by a superuser of its own (rdsadmin, cloudsqladmin, azuresu,
/// alloydbadmin, supabase_admin): where there is none, anybody with CREATEROLE can make a role of such a name.
#[must_use]
pub fn cloud_roles(state: &State) -> BTreeSet<Name> {
    let begins = |cloud: &&str, name: &Name| name.as_str().starts_with(*cloud);
    let here = |cloud: &&str| state.roles.iter().any(|(name, role)| role.superuser && begins(cloud, name));
    let here: Vec<&str> = CLOUDS.into_iter().filter(here).collect();
    state.roles.keys().filter(|name| here.iter().any(|cloud| begins(cloud, name))).cloned().collect()
}

/// The roles that are trusted without being named. No other role's name than PostgreSQL's own can begin with `pg_`
/// (`IsReservedName` in src/backend/catalog/catalog.c).
pub(super) fn known(state: &State) -> BTreeSet<Name> {
    let known = state.roles.iter().filter(|(name, role)| role.superuser || name.as_str().starts_with("pg_"));
    known.map(|(name, _)| name.clone()).chain(cloud_roles(state)).collect()
}
