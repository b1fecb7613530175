//! The inside of one database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::try_join;

use super::code::read_code;
use super::relations::{Relation, Relations};
use super::rows::{Answer, Columns, Params, question};
use super::{CatalogError, Depth, others as held_by_roles};
use crate::db::Session;
use crate::model::{
    Acl, Contents, Database, DefaultKey, Future, Grantee, Holding, Kind, Name, Object, OwnedBy, ViewOf, owners,
};

/// Reads everything that has an owner and an ACL, and how it hangs together. Owner and ACL of the database itself are
/// shared, and so are read with the cluster.
///
/// # Errors
/// When a question fails.
pub async fn read_database(session: &Session, depth: Depth) -> Result<(Database, Contents), CatalogError> {
    let (schemas, relations, columns, routines, types, defaults) = try_join!(
        biased;
        question!("schemas").ask(session),
        question!("relations").ask(session),
        question!("columns").ask(session),
        question!("routines").ask(session),
        question!("types").ask(session),
        question!("default_privileges").ask(session),
    )?;
    let whole = depth != Depth::Rights;
    let of_roles: Params<'_> = &[&whole];
    let (extensions, dependencies, views, inheritance, held) = try_join!(
        biased;
        question!("extensions").ask(session),
        question!("dependencies").ask(session),
        question!("views").ask(session),
        question!("inheritance").ask(session),
        question!("held_by_roles").ask_with(session, of_roles),
    )?;
    let code = match depth {
        Depth::Rights => None,
        Depth::Code(version) => Some(Box::pin(read_code(session, version)).await?),
    };
    let relations = Relations::read(relations)?;
    let depends = Dependencies::read(dependencies, &relations)?;
    let contents = Contents {
        parents: edges(inheritance, &relations)?,
        views: view_bases(views, &relations)?,
        sequences: depends.sequences(&relations),
        others: Some(held_by_roles::read(held)?),
        code,
        adoptable: None,
    };
    let mut database = Database::new(Name::of_server(""), Acl::default());
    database.extensions = extensions.rows().map(|row| row.name("name")).collect::<Result<_, _>>()?;
    database.things = contents.others.as_deref().map(owners).unwrap_or_default();
    database.columns = column_acls(columns, &relations, &depends)?;
    database.defaults = default_acls(defaults)?;
    let mut objects = others(schemas, Schema, &depends)?;
    objects.extend(others(routines, Routine, &depends)?);
    objects.extend(others(types, Type, &depends)?);
    objects.extend(relations.by_oid.into_iter().filter_map(|(oid, relation)| {
        let Relation { object, owner, acl } = relation;
        let owned = if object.kind == Kind::Sequence { contents.sequences.get(&object) } else { None };
        let follows = owned.map(|owned| Arc::clone(&owned.table));
        (!depends.is_member("pg_class", oid)).then_some((object, Holding { owner, acl, follows }))
    }));
    database.objects = objects.into_iter().collect();
    Ok((database, contents))
}

/// What belongs to an extension, or is a part of a type, and what belongs to a column.
struct Dependencies {
    members: BTreeMap<String, BTreeSet<u32>>,
    /// (sequence, table, is an identity column's)
    sequences: Vec<(u32, u32, bool)>,
}

impl Dependencies {
    fn read(answer: Answer, relations: &Relations) -> Result<Self, CatalogError> {
        let mut found = Self { members: BTreeMap::new(), sequences: Vec::new() };
        for row in answer.rows() {
            let deptype = char::from(row.get::<i8>("deptype")?.cast_unsigned());
            let (objects, referenced): (Vec<u32>, Vec<u32>) = (row.get("objects")?, row.get("referenced")?);
            let catalog: &str = row.get("catalog")?;
            if deptype == 'e' || catalog == "pg_proc" {
                found.members.entry(catalog.into()).or_default().extend(objects);
                continue;
            }
            let is_sequence = |oid: u32| relations.object(oid).is_some_and(|o| o.kind == Kind::Sequence);
            let pairs = objects.into_iter().zip(referenced).filter(|(oid, _)| is_sequence(*oid));
            found.sequences.extend(pairs.map(|(sequence, table)| (sequence, table, deptype == 'i')));
        }
        Ok(found)
    }

