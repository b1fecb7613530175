//! The exceptions in the file.

use super::draft::{Allow, Draft, Kept, On};
use super::toml;
use super::write::Lines;
use crate::model::{Grantee, Name, Snapshot};

pub(super) fn write(out: &mut Lines, snapshot: &Snapshot, draft: &Draft) {
    for allow in &draft.allows {
        out.add("");
        out.comment(&said(snapshot, draft, allow));
        out.add("[[allow]]");
        // no role can have this name, so here it is PUBLIC
        out.pair("role", &allow.role.role().map_or_else(|| "\"public\"".to_owned(), toml::name));
        match &allow.what {
            Kept::MemberOf(role) => out.pair("member_of", &toml::name(role)),
            Kept::Rights { on, privileges, future } => {
                out.pair("on", &place(on));
                out.pair("privileges", &toml::privileges(*privileges));
                if *future {
                    out.pair("future", "true");
                }
            }
        }
        out.pair("reason", &toml::string(&format!("found on {}", draft.day)));
    }
}

fn place(on: &On) -> String {
    let (database, rest) = match on {
        On::Database(database) => (database, vec![]),
        On::Schema(database, schema) => (database, vec![toml::part(schema)]),
        On::All(database, schema) => (database, vec![toml::part(schema), "*".into()]),
        On::Named(database, schema, name) => (database, vec![toml::part(schema), toml::part(name)]),
    };
    let parts: Vec<String> = std::iter::once(toml::part(database)).chain(rest).collect();
    toml::string(&toml::braces(&parts.join(".")))
}

/// Who has what, and from whom.
fn said(snapshot: &Snapshot, draft: &Draft, allow: &Allow) -> String {
    let who = who(snapshot, draft, &allow.role);
    let what = match &allow.what {
        Kept::MemberOf(role) => return format!("{who} is a member of {}", role.shown()),
        Kept::Rights { on, privileges, future } => {
            let later = if *future { ", and later" } else { "" };
            format!("{} on {}{later}", privileges.keywords(), where_(on))
        }
    };
    let by: Vec<String> = allow.grantors.iter().map(Name::shown).collect();
    let by = if by.is_empty() { String::new() } else { format!(" (some of it granted by {})", by.join(", ")) };
    let too =
        allow.by_group.as_ref().map(|group| format!("; once it is a member of {} it has that anyway", group.shown()));
    format!("{who} has {what}{by}{}", too.unwrap_or_default())
}

fn who(snapshot: &Snapshot, draft: &Draft, role: &Grantee) -> String {
    let Grantee::Role(name) = role else { return "everybody".into() };
    let shown = name.shown();
    if let Some((service, _)) = draft.login(name) {
        return format!("{shown}, a login of {},", service.key);
    }
    let of = |service: &&super::draft::Service| [&service.ddl, &service.dml, &service.ro].contains(&name);
    if let Some(service) = draft.services.iter().find(of) {
        return format!("{shown}, a group of {},", service.key);
    }
    match snapshot.state.roles.get(name) {
        Some(found) if found.login => format!("{shown}, a login of no service,"),
        _ => format!("{shown}, a group of no service,"),
    }
}

fn where_(on: &On) -> String {
    match on {
        On::Database(database) => format!("the database {}", database.shown()),
        On::Schema(database, schema) => format!("the schema {} of {}", schema.shown(), database.shown()),
        On::All(database, schema) => format!("what the schema {} of {} holds", schema.shown(), database.shown()),
        On::Named(database, schema, name) => format!("{}.{} of {}", schema.shown(), name.shown(), database.shown()),
    }
}
