//! What will be created tomorrow is closed, too; and no setting makes a session run as another, or look into another's schema.

use super::finding::{Certainty, Draft, Severity, Target};
use super::foreign::{Given, given};
use super::ground::Ground;
use crate::access::Hop;
use crate::model::{Acl, DefaultKey, Grantee, Name, Object, Privileges, SettingKey};

pub(super) fn claims(ground: &Ground<'_>) {
    let current = ground.desired.current(ground.snapshot);
    for (name, database) in &current.databases {
        let Some(wanted) = ground.wanted.databases.get(name) else { continue };
        if !ground.snapshot.contents.contains_key(name) {
            continue;
        }
        let keys: std::collections::BTreeSet<&DefaultKey> =
            database.defaults.keys().chain(wanted.defaults.keys()).collect();
        for key in keys {
            ground.checked(1);
            let acl = |of: &crate::model::Database| of.defaults.get(key).cloned().unwrap_or_else(|| key.built_in());
            default(ground, name, key, (&acl(database), &acl(wanted)));
        }
    }
    for (key, value) in &ground.snapshot.state.settings {
        setting(ground, key, value);
    }
    for (name, acl) in &ground.snapshot.parameters {
        let parts: Vec<String> = name.split('.').map(|part| Name::of_server(part).quoted()).collect();
        let what = Given {
            code: "parameter",
            target: Target::other("parameter", None, name),
            claim: format!("only superusers set {name}"),
            on: Some(format!("PARAMETER {}", parts.join("."))),
            owner: &ground.server().bootstrap,
        };
        given(ground, &what, acl, |_| true);
    }
}

/// Default privileges that the layout doesn't want: whatever the role creates next is open to the grantee.
fn default(ground: &Ground<'_>, database: &Name, key: &DefaultKey, (actual, wanted): (&Acl, &Acl)) {
    for (grantee, grantor, granted) in actual.entries() {
        let more = granted.privileges.minus(wanted.held_by(grantee));
        if more.is_empty() || grantee.role() == Some(&key.role) {
            continue;
        }
        let on = key.future.keyword();
        let object = Target::defaults(database, key);
        let in_schema = key.schema.as_ref().map(|s| format!(" IN SCHEMA {}", s.quoted())).unwrap_or_default();
        let (role, from) = (key.role.quoted(), grantee.sql());
        let keywords = more.keywords();
        ground.find(Draft {
            code: "planted-default",
            who: grantee,
            privileges: more,
            claim: format!("later {} in {} are for those declared", object.name, database.shown()),
            object,
            path: vec![Hop::Acl { grantee: grantee.clone(), grantor: grantor.clone(), privileges: more }],
            fix: vec![format!(
                "ALTER DEFAULT PRIVILEGES FOR ROLE {role}{in_schema} REVOKE {keywords} ON {on} FROM {from}"
            )],
            severity: Severity::Error,
            certainty: Certainty::Conditional,
        });
    }
}

/// Whose value decides as whom, or with whose code, a session runs, or whether it is asked for a right on large objects at all.
const STEERING: [&str; 5] =
    ["role", "search_path", "session_preload_libraries", "local_preload_libraries", "lo_compat_privileges"];

