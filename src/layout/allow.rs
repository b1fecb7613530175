//! `[[allow]]`: what the layout would otherwise take away, and why it stays.

use super::glob::parts;
use super::names::{self, Kind};
use super::naming::{Words, filled};
use super::privilege::of_texts;
use super::read::{Placed, Sink, Table, Value};
use super::{Allow, Allowed, At, Glob, On, Problem};
use crate::model::{Grantee, Kind as ObjectKind, Name, Privileges};

/// An exception with its places, for the checks against the whole layout.
pub(super) struct Draft {
    pub(super) allow: Allow,
    /// Of `on` or `member_of`.
    pub(super) what_at: At,
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
    let who = match name.it.as_str() {
        PUBLIC => Grantee::Public,
        _ => Grantee::Role(names::written(sink, Kind::TrustedRole, &name)),
    };
    if who.role().is_some_and(names::is_stand_in) {
        return None;
    }
    let (until, until_at) = until.map(|until| (until.it, until.at)).unzip();
    Some(Draft { allow: Allow { role: who, what, reason: reason?, until, at: role.at, until_at }, what_at })
}

/// No role can have this name, so here it means PUBLIC.
const PUBLIC: &str = "public";

fn reason(sink: &Sink<'_>, table: &mut Table<'_>) -> Option<String> {
    let reason = table.need("reason", "expected `reason = \"…\"`: who reads this in a year will ask")?.string()?;
    if reason.it.trim().is_empty() {
        sink.report("empty-reason", &reason.at, "`reason` is empty".to_owned(), "expected why it stays");
        return None;
    }
    Some(reason.it)
}

/// `on` with `privileges`, or `member_of`.
fn what(sink: &Sink<'_>, table: &mut Table<'_>, role: Option<&Placed<String>>) -> Option<(Allowed, At)> {
    let (on, member_of) = (table.get("on"), table.get("member_of"));
    let (privileges, future) = (table.get("privileges"), table.get("future"));
    let form = |at: &At, message: &str, label: &str| sink.report("allow-form", at, message.to_owned(), label);
    match (on, member_of) {
        (None, None) => {
            let label = "expected `on` with `privileges`, or `member_of`";
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
            let on = text.as_ref().and_then(|text| place(sink, text));
            let why = "expected `privileges = [\"…\"]`: what stays?";
            let privileges = table.need("privileges", why).and_then(|value| list(sink, value, on.as_ref()));
            let future = future.and_then(|value| later(sink, value, on.as_ref())).unwrap_or(false);
            Some((Allowed::Rights { on: on?, privileges: privileges?, future }, text?.at))
        }
    }
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
    let every = Glob(vec![String::new(), String::new()]);
    if let Some(on) = on.filter(|on| future && on.object.as_ref() != Some(&every)) {
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
