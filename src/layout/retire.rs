//! `[retire]`: roles and services that leave.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::names::{self, Kind, Named, Origin, is_stand_in};
use super::naming::{Naming, Template, Words, filled_name};
use super::read::{Placed, Sink, Table, Value};
use super::{At, Glob, Problem, cluster, service};
use crate::model::Name;

/// `[retire]`
#[derive(Debug, Clone, Default)]
pub struct Retire {
    pub roles: Vec<RetiredRole>,
    pub services: Vec<RetiredService>,
}

/// `{ name = "common_rw", reassign_to = "orders_ddl" }`
#[derive(Debug, Clone)]
pub struct RetiredRole {
    pub name: Name,
    /// Who gets what it owns.
    pub reassign_to: (Name, At),
    pub at: At,
}

/// `"legacy"`, or in full `{ name = "legacy", … }`
#[derive(Debug, Clone)]
pub struct RetiredService {
    pub key: String,
    /// ddl, dml, ro.
    pub groups: [Name; 3],
    /// None: whoever is a member of these and named as `[naming]` names its logins.
    pub logins: Option<Vec<Name>>,
    pub pattern: Glob,
    /// None: the provisioner.
    pub reassign_to: Option<(Name, At)>,
    /// The database that goes, too; None: it stays.
    pub drop_database: Option<Name>,
    pub at: At,
}

/// What was read, with the places that the checks need.
pub(super) struct Draft {
    retire: Retire,
    /// Every role that is named, or whose name follows from a service's.
    named: Vec<Named>,
    databases: Vec<Named>,
}

impl Draft {
    pub(super) fn finished(self) -> Retire {
        self.retire
    }
}

pub(super) fn read(sink: &Sink<'_>, naming: &Naming, value: Option<Value<'_>>) -> Draft {
    let mut draft = Draft { retire: Retire::default(), named: Vec::new(), databases: Vec::new() };
    let Some(mut table) = value.and_then(|value| value.table("`[retire]`".to_owned())) else { return draft };
    for value in table.get("roles").and_then(Value::list).unwrap_or_default() {
        role(&mut draft, value);
    }
    for value in table.get("services").and_then(Value::list).unwrap_or_default() {
        one_service(sink, naming, &mut draft, value);
    }
    table.finish();
    draft
}

fn role(draft: &mut Draft, value: Value<'_>) {
    let Some(mut table) = value.table("a role below `[retire]`".to_owned()) else { return };
    let sink = table.sink;
    let name = table.need("name", "expected the name of the role").and_then(Value::string);
    let to = table.need("reassign_to", "expected the role that gets what it owns").and_then(Value::string);
    table.finish();
    let (Some(name), Some(to)) = (name, to) else { return };
    let named = Named {
        name: filled_name(sink, Kind::Role, &name, Words::default()),
        what: "retired".to_owned(),
        origin: Origin::written(&name.at),
    };
    let reassign_to = (filled_name(sink, Kind::TrustedRole, &to, Words::default()), to.at);
    draft.retire.roles.push(RetiredRole { name: named.name.clone(), reassign_to, at: name.at });
    draft.named.push(named);
}

fn one_service(sink: &Sink<'_>, naming: &Naming, draft: &mut Draft, value: Value<'_>) {
    let key = match value.raw() {
        DeValue::String(_) => value.string().map(|key| (key, None)),
        DeValue::Table(_) => value.table("a service below `[retire]`".to_owned()).and_then(|mut table| {
            let key = table.need("name", "expected the key that the service had").and_then(Value::string)?;
            Some((key, Some(table)))
        }),
        _ => {
            value.wrong_type("the key of a service, or a table");
            None
        }
    };
    let Some((key, mut table)) = key else { return };
    let words = Words { service: Some(&key.it), login: None };
    let mut name = |word: &'static str, template: &Template| {
        let what = format!("the {word} role of the retired `{}`", key.it);
        match table.as_mut().and_then(|table| table.get(word)).and_then(Value::string) {
            Some(text) => {
                Named { name: filled_name(sink, Kind::Role, &text, words), what, origin: Origin::written(&text.at) }
            }
            None => template.name(sink, words, &key.at, what),
        }
    };
    let groups = [name("ddl", &naming.ddl), name("dml", &naming.dml), name("ro", &naming.ro)];
    let logins = table.as_mut().and_then(|table| logins(naming, &key, table));
    let reassign_to = table.as_mut().and_then(|table| {
        let text = table.get("reassign_to")?.string()?;
        Some((filled_name(sink, Kind::TrustedRole, &text, words), text.at))
    });
    let database = table.as_mut().and_then(|table| database(naming, &key, table));
    if let Some(table) = table {
        table.finish();
    }
    draft.retire.services.push(RetiredService {
        groups: groups.each_ref().map(|named| named.name.clone()),
        logins: logins.as_ref().map(|logins| logins.iter().map(|named| named.name.clone()).collect()),
        pattern: naming.login.pattern(sink, &key.it),
        reassign_to,
        drop_database: database.as_ref().map(|named| named.name.clone()),
        at: key.at,
        key: key.it,
    });
    draft.named.extend(groups.into_iter().chain(logins.into_iter().flatten()));
    draft.databases.extend(database);
}

