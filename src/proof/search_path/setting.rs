//! A search_path that somebody set, or a text search configuration, and the layout doesn't know: does it lead beyond the wall?

use super::super::ground::Ground;
use super::lookers::is_system;
use crate::model::{Grantee, Name, Object, Privileges, SearchPath, SettingKey};

/// Returns whether it leads into a schema of another service, or into one that somebody of another wall owns or may create in. A database's
/// path is everybody's, a superuser's too: there a service's own schema may stand where no other service is, as long as pg_catalog goes
/// before it, which it does unless it is named later.
pub(in crate::proof) fn leads_beyond(ground: &Ground<'_>, key: &SettingKey, path: &SearchPath) -> bool {
    let there = |name: &&Name| key.database.as_ref().is_none_or(|database| database == *name);
    let mut databases = ground.desired.scope.databases.keys().chain(ground.unmanaged()).filter(there);
    databases.any(|database| leads_beyond_in(ground, (key, path), database))
}

fn leads_beyond_in(ground: &Ground<'_>, (key, path): (&SettingKey, &SearchPath), database: &Name) -> bool {
    let home = key.role.as_ref().and_then(|role| ground.wall_of(role));
    let system = path.position("pg_catalog").unwrap_or(0);
    // `"$user"` is no schema of this name
    let schemas = path.schemas(&Name::of_server("$user"));
    schemas.iter().filter(|schema| !is_system(schema)).any(|schema| {
        let object = Object::schema(schema);
        match (ground.wall_around(database, &object), &key.role) {
            (Some(wall), Some(_)) => home != Some(wall),
            (Some(wall), None) => {
                let first = path.position(schema.as_str()).is_some_and(|at| at < system);
                let mut here = ground.desired.schemas.iter().filter(|((other, _), _)| other == database);
                first || here.any(|(_, other)| other != wall)
            }
            (None, _) => is_open(ground, (database, &object), home),
        }
    })
}

/// Is a schema that no service declares owned by, or open for CREATE to, somebody of another wall?
fn is_open(ground: &Ground<'_>, (database, schema): (&Name, &Object), home: Option<&str>) -> bool {
    let database = ground.snapshot.state.databases.get(database);
    let Some(held) = database.and_then(|database| database.objects.get(schema)) else { return false };
    let beyond = |role: &Name| {
        let own = home.is_some() && ground.wall_of(role) == home;
        !own && !ground.is_honoured(role)
    };
    let creates = |who: &Grantee| who.role().is_some_and(beyond);
    let mut entries = held.acl.entries();
    beyond(&held.owner) || entries.any(|(who, _, g)| g.privileges.contains(Privileges::CREATE) && creates(who))
}
