//! `[[allow]]`: what the layout would otherwise take away, and why it stays.

use std::collections::BTreeSet;

use super::glob::parts;
use super::names::{self, Kind};
use super::naming::{Words, filled};
use super::privilege::of_texts;
use super::read::{Placed, Sink, Table, Value};
use super::{Allow, Allowed, AllowedRole, At, Glob, On, Problem};
use crate::model::{Attribute, Grantee, Kind as ObjectKind, Name, Privileges, is_blank};

/// An exception with its places, for the checks against the whole layout.
pub(super) struct Draft {
    pub(super) allow: Allow,
    /// Of `on`, `member_of` or `attributes`.
    pub(super) what_at: At,
}

impl Draft {
    /// The exception, once for each of these databases if it is for all.
    pub(super) fn finished(self, databases: &BTreeSet<Name>) -> Vec<Allow> {
        let allow = self.allow;
        match &allow.what {
            Allowed::Rights { on, privileges, future, everywhere: true } => {
                let rights = |database: &Name| {
                    let on = On { database: database.clone(), ..on.clone() };
                    Allowed::Rights { on, privileges: *privileges, future: *future, everywhere: true }
                };
                databases.iter().map(|database| Allow { what: rights(database), ..allow.clone() }).collect()
            }
            _ => vec![allow],
        }
    }
}

pub(super) fn read_all(sink: &Sink<'_>, value: Value<'_>) -> Vec<Draft> {
    let toml::de::DeValue::Array(_) = value.raw() else {
        value.wrong_type("an array of tables, written `[[allow]]`");
        return Vec::new();
    };
    value.list().into_iter().flatten().filter_map(|value| read(sink, value)).collect()
}

fn read(sink: &Sink<'_>, value: Value<'_>) -> Option<Draft> {
    let mut table = value.table("`[[allow]]`".to_owned())?;
    let role = table.need("role", "expected `role = \"…\"`: who keeps it?").and_then(Value::string);
    let reason = reason(sink, &mut table);
    let until = table.get("until").and_then(Value::day);
    let what = what(sink, &mut table, role.as_ref());
    table.finish();
    let (role, (what, what_at)) = (role?, what?);
    let name = filled(sink, &role, Words::default())?;
    let who = who(sink, &name)?;
    let (until, until_at) = until.map(|until| (until.it, until.at)).unzip();
    Some(Draft { allow: Allow { role: who, what, reason: reason?, until, at: role.at, until_at }, what_at })
}

/// A role, PUBLIC, or every role that a pattern with a star matches.
fn who(sink: &Sink<'_>, name: &Placed<String>) -> Option<AllowedRole> {
    if name.it == PUBLIC {
        return Some(AllowedRole::One(Grantee::Public));
    }
    if name.it.contains('*') {
        let pattern = Glob::parse(&name.it).map_err(|error| {
            let message = format!("`role = {:?}` names nobody: {error}", name.it);
            sink.report("allow-role", &name.at, message, "expected a role's name; `*` stands for any characters");
        });
        let pattern = pattern.ok()?;
        if pattern == Glob::every() {
            let message = "`role = \"*\"` is everybody".to_owned();
            sink.report("allow-role", &name.at, message, "expected a family of names, such as `v-*`");
            return None;
        }
        return Some(AllowedRole::Family(pattern));
    }
    let role = names::written(sink, Kind::TrustedRole, name);
    (!names::is_stand_in(&role)).then_some(AllowedRole::One(Grantee::Role(role)))
}

/// No role can have this name, so here it means PUBLIC.
const PUBLIC: &str = "public";

fn reason(sink: &Sink<'_>, table: &mut Table<'_>) -> Option<String> {
    let reason = table.need("reason", "expected `reason = \"…\"`: who reads this in a year will ask")?.string()?;
    if is_blank(&reason.it) {
        sink.report("empty-reason", &reason.at, "`reason` is empty".to_owned(), "expected why it stays");
        return None;
    }
    Some(reason.it)
}

/// `on` with `privileges`, or `member_of`.
fn what(sink: &Sink<'_>, table: &mut Table<'_>, role: Option<&Placed<String>>) -> Option<(Allowed, At)> {
    let (on, member_of) = (table.get("on"), table.get("member_of"));
    if let Some(attributes) = table.get("attributes") {
        return attributes_alone(sink, table, attributes, role);
    }
    let (privileges, future) = (table.get("privileges"), table.get("future"));
    let form = |at: &At, message: &str, label: &str| sink.report("allow-form", at, message.to_owned(), label);
    match (on, member_of) {
        (None, None) => {
            let label = "expected `on` with `privileges`, `member_of`, or `attributes`";
            sink.report("missing-key", &table.at, "`[[allow]]` doesn't say what it keeps".to_owned(), label);
            None
        }
        (Some(_), Some(member_of)) => {
            let label = "expected another `[[allow]]` for the membership";
            form(&member_of.key_at(), "`[[allow]]` keeps rights or a membership, not both", label);
            None
        }
        (None, Some(member_of)) => {
            for value in [privileges, future].into_iter().flatten() {
                form(&value.key_at(), "a membership has no `privileges` and no `future`", "expected `on` for rights");
            }
            let text = filled(sink, &member_of.string()?, Words::default())?;
            if let Some(role) = role.filter(|role| role.it == PUBLIC) {
                form(&role.at, "PUBLIC is no member of any role", "expected a role");
                return None;
            }
            let of = names::written(sink, Kind::TrustedRole, &text);
            (!names::is_stand_in(&of)).then_some((Allowed::MemberOf(of), text.at))
        }
        (Some(on), None) => {
            let text = filled(sink, &on.string()?, Words::default());
            let everywhere = text.as_ref().is_some_and(|text| text.it == "*");
            let on = text.as_ref().and_then(|text| if everywhere { Some(On::nowhere()) } else { place(sink, text) });
            let why = "expected `privileges = [\"…\"]`: what stays?";
            let privileges = table.need("privileges", why).and_then(|value| list(sink, value, on.as_ref()));
            let future = future.and_then(|value| later(sink, value, on.as_ref())).unwrap_or(false);
            Some((Allowed::Rights { on: on?, privileges: privileges?, future, everywhere }, text?.at))
        }
    }
}