fn setting(ground: &Ground<'_>, key: &SettingKey, value: &str) {
    let scope = &ground.desired.scope;
    let ours = key.role.as_ref().is_some_and(|role| scope.roles.contains(role))
        || key.role.is_none() && key.database.as_ref().is_none_or(|name| scope.databases.contains_key(name));
    let canonical = crate::model::canonical_setting(&key.parameter, value);
    let meant = ground.wanted.settings.get(key) == Some(&canonical);
    if !ours || meant || !STEERING.contains(&key.parameter.as_str()) {
        return;
    }
    let parameter = &key.parameter;
    let (target, alter) = match (&key.role, &key.database) {
        (Some(role), None) => (Target::role(role), format!("ALTER ROLE {}", role.quoted())),
        (Some(role), Some(database)) => {
            (Target::role(role), format!("ALTER ROLE {} IN DATABASE {}", role.quoted(), database.quoted()))
        }
        (None, Some(database)) => (Target::database(database), format!("ALTER DATABASE {}", database.quoted())),
        (None, None) => (Target::other("cluster", None, "all databases"), "ALTER ROLE ALL".to_owned()),
    };
    let who = key.role.clone().map_or(Grantee::Public, Grantee::Role);
    // a database's setting is everybody's, a superuser's too; a role may always set its own
    let severe = match parameter.as_str() {
        "role" => key.role.is_none(),
        "search_path" => leads_away(ground, key, value) || leads_astray(ground, key, value),
        "lo_compat_privileges" => !is_off(value),
        _ => false,
    };
    ground.find(Draft {
        code: "planted-setting",
        who: &who,
        privileges: Privileges::NONE,
        claim: format!("{parameter} of {} is as the layout says", target.shown()),
        object: Target { name: format!("{}: {parameter}", target.name), ..target },
        path: Vec::new(),
        fix: vec![format!("{alter} RESET {parameter}")],
        severity: if severe { Severity::Error } else { Severity::Warning },
        certainty: Certainty::Conditional,
    });
}

/// As the server reads a parameter that is on or off: `parse_bool_with_len` in src/backend/utils/adt/bool.c.
fn is_off(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let short_for = |word: &str, least: usize| value.len() >= least && word.starts_with(&value);
    value == "0" || short_for("false", 1) || short_for("no", 1) || short_for("off", 2)
}

/// The schemas of a search_path, as they are named.
fn parts(path: &str) -> Vec<String> {
    let unquoted = |part: &str| part.trim().trim_matches('"').replace("\"\"", "\"");
    path.split(',').map(unquoted).collect()
}

/// Does a search_path lead into a schema that no service declares, and that belongs to somebody of another wall?
fn leads_astray(ground: &Ground<'_>, key: &SettingKey, value: &str) -> bool {
    let home = key.role.as_ref().and_then(|role| ground.wall_of(role));
    let path = parts(value);
    let there = |name: &Name| key.database.as_ref().is_none_or(|database| database == name);
    let databases = ground.snapshot.state.databases.iter().filter(|(name, _)| there(name));
    databases.flat_map(|(name, database)| path.iter().map(move |part| (name, database, part))).any(
        |(name, database, part)| {
            let schema = Object::schema(&Name::of_server(part));
            let declared = ground.wall_around(name, &schema).is_some();
            let Some(held) = database.objects.get(&schema).filter(|_| !declared) else { return false };
            let own = home.is_some() && ground.wall_of(&held.owner) == home;
            !own && !ground.is_trusted(&held.owner)
        },
    )
}

/// Does a search_path make a session call what another wall's ddl role planted? In a database that one service has for itself its own
/// schema may stand there, as long as pg_catalog goes before it, which it does unless it is named later.
/// <https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH>
fn leads_away(ground: &Ground<'_>, key: &SettingKey, value: &str) -> bool {
    let path = parts(value);
    let system = path.iter().position(|schema| schema == "pg_catalog").unwrap_or(0);
    let home = key.role.as_ref().and_then(|role| ground.wall_of(role));
    let schemas = ground.desired.schemas.iter();
    let mut in_reach = schemas.filter(|((name, _), _)| key.database.as_ref().is_none_or(|database| database == name));
    in_reach.any(|((name, schema), wall)| {
        let Some(at) = path.iter().position(|part| part == schema.as_str()) else { return false };
        let mut neighbours = ground.desired.schemas.iter().filter(|((other, _), _)| other == name);
        match &key.role {
            Some(_) => home != Some(wall.as_str()),
            None => at < system || neighbours.any(|(_, other)| other != wall),
        }
    })
}
