//! What acts for another inside one database, in a constant number of questions.

use std::collections::{BTreeMap, BTreeSet};

use tokio::try_join;

use super::CatalogError;
use super::by_name::{Harmful, read_by_name};
use super::on_path::read_on_path;
use super::rows::{Answer, Columns, question};
use crate::db::Session;
use crate::model::{
    Acl, Code, Contained, Copied, Definer, EventTrigger, ForeignKey, ForeignServer, ForeignTable, Kind, Language,
    LargeObjects, Name, Object, Privileges, Referential, Restriction, Rule, Subscription, SystemRight, Trigger,
    WritableView,
};

/// Reads it, from a session in the database.
///
/// # Errors
/// When a question fails.
pub(super) async fn read_code(session: &Session, server_version_num: u32) -> Result<Code, CatalogError> {
    let (definers, views, copies, rules, triggers, foreign_keys, borrowed) = try_join!(
        biased;
        question!("code_definers").ask(session),
        question!("code_views").ask(session),
        question!("code_copies").ask(session),
        question!("code_rules").ask(session),
        question!("code_triggers").ask(session),
        question!("code_foreign_keys").ask(session),
        question!("code_borrowed").ask(session),
    )?;
    let harmful = Harmful::read(session).await?;
    let used = question!("code_used").ask_with(session, &[&harmful.all]).await?;
    let (servers, foreign_tables, large_objects, event_triggers, languages, system_rights) = try_join!(
        biased;
        question!("code_servers").ask(session),
        question!("code_foreign_tables").ask(session),
        question!("code_large_objects").ask(session),
        question!("code_event_triggers").ask(session),
        question!("code_languages").ask(session),
        question!("code_system_rights").ask(session),
    )?;
    let subscriptions = match server_version_num {
        160_000.. => each(question!("code_subscriptions").ask(session).await?, subscription)?,
        _ => Vec::new(),
    };
    Ok(Code {
        hanging: Some(super::hanging::read(session).await?),
        contained: Some(contained(session).await?),
        restrictions: each(question!("code_restrictions").ask(session).await?, restriction)?,
        definers: bound(each(definers, definer)?, &harmful, (server_version_num, session)).await?,
        writable_views: each(views, writable_view)?,
        copies: grouped(copies)?,
        rules: rules_of(rules)?,
        triggers: each(triggers, trigger)?,
        foreign_keys: each(foreign_keys, foreign_key)?,
        borrowed: super::borrowed::read(borrowed)?,
        used: Some(each(used, super::used::used)?),
        by_name: Some(read_by_name(session, &harmful).await?),
        servers: each(servers, server)?,
        foreign_tables: each(foreign_tables, |row| {
            Ok(ForeignTable { table: object(row, "table")?, server: row.name("server")? })
        })?,
        subscriptions,
        large_objects: each(large_objects, large)?,
        event_triggers: each(event_triggers, event_trigger)?,
        languages: each(languages, |row| {
            Ok(Language { name: row.name("name")?, owner: row.name("owner")?, acl: (*row.acl()?).clone() })
        })?,
        system_rights: each(system_rights, system_right)?,
        on_path: Some(read_on_path(session).await?),
    })
}

pub(super) fn each<T>(
    answer: Answer,
    of: impl Fn(&Columns) -> Result<T, CatalogError>,
) -> Result<Vec<T>, CatalogError> {
    answer.rows().map(|row| of(&row)).collect()
}

/// An array of letter, schema, name and arguments.
pub(super) fn object(row: &Columns, column: &str) -> Result<Object, CatalogError> {
    of_parts(row, &row.get::<Vec<&str>>(column)?)
}

/// The same, where there may be none.
pub(super) fn optional_object(row: &Columns, column: &str) -> Result<Option<Object>, CatalogError> {
    row.get::<Option<Vec<&str>>>(column)?.map(|parts| of_parts(row, &parts)).transpose()
}

