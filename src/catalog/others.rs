//! What pg_shdepend knows of roles in a database, and no other question reads.

use super::CatalogError;
use super::rows::{Answer, Columns};
use crate::model::{Acl, Held, Name, Other, Thing};

pub(super) fn read(answer: Answer) -> Result<Vec<Other>, CatalogError> {
    answer.rows().map(|row| other(&row)).collect()
}

fn other(row: &Columns) -> Result<Other, CatalogError> {
    let hold = match (row.optional_name("role")?, row.get("owns")?) {
        (Some(owner), true) => Held::Owner(owner),
        (Some(role), false) => Held::Named(role),
        (None, _) => Held::Rights(Acl::parse(row.get::<Option<Vec<&str>>>("acl")?.unwrap_or_default())?),
    };
    let users = row.get::<Vec<&str>>("users")?.into_iter().map(Name::of_server).collect();
    let extension = row.optional_name("extension")?;
    Ok(Other { thing: thing(row)?, hold, extension, count: row.get("count")?, users })
}

pub(super) fn thing(row: &Columns) -> Result<Thing, CatalogError> {
    Ok(Thing {
        kind: row.get("kind")?,
        schema: row.optional_name("schema")?,
        identity: row.get("identity")?,
        column: row.optional_name("column")?,
        member: row.get("member")?,
        part: row.get("part")?,
    })
}
