//! Settings of roles and databases.

use super::build::{Context, Draft};
use super::step::{Action, ObjectRef};
use super::{Hazard, own_setting, sql};
use crate::diff::Change;
use crate::model::{Name, SettingKey, escaped, setting_shown};

/// Why a harmless one goes.
const OWN: &str = "the layout doesn't declare it, and a login may set it for itself";

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    for change in changes {
        let (key, from, to) = match change {
            Change::Set { key, from, to } => (key, from.as_deref(), Some(to.as_str())),
            Change::Reset { key, from } => (key, Some(from.as_str()), None),
            _ => continue,
        };
        // who is at work finds other names from then on
        let looks = key.parameter == "search_path" && key.role.as_ref().is_some_and(|role| is_at_work(context, role));
        let harmless = own_setting::is_harmless(key, context);
        let whose = whose(key);
        let what = match to {
            Some(value) => format!("{whose}: {} = {}", escaped(&key.parameter), setting_shown(&key.parameter, value)),
            None => {
                let from = setting_shown(&key.parameter, from.unwrap_or_default());
                format!("{whose}: {} is no longer {from}", escaped(&key.parameter))
            }
        };
        drafts.push(Draft {
            place: context.place(change),
            action: Action::Alter,
            object: object(key),
            objects: vec![],
            roles: key.role.iter().map(|role| role.as_str().into()).collect(),
            service: key.role.as_ref().and_then(|role| context.service_of_role(role)),
            sql: vec![sql::setting(key, to)],
            undo: vec![sql::setting(key, from)],
            hazards: if (from.is_some() && !harmless) || looks { vec![Hazard::ChangesSettings] } else { vec![] },
            code: vec![],
            what,
            why: if harmless && to.is_none() { OWN.into() } else { why(key, to.is_some()).into() },
        });
    }
}

fn is_at_work(context: &Context<'_>, role: &Name) -> bool {
    context.snapshot.state.roles.get(role).is_some_and(|role| role.login)
}

fn whose(key: &SettingKey) -> String {
    match (&key.role, &key.database) {
        (Some(role), Some(database)) => format!("{} in database {}", role.shown(), database.shown()),
        (Some(role), None) => role.shown(),
        (None, Some(database)) => format!("everybody in database {}", database.shown()),
        (None, None) => "everybody".into(),
    }
}

fn object(key: &SettingKey) -> ObjectRef {
    let name = key.parameter.clone();
    ObjectRef { kind: "setting".into(), database: key.database.clone(), schema: None, name }
}

fn why(key: &SettingKey, set: bool) -> &'static str {
    match (key.parameter.as_str(), set) {
        ("role", true) if key.database.is_none() => "whichever slot connects, its session is the login's",
        ("role", true) => "what a ddl login creates belongs to the ddl role",
        ("search_path", true) if key.database.is_some() => "a name without a schema is the service's own",
        (_, true) => "the layout declares it",
        ("role", false) => "it would make sessions run as another role",
        (_, false) => "the layout doesn't declare it",
    }
}
