//! A snapshot as a file, so that a plan can be made where there is no server: in CI, from what a task inside the network
//! wrote. Holds no secret: roles' passwords aren't read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{
    Acl, AclError, Activity, Adoptable, Code, Contents, Database, DefaultKey, Extension, Future, Holding, Kind, Look,
    Maintenance, Membership, MembershipOptions, Name, Object, Other, OwnedBy, Presence, Retiring, Role, Server,
    SettingKey, Snapshot, State, ViewOf, owners,
};

/// The format number of a snapshot file.
const FORMAT: u32 = 1;

/// "failed to read the snapshot: …"
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFileError {
    #[error("it is not a snapshot written by `pgmoat inspect`")]
    Json(#[from] serde_json::Error),
    #[error("the file holds a {0}, not a snapshot")]
    OtherKind(String),
    #[error("it has format {0}, this pgmoat reads format {FORMAT}")]
    Format(u32),
    #[error(transparent)]
    Acl(#[from] AclError),
    #[error("it names something unknown: {0}")]
    Unknown(String),
}

#[derive(Serialize, Deserialize)]
struct File {
    format: u32,
    kind: String,
    server: Server,
    roles: BTreeMap<Name, Role>,
    memberships: Vec<MembershipRow>,
    settings: Vec<SettingRow>,
    databases: Vec<DatabaseRow>,
    available_extensions: BTreeMap<Name, Extension>,
    /// Absent where the layout retires nothing that is there, and in older files.
    #[serde(default, skip_serializing_if = "is_empty")]
    retiring: Retiring,
    /// Absent where nobody may set any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, Acl>,
    /// Absent where nothing goes on, and in older files.
    #[serde(default, skip_serializing_if = "Activity::is_empty")]
    activity: Activity,
    /// Absent in older files: then nobody knows how old they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    look: Option<Look>,
    /// Absent where it is a service's, and in older files: then nothing can be proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maintenance: Option<Maintenance>,
}

fn is_empty(retiring: &Retiring) -> bool {
    *retiring == Retiring::default()
}

#[derive(Serialize, Deserialize)]
struct MembershipRow {
    role: Name,
    member: Name,
    grantor: Name,
    admin: bool,
    inherit: bool,
    set: bool,
}

#[derive(Serialize, Deserialize)]
struct SettingRow {
    database: Option<Name>,
    role: Option<Name>,
    parameter: String,
    value: String,
}

#[derive(Serialize, Deserialize)]
struct DatabaseRow {
    name: Name,
    owner: Name,
    acl: Vec<String>,
    allow_connections: bool,
    /// Absent: the database isn't managed, and its inside wasn't read.
    inside: Option<InsideRow>,
}

#[derive(Serialize, Deserialize)]
struct InsideRow {
    extensions: BTreeSet<Name>,
    /// Grouped where schema, kind, owner and ACL repeat.
    objects: Vec<GroupRow>,
    columns: Vec<(ObjectRow, Name, Vec<String>)>,
    defaults: Vec<(Name, Option<Name>, String, Vec<String>)>,
    /// (sequence, table, is an identity column's)
    sequences: Vec<(ObjectRow, ObjectRow, bool)>,
    /// (child, parents)
    parents: Vec<(ObjectRow, Vec<ObjectRow>)>,
    /// (view, runs with its caller's rights, relations behind it)
    views: Vec<(ObjectRow, bool, Vec<ObjectRow>)>,
    /// What else hangs on roles. Absent in older files: then nothing can be proven from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    others: Option<Vec<Other>>,
    /// Absent in older files: then nothing can be proven from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    /// Absent in older files: then a plan can't show the code whose owner it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    adoptable: Option<Adoptable>,
}

/// (schema, kind, owner, ACL)
type GroupKey<'a> = (&'a Name, Kind, &'a Name, &'a Arc<Acl>);

/// (name, arguments)
type Names = Vec<(Name, String)>;

#[derive(Serialize, Deserialize)]
struct GroupRow {
    schema: Name,
    kind: String,
    owner: Name,
    acl: Vec<String>,
    names: Names,
}

/// (kind, schema, name, arguments)
type ObjectRow = (String, Name, Name, String);

/// The snapshot as JSON with a newline at its end; same input, same bytes.
#[must_use]
pub fn to_json(snapshot: &Snapshot) -> String {
    let state = &snapshot.state;
    let file = File {
        format: FORMAT,
        kind: "snapshot".into(),
        server: snapshot.server.clone(),
        roles: state.roles.clone(),
        memberships: state.memberships.iter().map(|(m, o)| membership_row(m, *o)).collect(),
        settings: state.settings.iter().map(|(key, value)| setting_row(key, value)).collect(),
        databases: state
            .databases
            .iter()
            .map(|(name, database)| database_row(name, database, snapshot.contents.get(name)))
            .collect(),
        available_extensions: snapshot.available.clone(),
        retiring: snapshot.retiring.clone(),
        parameters: snapshot.parameters.clone(),
        activity: snapshot.activity.clone(),
        look: snapshot.look.clone(),
        maintenance: snapshot.maintenance.clone(),
    };
    match serde_json::to_string_pretty(&file) {
        Ok(text) => crate::model::visible_json(&format!("{text}\n")),
        Err(_) => unreachable!("every key of these maps is a string"),
    }
}

/// Reads what [`to_json`] wrote.
///
/// # Errors
/// When it is something else, or of another format.
pub fn from_json(text: &str) -> Result<Snapshot, SnapshotFileError> {
    #[derive(Deserialize)]
    struct Head {
        format: u32,
        kind: String,
    }
    let head: Head = serde_json::from_str(text)?;
    if head.format != FORMAT {
        return Err(SnapshotFileError::Format(head.format));
    }
    if head.kind != "snapshot" {
        return Err(SnapshotFileError::OtherKind(head.kind));
    }
    let file: File = serde_json::from_str(text)?;
    let mut state = State {
        roles: file.roles,
        memberships: file.memberships.into_iter().map(membership).collect(),
        settings: file.settings.into_iter().map(setting).collect(),
        databases: BTreeMap::new(),
    };
    let mut contents = BTreeMap::new();
    for row in file.databases {
        let mut database = Database::new(row.owner, acl(&row.acl)?);
        database.presence = if row.allow_connections { Presence::Open } else { Presence::Closed };
        if let Some(inside) = row.inside {
            contents.insert(row.name.clone(), read_inside(inside, &mut database)?);
        }
        state.databases.insert(row.name, database);
    }
    let File { server, available_extensions: available, retiring, parameters, activity, look, maintenance, .. } = file;
    Ok(Snapshot { server, state, available, contents, retiring, parameters, activity, look, maintenance })
}

fn membership_row(m: &Membership, o: MembershipOptions) -> MembershipRow {
    let Membership { role, member, grantor } = m.clone();
    MembershipRow { role, member, grantor, admin: o.admin, inherit: o.inherit, set: o.set }
}

fn membership(row: MembershipRow) -> (Membership, MembershipOptions) {
    let MembershipRow { role, member, grantor, admin, inherit, set } = row;
    (Membership { role, member, grantor }, MembershipOptions { admin, inherit, set })
}

fn setting_row(key: &SettingKey, value: &str) -> SettingRow {
    let SettingKey { database, role, parameter } = key.clone();
    SettingRow { database, role, parameter, value: value.into() }
}

fn setting(row: SettingRow) -> (SettingKey, String) {
    (SettingKey { database: row.database, role: row.role, parameter: row.parameter }, row.value)
}

fn database_row(name: &Name, database: &Database, contents: Option<&Contents>) -> DatabaseRow {
    DatabaseRow {
        name: name.clone(),
        owner: database.held.owner.clone(),
        acl: database.held.acl.items(),
        allow_connections: database.presence == Presence::Open,
        inside: contents.map(|contents| inside_row(database, contents)),
    }
}

fn inside_row(database: &Database, contents: &Contents) -> InsideRow {
    let mut groups: BTreeMap<GroupKey<'_>, Names> = BTreeMap::new();
    for (object, held) in &database.objects {
        let group = groups.entry((&object.schema, object.kind, &held.owner, &held.acl)).or_default();
        group.push((object.name.clone(), object.args.to_string()));
    }
    let group = |((schema, kind, owner, acl), names): (GroupKey<'_>, Names)| {
        let (schema, owner, kind) = (schema.clone(), owner.clone(), kind.word().into());
        GroupRow { schema, kind, owner, acl: acl.items(), names }
    };
    let rows = |objects: &BTreeSet<Object>| objects.iter().map(object_row).collect();
    let column =
        |((object, column), acl): (&(Object, Name), &Arc<Acl>)| (object_row(object), column.clone(), acl.items());
    let default = |(key, acl): (&DefaultKey, &Acl)| {
        (key.role.clone(), key.schema.clone(), key.future.letter().to_string(), acl.items())
    };
    let sequence =
        |(sequence, owned): (&Object, &OwnedBy)| (object_row(sequence), object_row(&owned.table), owned.identity);
    InsideRow {
        extensions: database.extensions.clone(),
        objects: groups.into_iter().map(group).collect(),
        columns: database.columns.iter().map(column).collect(),
        defaults: database.defaults.iter().map(default).collect(),
        sequences: contents.sequences.iter().map(sequence).collect(),
        parents: contents.parents.iter().map(|(child, parents)| (object_row(child), rows(parents))).collect(),
        views: contents.views.iter().map(|(view, of)| (object_row(view), of.invoker, rows(&of.relations))).collect(),
        others: contents.others.clone(),
        code: contents.code.clone(),
        adoptable: contents.adoptable.clone(),
    }
}

fn read_inside(row: InsideRow, database: &mut Database) -> Result<Contents, SnapshotFileError> {
    let mut contents = Contents { code: row.code, others: row.others, adoptable: row.adoptable, ..Contents::default() };
    database.things = contents.others.as_deref().map(owners).unwrap_or_default();
    for (sequence, table, identity) in row.sequences {
        contents.sequences.insert(object(sequence)?, OwnedBy { table: Arc::new(object(table)?), identity });
    }
    let all = |rows: Vec<ObjectRow>| rows.into_iter().map(object).collect::<Result<BTreeSet<Object>, _>>();
    for (child, parents) in row.parents {
        contents.parents.insert(object(child)?, all(parents)?);
    }
    for (view, invoker, relations) in row.views {
        contents.views.insert(object(view)?, ViewOf { invoker, relations: all(relations)? });
    }
    for group in row.objects {
        let held = Holding::new(group.owner, acl(&group.acl)?);
        for (name, args) in group.names {
            let object = object((group.kind.clone(), group.schema.clone(), name, args))?;
            let follows = contents.sequences.get(&object).map(|owned| Arc::clone(&owned.table));
            database.objects.insert(object, Holding { follows, ..held.clone() });
        }
    }
    for (table, column, items) in row.columns {
        database.columns.insert((object(table)?, column), Arc::new(acl(&items)?));
    }
    for (role, schema, letter, items) in row.defaults {
        let future = letter.chars().next().and_then(Future::of_letter).ok_or(SnapshotFileError::Unknown(letter))?;
        database.defaults.insert(DefaultKey { role, schema, future }, acl(&items)?);
    }
    database.extensions = row.extensions;
    Ok(contents)
}

fn object_row(object: &Object) -> ObjectRow {
    (object.kind.word().into(), object.schema.clone(), object.name.clone(), object.args.to_string())
}

fn object((kind, schema, name, args): ObjectRow) -> Result<Object, SnapshotFileError> {
    let kind = Kind::all().find(|k| k.word() == kind).ok_or(SnapshotFileError::Unknown(kind))?;
    Ok(Object { kind, schema, name, args: args.into() })
}

fn acl(items: &[String]) -> Result<Acl, AclError> {
    Acl::parse(items.iter().map(String::as_str))
}
