//! `pgmoat who can PRIVILEGE OBJECT`

use std::fmt::Write;

use serde_json::json;

use super::tree::Tree;
use super::{Context, Exit, Format, contents, json, read};
use crate::access::who::{Way, who_can};
use crate::access::{Reach, Subject};
use crate::cli::error::CliError;
use crate::layout::name_parts;
use crate::model::{Contents, Database, Grantee, Kind, Name, Object, Privileges, Snapshot, escaped};

/// Everybody who can do this, by any path: roles, ownership, PUBLIC, columns, views, functions
///
/// PUBLIC stands for every role that may connect. Superusers are listed, too. What depends on what some code does stands apart.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN, EXECUTE, USAGE, CREATE, CONNECT or TEMPORARY
    #[arg(value_parser = privilege)]
    privilege: Privileges,
    /// DATABASE, DATABASE.SCHEMA, or DATABASE.SCHEMA.NAME (a table, view, sequence, type, or a function with or without its
    /// argument types); parts with a dot in them in double quotes
    object: String,
    /// text: a tree from the object to the logins · json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

fn privilege(text: &str) -> Result<Privileges, String> {
    let upper = text.to_uppercase();
    let upper = if upper == "TEMP" { "TEMPORARY".into() } else { upper };
    let single = [Privileges::SET, Privileges::ALTER_SYSTEM];
    let known = Privileges::of_keyword(&upper).filter(|privilege| !single.contains(privilege));
    known.ok_or_else(|| "expected a privilege, for instance SELECT, INSERT, EXECUTE, USAGE or CONNECT".into())
}

/// What is asked for: the database, or these objects of it.
enum Asked {
    Database,
    Objects(Vec<Object>),
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let wrong = |why: String| CliError { exit: Exit::Usage, ..CliError::new(why) };
    let (name, arguments) = arguments(&args.object);
    let parts = name_parts(name).map_err(|why| wrong(format!("{:?}: {why}", args.object)))?;
    let [database, inner @ ..] = parts.as_slice() else { return Err(wrong("no object is named".into())) };
    let database = Name::of_server(database);
    let snapshot = read(context, |name| *name == database).await?;
    let Some(found) = snapshot.state.databases.get(&database) else {
        return Err(CliError::new(format!("this server has no database {}", database.shown())));
    };
    let asked =
        asked(found, inner, arguments).map_err(|why| CliError::new(format!("{}: {why}", escaped(&args.object))))?;
    check(args.privilege, &asked, snapshot.server.version_num).map_err(wrong)?;
    let answers = answers(&snapshot, &database, &asked, args.privilege);
    context.printer.answer(&match args.format {
        Format::Text => text(&answers, args.privilege, &database),
        Format::Json => json(&document(&answers, args.privilege, &database)),
    })?;
    Ok(Exit::Done)
}

/// `shop.orders.f(integer)`: the name, and the argument types if they are there.
fn arguments(object: &str) -> (&str, Option<&str>) {
    let quoted = |at: usize| object[..at].matches('"').count() % 2 == 1;
    match object.char_indices().find(|(at, c)| *c == '(' && !quoted(*at)) {
        Some((at, _)) => (&object[..at], Some(object[at + 1..].trim_end_matches(')'))),
        None => (object, None),
    }
}

fn asked(database: &Database, inner: &[String], arguments: Option<&str>) -> Result<Asked, String> {
    match inner {
        [] => Ok(Asked::Database),
        [schema] => {
            let schema = Object::schema(&Name::of_server(schema));
            let there = database.objects.contains_key(&schema);
            if there { Ok(Asked::Objects(vec![schema])) } else { Err("there is no such schema".into()) }
        }
        [schema, name] => {
            let bare = |text: &str| text.replace(' ', "");
            let schema = Name::of_server(schema);
            let same = |object: &&Object| {
                object.kind != Kind::Schema
                    && object.name.as_str() == name.as_str()
                    && arguments.is_none_or(|arguments| bare(&object.args) == bare(arguments))
            };
            let objects: Vec<Object> =
                database.in_schema(&schema).map(|(object, _)| object).filter(same).cloned().collect();
            if objects.is_empty() { Err("there is no such object".into()) } else { Ok(Asked::Objects(objects)) }
        }
        more => Err(format!("an object has at most 3 parts, and this has {}", more.len() + 1)),
    }
}

/// Is it a privilege that such an object has?
fn check(privilege: Privileges, asked: &Asked, server_version_num: u32) -> Result<(), String> {
    let kinds: Vec<Kind> = match asked {
        Asked::Database => vec![Kind::Database],
        Asked::Objects(objects) => objects.iter().map(|object| object.kind).collect(),
    };
    match kinds.iter().find(|kind| !kind.privileges(server_version_num).contains(privilege)) {
        Some(kind) => {
            let all = kind.privileges(server_version_num).keywords();
            Err(format!("{} is no privilege of a {}, which has {all}", privilege.keywords(), kind.word()))
        }
        None => Ok(()),
    }
}

type Answer = (Option<Object>, Vec<Way>);

fn answers(snapshot: &Snapshot, database: &Name, asked: &Asked, privilege: Privileges) -> Vec<Answer> {
    let logins = snapshot.state.roles.iter().filter(|(_, role)| role.login);
    let principals: Vec<Grantee> =
        std::iter::once(Grantee::Public).chain(logins.map(|(name, _)| Grantee::Role(name.clone()))).collect();
    let reach = Reach::of(&snapshot.state, snapshot.server.version_num, &principals);
    let nothing = Contents::default();
    let Some(inside) = reach.inside(database, contents(snapshot, database, &nothing)) else { return Vec::new() };
    match asked {
        Asked::Database => vec![(None, who_can(&inside, Subject::Database, privilege))],
        Asked::Objects(objects) => objects
            .iter()
            .map(|object| (Some(object.clone()), who_can(&inside, Subject::Object(object), privilege)))
            .collect(),
    }
}

fn shown(database: &Name, object: Option<&Object>) -> String {
    match object {
        None => database.shown(),
        Some(object) => format!("{}.{}", database.shown(), object.shown()),
    }
}

fn text(answers: &[Answer], privilege: Privileges, database: &Name) -> String {
    let mut text = String::new();
    for (object, ways) in answers {
        let kind = object.as_ref().map_or("database", |object| object.kind.word());
        let _ = writeln!(text, "{} on the {kind} {}", privilege.keywords(), shown(database, object.as_ref()));
        let (mut can, mut may) = (Tree::default(), Tree::default());
        for way in ways {
            let tree = if way.conditional { &mut may } else { &mut can };
            tree.add(&way.who.shown(), &way.path);
        }
        can.draw(&mut text, "");
        if can.is_empty() {
            text.push_str("└─ nobody can\n");
        }
        if !may.is_empty() {
            text.push_str("may, as far as code lets them:\n");
            may.draw(&mut text, "");
        }
    }
    text
}

fn document(answers: &[Answer], privilege: Privileges, database: &Name) -> serde_json::Value {
    let way = |way: &Way| {
        json!({
            "principal": way.who.role().map_or("PUBLIC", Name::as_str),
            "certainty": if way.conditional { "conditional" } else { "certain" },
            "path": way.path,
        })
    };
    let answer = |(object, ways): &Answer| {
        json!({
            "object": crate::proof::Target::of(database, object.as_ref()),
            "ways": ways.iter().map(way).collect::<Vec<_>>(),
        })
    };
    json!({
        "format": 1,
        "kind": "who-can",
        "privilege": privilege.keywords(),
        "answers": answers.iter().map(answer).collect::<Vec<_>>(),
    })
}