fn logins(naming: &Naming, key: &Placed<String>, table: &mut Table<'_>) -> Option<Vec<Named>> {
    let sink = table.sink;
    let texts = table.get("logins").map(Value::strings)?;
    let named = |text: Placed<String>| {
        let words = Words { service: Some(&key.it), login: Some(&text.it) };
        naming.login.name(sink, words, &text.at, format!("the login `{}` of the retired `{}`", text.it, key.it))
    };
    Some(texts.into_iter().map(named).collect())
}

/// Asked twice: only with `drop_database = true`, and then by a hazard that must be allowed.
fn database(naming: &Naming, key: &Placed<String>, table: &mut Table<'_>) -> Option<Named> {
    let sink = table.sink;
    let words = Words { service: Some(&key.it), login: None };
    let drops = table.get("drop_database").and_then(Value::boolean).unwrap_or(false);
    let what = format!("the database of the retired `{}`", key.it);
    let named = match table.get("database").and_then(Value::string) {
        Some(text) => {
            Named { name: filled_name(sink, Kind::Database, &text, words), what, origin: Origin::written(&text.at) }
        }
        None if drops => naming.database.name(sink, words, &key.at, what),
        None => return None,
    };
    drops.then_some(named)
}

/// What leaves may not be declared, and nothing may go to what leaves.
pub(super) fn check(
    sink: &Sink<'_>,
    draft: &Draft,
    cluster: &cluster::Draft,
    services: &BTreeMap<String, service::Draft>,
) {
    if draft.named.is_empty() {
        return;
    }
    let mut both = Vec::new();
    for retired in &draft.retire.services {
        if let Some(declared) = services.get(&retired.key) {
            both.push(&retired.at);
            let message = format!("the service `{}` is declared, and retired", retired.key);
            contradiction(sink, "retired-declared", message, &retired.at, &declared.service.at);
        }
    }
    let roles = services.values().flat_map(|service| &service.roles);
    let mut declared: BTreeMap<&Name, &Named> = BTreeMap::new();
    for named in roles.chain(&cluster.inspector).chain(&cluster.trusted).filter(|named| !is_stand_in(&named.name)) {
        declared.entry(&named.name).or_insert(named);
    }
    let mut first: BTreeMap<&Name, &Named> = BTreeMap::new();
    for named in draft.named.iter().filter(|named| !is_stand_in(&named.name) && !both.contains(&&named.origin.at)) {
        let (name, at) = (named.name.shown(), &named.origin.at);
        if let Some(other) = declared.get(&named.name) {
            let message = format!("the role `{name}` is retired, and is {}", other.what);
            contradiction(sink, "retired-declared", message, at, &other.origin.at);
        }
        if let Some(other) = first.insert(&named.name, named) {
            let message = format!("the role `{name}` is retired twice");
            contradiction(sink, "retired-twice", message, at, &other.origin.at);
        }
    }
    let heirs = draft.retire.services.iter().filter_map(|service| service.reassign_to.as_ref());
    for (to, at) in draft.retire.roles.iter().map(|role| &role.reassign_to).chain(heirs) {
        if let Some(retired) = first.get(to) {
            let message = format!("`reassign_to` names `{}`, which is retired itself", to.shown());
            contradiction(sink, "reassign-to-retired", message, at, &retired.origin.at);
        }
    }
    databases(sink, draft, cluster, services);
}

fn databases(sink: &Sink<'_>, draft: &Draft, cluster: &cluster::Draft, services: &BTreeMap<String, service::Draft>) {
    for named in draft.databases.iter().filter(|named| !names::is_stand_in(&named.name)) {
        let (name, at) = (named.name.shown(), &named.origin.at);
        if named.name == cluster.cluster.database {
            let message = format!("the database `{name}` can't be dropped");
            sink.report("retired-database", at, message, "it is the maintenance database");
        }
        if let Some(user) = services.values().find(|service| service.database.name == named.name) {
            let message = format!("the database `{name}` can't be dropped: `{}` lives in it", user.service.key);
            contradiction(sink, "retired-database", message, at, &user.database.origin.at);
        }
    }
}

fn contradiction(sink: &Sink<'_>, code: &'static str, message: String, at: &At, other: &At) {
    let label = if code == "retired-twice" { "here again" } else { "retired here" };
    let label = if code == "reassign-to-retired" { "it would get what others own" } else { label };
    let label = if code == "retired-database" { "`drop_database = true`" } else { label };
    let there = if code.starts_with("retired-d") { "declared here" } else { "retired here" };
    sink.push(Problem {
        code,
        message,
        at: at.clone(),
        label: label.to_owned(),
        also: Some((other.clone(), there.to_owned())),
        help: None,
    });
}