fn of_parts(row: &Columns, parts: &[&str]) -> Result<Object, CatalogError> {
    let letter = parts.first().and_then(|text| text.chars().next()).unwrap_or(' ');
    match (Kind::of_letter(letter), parts) {
        (_, ["n", schema, ..]) => Ok(Object::schema(&Name::of_server(schema))),
        (Some(kind), [_, schema, name, args]) => {
            Ok(Object { kind, schema: Name::of_server(schema), name: Name::of_server(name), args: (*args).into() })
        }
        _ => Err(row.unknown(letter)),
    }
}

fn letter<T>(row: &Columns, column: &str, of: impl Fn(char) -> Option<T>) -> Result<T, CatalogError> {
    let letter = char::from(row.get::<i8>(column)?.cast_unsigned());
    of(letter).ok_or_else(|| row.unknown(letter))
}

/// Bits to privileges.
/// As `pg_relation_is_updatable` counts them.
const VIEW_EVENTS: [(i32, Privileges); 4] =
    [(4, Privileges::UPDATE), (8, Privileges::INSERT), (16, Privileges::DELETE), (0, Privileges::NONE)];

pub(super) fn events<const N: usize>(bits: i32, table: [(i32, Privileges); N]) -> Privileges {
    let set = table.into_iter().filter(|(bit, _)| bits & bit != 0);
    set.fold(Privileges::NONE, |all, (_, privilege)| all | privilege)
}

/// By schema, those of what hangs on what others own in it.
async fn contained(session: &Session) -> Result<Vec<Contained>, CatalogError> {
    let mut found: Vec<Contained> = Vec::new();
    for row in question!("code_contained").ask(session).await?.rows() {
        let (schema, user) = (row.name("schema")?, row.name("user")?);
        match found.last_mut().filter(|last| last.schema == schema) {
            Some(last) => _ = last.users.insert(user),
            None => found.push(Contained { schema, users: BTreeSet::from([user]) }),
        }
    }
    Ok(found)
}

fn restriction(row: &Columns) -> Result<Restriction, CatalogError> {
    let roles = row.get::<Vec<&str>>("roles")?.into_iter().map(Name::of_server).collect();
    let on = events(row.get("bits")?, super::used::EVENTS);
    Ok(Restriction { name: row.name("name")?, relation: object(row, "relation")?, on, roles })
}

/// Adds the tables that a bound body names, where it does nothing else.
async fn bound(
    mut definers: Vec<Definer>,
    harmful: &Harmful,
    (server_version_num, session): (u32, &Session),
) -> Result<Vec<Definer>, CatalogError> {
    if server_version_num < 140_000 || definers.is_empty() {
        return Ok(definers);
    }
    let mut found: BTreeMap<Object, Vec<Object>> = BTreeMap::new();
    for row in question!("code_bound").ask_with(session, &[&harmful.all]).await?.rows() {
        found.entry(object(&row, "routine")?).or_default().extend(optional_object(&row, "relation")?);
    }
    for definer in &mut definers {
        definer.touches = found.get(&definer.routine).cloned();
    }
    Ok(definers)
}

fn definer(row: &Columns) -> Result<Definer, CatalogError> {
    let path = row.get::<Vec<&str>>("path")?.into_iter().map(Name::of_server).collect();
    let (routine, through) = (object(row, "routine")?, optional_object(row, "through")?);
    Ok(Definer { routine, through, owner: row.name("owner")?, touches: None, safe: row.get("safe")?, path })
}

fn writable_view(row: &Columns) -> Result<WritableView, CatalogError> {
    let privileges = events(row.get("events")?, VIEW_EVENTS);
    let (by_rule, deep) = (row.get("by_rule")?, row.get("deep")?);
    Ok(WritableView { view: object(row, "view")?, privileges, by_rule, deep })
}

