//! What will be created tomorrow is closed, too; and no setting makes a session run as another, or look into another's schema.

use super::finding::{Certainty, Draft, Severity, Target};
use super::foreign::{Given, given};
use super::ground::Ground;
use super::search_path::leads_beyond;
use crate::access::Hop;
use crate::model::{Acl, DefaultKey, Grantee, Name, Privileges, SearchPath, SettingKey};

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

/// Does it steer? Which text search configuration is a service's own matter, unless it is another's.
fn steers(parameter: &str, beyond: bool) -> bool {
    STEERING.contains(&parameter) || is_hook(parameter) || beyond
}

/// Does it make a session look for names, of functions or of a text search configuration, where others make them?
fn looks_beyond(ground: &Ground<'_>, key: &SettingKey, value: &str) -> bool {
    let path = match key.parameter.to_ascii_lowercase().as_str() {
        "search_path" => Some(SearchPath::of_setting(value)),
        "default_text_search_config" => SearchPath::of_qualified(value),
        _ => None,
    };
    path.is_some_and(|path| leads_beyond(ground, key, &path))
}

/// Code that a procedural language runs when it starts, in whoever's session that is: `pltcl.start_proc`, `plperl.on_init`; and what keeps
/// triggers and foreign keys from working.
fn is_hook(parameter: &str) -> bool {
    let parameter = parameter.to_ascii_lowercase();
    let starts = parameter.ends_with(".start_proc") || parameter.contains(".on_") && parameter.ends_with("init");
    starts || parameter == "session_replication_role"
}

fn setting(ground: &Ground<'_>, key: &SettingKey, value: &str) {
    let scope = &ground.desired.scope;
    let beyond = looks_beyond(ground, key, value);
    // whoever is trusted may set for himself what he likes, but for what runs others' code as him
    let lured = beyond && key.role.as_ref().is_some_and(|role| ground.is_honoured(role));
    let ours = key.role.as_ref().is_some_and(|role| scope.roles.contains(role))
        || key.role.is_none() && key.database.as_ref().is_none_or(|name| scope.databases.contains_key(name));
    let canonical = crate::model::canonical_setting(&key.parameter, value);
    let meant = ground.wanted.settings.get(key) == Some(&canonical);
    if !(ours || lured) || meant || !steers(&key.parameter, beyond) {
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
        "search_path" | "default_text_search_config" => beyond,
        "lo_compat_privileges" => !is_off(value),
        parameter if is_hook(parameter) => true,
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