/// `attributes`, which go with neither `on` nor `member_of`.
fn attributes_alone(
    sink: &Sink<'_>,
    table: &mut Table<'_>,
    value: Value<'_>,
    role: Option<&Placed<String>>,
) -> Option<(Allowed, At)> {
    let form = |at: &At, message: &str, label: &str| sink.report("allow-form", at, message.to_owned(), label);
    for key in ["on", "member_of", "privileges", "future"] {
        if let Some(other) = table.get(key) {
            form(&other.key_at(), "`attributes` stand alone", "expected another `[[allow]]` for this");
        }
    }
    if let Some(role) = role.filter(|role| role.it == PUBLIC) {
        form(&role.at, "PUBLIC has no attributes", "expected a role");
        return None;
    }
    let mut found = BTreeSet::new();
    for text in value.strings() {
        match Attribute::ALL.into_iter().find(|attribute| attribute.keyword() == text.it) {
            Some(attribute) => _ = found.insert(attribute),
            None => {
                let label = sink.suggest(&text.it, Attribute::ALL.map(Attribute::keyword));
                let message = format!("`{}` is no attribute that an exception can keep", text.it);
                sink.report("unknown-value", &text.at, message, label);
            }
        }
    }
    if matches!(value.raw(), toml::de::DeValue::Array(array) if array.is_empty()) {
        sink.report("empty-list", &value.at(), "`attributes` is empty".to_owned(), "expected at least one attribute");
    }
    (!found.is_empty()).then(|| (Allowed::Attributes(found), value.at()))
}

/// `database`, `database.schema`, or `database.schema.object`, where the object may be a pattern.
fn place(sink: &Sink<'_>, text: &Placed<String>) -> Option<On> {
    let problem = |why: String| {
        let label = "expected `database`, `database.schema` or `database.schema.object`, with `*` in the object alone";
        sink.report("allow-on", &text.at, format!("`on = {:?}` {why}", text.it), label);
    };
    let parts = match parts(&text.it, true) {
        Ok(parts) if parts.len() <= 3 => parts,
        Ok(parts) => {
            problem(format!("has {} parts", parts.len()));
            return None;
        }
        Err(error) => {
            problem(format!("names nothing: {error}"));
            return None;
        }
    };
    let mut parts = parts.into_iter();
    let (database, schema, object) = (parts.next()?, parts.next(), parts.next());
    let Some(database) = exact(&database) else {
        problem("has a star in the database".to_owned());
        return None;
    };
    let schema = match schema.as_ref().map(exact) {
        Some(None) => {
            problem("has a star in the schema".to_owned());
            return None;
        }
        schema => schema.flatten(),
    };
    Some(On { database, schema, object })
}

fn exact(glob: &Glob) -> Option<Name> {
    glob.exact().map(Name::of_server)
}

fn list(sink: &Sink<'_>, value: Value<'_>, on: Option<&On>) -> Option<Privileges> {
    let texts = value.strings();
    if matches!(value.raw(), toml::de::DeValue::Array(array) if array.is_empty()) {
        sink.report("empty-list", &value.at(), "`privileges` is empty".to_owned(), "expected at least one privilege");
    }
    let (what, legal) = legal(on?);
    of_texts(sink, &texts, what, legal)
}

/// What can be held on what `on` names: an object may be of any kind.
fn legal(on: &On) -> (&'static str, Privileges) {
    const NEWEST: u32 = u32::MAX;
    match (&on.schema, &on.object) {
        (None, _) => ("a database", ObjectKind::Database.privileges(NEWEST)),
        (Some(_), None) => ("a schema", ObjectKind::Schema.privileges(NEWEST)),
        (Some(_), Some(_)) => {
            let inside = ObjectKind::all().filter(|kind| !matches!(kind, ObjectKind::Database | ObjectKind::Schema));
            let all = inside.fold(Privileges::NONE, |all, kind| all | kind.privileges(NEWEST));
            ("what a schema holds", all)
        }
    }
}

/// Later objects have no names yet, so no pattern but `*` can mean them.
fn later(sink: &Sink<'_>, value: Value<'_>, on: Option<&On>) -> Option<bool> {
    let future = value.boolean()?;
    if let Some(on) = on.filter(|on| future && on.object.as_ref() != Some(&Glob::every())) {
        let message = format!("`future` needs every object of a schema, and `on` means `{}`", on.shown());
        sink.push(Problem {
            code: "allow-form",
            message,
            at: value.key_at(),
            label: "expected `on = \"database.schema.*\"`".to_owned(),
            also: None,
            help: Some("default privileges are a schema's, and what is created later has no name yet".to_owned()),
        });
    }
    Some(future)
}