    fn is_member(&self, catalog: &str, oid: u32) -> bool {
        self.members.get(catalog).is_some_and(|members| members.contains(&oid))
    }

    fn sequences(&self, relations: &Relations) -> BTreeMap<Object, OwnedBy> {
        let owned = |(sequence, table, identity): &(u32, u32, bool)| {
            let table = Arc::new(relations.object(*table)?.clone());
            Some((relations.object(*sequence)?.clone(), OwnedBy { table, identity: *identity }))
        };
        self.sequences.iter().filter_map(owned).collect()
    }
}

/// Schemas, routines and types differ in where their name and kind stand.
#[derive(Clone, Copy)]
enum Other {
    Schema,
    Routine,
    Type,
}
use Other::{Routine, Schema, Type};

fn others(answer: Answer, other: Other, depends: &Dependencies) -> Result<Vec<(Object, Holding)>, CatalogError> {
    let catalog = match other {
        Schema => "pg_namespace",
        Routine => "pg_proc",
        Type => "pg_type",
    };
    let mut objects = Vec::new();
    for row in answer.rows() {
        if !depends.is_member(catalog, row.get("oid")?) {
            objects.push((object(&row, other)?, Holding::new(row.name("owner")?, row.acl()?)));
        }
    }
    Ok(objects)
}

fn object(row: &Columns, other: Other) -> Result<Object, CatalogError> {
    let name = row.name("name")?;
    let args: Arc<str> = if matches!(other, Routine) { row.get::<&str>("args")?.into() } else { Arc::from("") };
    match other {
        Schema => Ok(Object::schema(&name)),
        Routine | Type => Ok(Object { kind: row.letter(Kind::of_letter)?, schema: row.name("schema")?, name, args }),
    }
}

/// The ACL of a column.
type ColumnAcls = BTreeMap<(Object, Name), Arc<Acl>>;

fn column_acls(answer: Answer, relations: &Relations, depends: &Dependencies) -> Result<ColumnAcls, CatalogError> {
    let mut acls = ColumnAcls::new();
    for row in answer.rows() {
        let oid = row.get("relation")?;
        if let Some(table) = relations.object(oid).filter(|_| !depends.is_member("pg_class", oid)) {
            acls.insert((table.clone(), row.name("name")?), row.acl()?);
        }
    }
    Ok(acls)
}

/// Without the owner's own entry: it is never compared.
fn default_acls(answer: Answer) -> Result<BTreeMap<DefaultKey, Acl>, CatalogError> {
    let mut acls = BTreeMap::new();
    for row in answer.rows() {
        let key = DefaultKey {
            role: row.name("role")?,
            schema: row.optional_name("schema")?,
            future: row.letter(Future::of_letter)?,
        };
        let owner = Grantee::Role(key.role.clone());
        acls.insert(key, row.acl()?.without(|grantee, _| *grantee == owner));
    }
    Ok(acls)
}

fn edges(answer: Answer, relations: &Relations) -> Result<BTreeMap<Object, BTreeSet<Object>>, CatalogError> {
    let mut parents: BTreeMap<Object, BTreeSet<Object>> = BTreeMap::new();
    for row in answer.rows() {
        let (child, parent) = (row.get("child")?, row.get("parent")?);
        if let (Some(child), Some(parent)) = (relations.object(child), relations.object(parent)) {
            parents.entry(child.clone()).or_default().insert(parent.clone());
        }
    }
    Ok(parents)
}

fn view_bases(answer: Answer, relations: &Relations) -> Result<BTreeMap<Object, ViewOf>, CatalogError> {
    let mut views = BTreeMap::new();
    for row in answer.rows() {
        let behind: Vec<u32> = row.get("relations")?;
        if let Some(view) = relations.object(row.get("view")?) {
            let behind = behind.into_iter().filter_map(|oid| relations.object(oid).cloned()).collect();
            views.insert(view.clone(), ViewOf { invoker: row.get("invoker")?, relations: behind });
        }
    }
    Ok(views)
}
