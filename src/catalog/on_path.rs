//! What a search_path leads to inside one database.

use std::collections::BTreeMap;

use tokio::try_join;

use super::CatalogError;
use super::code::{each, object};
use super::rows::{Answer, question};
use crate::db::Session;
use crate::model::{Maintenance, Name, NamedCode, OnPath, RoutinePath, SchemaOwners, SystemSchema};

/// Reads it, from a session in the database.
///
/// # Errors
/// When a question fails.
pub(super) async fn read_on_path(session: &Session) -> Result<OnPath, CatalogError> {
    let (code, routines, system) = try_join!(
        question!("path_code").ask(session),
        question!("path_routines").ask(session),
        question!("path_system_schemas").ask(session),
    )?;
    Ok(OnPath {
        code: each(code, |row| {
            let (schema, owner) = (row.name("schema")?, row.name("owner")?);
            let (kind, name) = (row.get("kind")?, row.get("name")?);
            Ok(NamedCode { schema, kind, name, owner, runs: row.get("runs")?, member: row.get("member")? })
        })?,
        routines: each(routines, |row| {
            let (routine, owner) = (object(row, "routine")?, row.name("owner")?);
            Ok(RoutinePath { routine, owner, definer: row.get("definer")?, path: row.get("path")? })
        })?,
        system: schemas(system)?,
    })
}

/// The same of the maintenance database, with its schemas; none where it is managed, and so is read as a whole.
///
/// # Errors
/// When a question fails.
pub(super) async fn read_maintenance(
    session: &Session,
    managed: &BTreeMap<Name, SchemaOwners>,
) -> Result<Option<Maintenance>, CatalogError> {
    let (here, found) = try_join!(question!("path_database").ask(session), question!("schemas").ask(session))?;
    let database = here.rows().next().ok_or(CatalogError::Server)?.name("name")?;
    if managed.contains_key(&database) {
        return Ok(None);
    }
    Ok(Some(Maintenance { database, schemas: schemas(found)?, on_path: read_on_path(session).await? }))
}

fn schemas(answer: Answer) -> Result<Vec<SystemSchema>, CatalogError> {
    each(answer, |row| {
        Ok(SystemSchema { name: row.name("name")?, owner: row.name("owner")?, acl: (*row.acl()?).clone() })
    })
}
