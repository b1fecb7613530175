//! The last stage: sessions end, databases and roles are dropped.

use std::collections::BTreeMap;

use super::build::{Context, Draft};
use super::place::Place;
use super::retire::drop_word;
use super::step::{Action, ObjectRef};
use super::{Hazard, retire_back, retire_sql};
use crate::diff::{Connected, Retirement};
use crate::model::{Name, Role};

pub(super) fn step(context: &Context<'_>, place: Place, retirement: &Retirement) -> Option<Draft> {
    match retirement {
        Retirement::CloseDatabase { database, service } => Some(close(place, database, service)),
        Retirement::EndSessions { of, sessions } => Some(end_sessions(context, place, of, *sessions)),
        Retirement::DropDatabase { database, service } => Some(drop_database(place, database, service)),
        Retirement::DropRoles { roles } => Some(drop_roles(context, place, roles)),
        _ => None,
    }
}

fn close(place: Place, database: &Name, service: &str) -> Draft {
    Draft {
        service: Some(service.into()),
        sql: vec![format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", database.quoted())],
        undo: vec![retire_back::database(database)],
        hazards: vec![Hazard::RevokesAccess],
        what: format!("database {} closes", database.shown()),
        why: "nobody may come between the last look and its end".into(),
        ..Draft::empty(place, Action::Alter, ObjectRef::database(database))
    }
}

fn end_sessions(context: &Context<'_>, place: Place, of: &Connected, sessions: i64) -> Draft {
    let counted = if sessions == 1 { "1 session".into() } else { format!("{sessions} sessions") };
    let (column, name, object, service) = match of {
        Connected::Role(role) => ("usename", role, ObjectRef::shared("role", role), context.service_of_role(role)),
        Connected::Database(database) => {
            let service = context.desired.retire.databases.get(database).cloned();
            ("datname", database, ObjectRef::database(database), service)
        }
    };
    let whose = if column == "usename" { "of" } else { "in database" };
    Draft {
        service,
        sql: vec![retire_sql::terminate(column, name)],
        hazards: vec![Hazard::CutsSessions],
        what: format!("the sessions {whose} {}", name.shown()),
        why: format!("{counted} when the plan was made; an open transaction is rolled back"),
        ..Draft::empty(place, Action::Drop, object)
    }
}

fn drop_database(place: Place, database: &Name, service: &str) -> Draft {
    Draft {
        service: Some(service.into()),
        sql: vec![format!("DROP DATABASE {}", database.quoted())],
        undo: vec![retire_back::database(database)],
        hazards: vec![Hazard::DropsDatabase],
        what: format!("database {}, with all that it holds", database.shown()),
        why: format!("the layout retires {service} with drop_database = true; only a backup brings it back"),
        ..Draft::empty(place, Action::Drop, ObjectRef::database(database))
    }
}

/// In one statement: from 16 on roles may be each other's grantors, and none could go first.
fn drop_roles(context: &Context<'_>, place: Place, roles: &BTreeMap<Name, Role>) -> Draft {
    let names = |shown: fn(&Name) -> String| roles.keys().map(shown).collect::<Vec<_>>().join(", ");
    let services: std::collections::BTreeSet<Option<String>> =
        roles.keys().map(|role| context.service_of_role(role)).collect();
    let settings = context.snapshot.state.settings.iter();
    let settings = settings.filter(|(key, _)| key.role.as_ref().is_some_and(|role| roles.contains_key(role)));
    let with = match settings.count() {
        0 => String::new(),
        1 => "; with its 1 setting".into(),
        n => format!("; with {n} settings"),
    };
    let first = roles.keys().next().cloned().unwrap_or_else(|| Name::of_server(""));
    Draft {
        objects: if roles.len() > 1 { roles.keys().map(|role| role.as_str().into()).collect() } else { vec![] },
        roles: roles.keys().map(|role| role.as_str().into()).collect(),
        service: services.first().filter(|_| services.len() == 1).cloned().flatten(),
        sql: vec![format!("DROP ROLE {}", names(Name::quoted))],
        undo: retire_back::roles(context, roles),
        what: format!("role{} {}", drop_word(roles.len()), names(Name::shown)),
        why: format!("nothing hangs on {} any more{with}", if roles.len() == 1 { "it" } else { "them" }),
        ..Draft::empty(place, Action::Drop, ObjectRef::shared("role", &first))
    }
}