fn grouped(answer: Answer) -> Result<Vec<Copied>, CatalogError> {
    let mut all: Vec<Copied> = Vec::new();
    for row in answer.rows() {
        let (view, relation) = (object(&row, "view")?, object(&row, "relation")?);
        match all.last_mut().filter(|last| last.view == view) {
            Some(last) => last.relations.push(relation),
            None => all.push(Copied { view, relations: vec![relation] }),
        }
    }
    Ok(all)
}

fn rules_of(answer: Answer) -> Result<Vec<Rule>, CatalogError> {
    let mut all: Vec<Rule> = Vec::new();
    for row in answer.rows() {
        let (name, relation, other) = (row.name("name")?, object(&row, "relation")?, object(&row, "other")?);
        let on = row.letter(|letter| match letter {
            '1' => Some(Privileges::SELECT),
            '2' => Some(Privileges::UPDATE),
            '3' => Some(Privileges::INSERT),
            '4' => Some(Privileges::DELETE),
            _ => None,
        })?;
        let writes = events(row.get("events")?, VIEW_EVENTS);
        match all.last_mut().filter(|last| (&last.relation, &last.name) == (&relation, &name)) {
            Some(last) => {
                last.relations.push(other);
                last.writes.push(writes);
            }
            None => all.push(Rule { name, relation, on, relations: vec![other], writes: vec![writes] }),
        }
    }
    Ok(all)
}

fn trigger(row: &Columns) -> Result<Trigger, CatalogError> {
    let table =
        [(4, Privileges::INSERT), (8, Privileges::DELETE), (16, Privileges::UPDATE), (32, Privileges::TRUNCATE)];
    Ok(Trigger {
        name: row.name("name")?,
        relation: object(row, "relation")?,
        on: events(row.get("events")?, table),
        function: object(row, "function")?,
        owner: row.name("owner")?,
        definer: row.get("definer")?,
    })
}

fn foreign_key(row: &Columns) -> Result<ForeignKey, CatalogError> {
    Ok(ForeignKey {
        name: row.name("name")?,
        table: object(row, "table")?,
        references: object(row, "references")?,
        on_delete: letter(row, "on_delete", Referential::of_letter)?,
        on_update: letter(row, "on_update", Referential::of_letter)?,
        defaults: row.get::<Vec<&str>>("defaults")?.into_iter().map(Name::of_server).collect(),
        deaf: row.get::<Vec<&str>>("deaf")?.into_iter().map(Name::of_server).collect(),
    })
}

fn server(row: &Columns) -> Result<ForeignServer, CatalogError> {
    let names = |column| {
        let names = row.get::<Vec<&str>>(column)?.into_iter();
        Ok::<_, CatalogError>(names.map(|name| (!name.is_empty()).then(|| Name::of_server(name))).collect())
    };
    Ok(ForeignServer {
        name: row.name("name")?,
        owner: row.name("owner")?,
        acl: (*row.acl()?).clone(),
        wrapper: row.name("wrapper")?,
        options: row.get("options")?,
        mapped: names("mapped")?,
        users: names("users")?,
    })
}

fn subscription(row: &Columns) -> Result<Subscription, CatalogError> {
    let (name, owner) = (row.name("name")?, row.name("owner")?);
    Ok(Subscription { name, owner, run_as_owner: row.get("run_as_owner")?, table: object(row, "table")? })
}

fn large(row: &Columns) -> Result<LargeObjects, CatalogError> {
    let acl = (*row.acl()?).clone();
    Ok(LargeObjects { owner: row.name("owner")?, acl, count: row.get("count")?, example: row.get("example")? })
}

fn event_trigger(row: &Columns) -> Result<EventTrigger, CatalogError> {
    Ok(EventTrigger { name: row.name("name")?, function: object(row, "function")?, owner: row.name("owner")? })
}

fn system_right(row: &Columns) -> Result<SystemRight, CatalogError> {
    Ok(SystemRight {
        object: object(row, "object")?,
        column: row.optional_name("column")?,
        acl: (*row.acl()?).clone(),
        initial: Acl::parse(row.get::<Vec<&str>>("initial")?)?,
    })
}
