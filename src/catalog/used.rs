//! Code that runs as whoever uses a relation.

use super::CatalogError;
use super::code::{events, object};
use super::rows::Columns;
use crate::model::{Name, Privileges, Used};

/// As sql/code_used.sql counts them.
pub(super) const EVENTS: [(i32, Privileges); 5] = [
    (1, Privileges::SELECT),
    (4, Privileges::INSERT),
    (8, Privileges::DELETE),
    (16, Privileges::UPDATE),
    (32, Privileges::TRUNCATE),
];

/// Returns a row of sql/code_used.sql.
///
/// # Errors
/// When a column isn't as it should be.
pub(super) fn used(row: &Columns) -> Result<Used, CatalogError> {
    let roles: Vec<&str> = row.get("roles")?;
    // pg_policy.polroles is {0} for PUBLIC
    let everybody = roles.is_empty() || roles.contains(&"");
    let placer: &str = row.get("placer")?;
    Ok(Used {
        relation: object(row, "relation")?,
        part: row.get("part")?,
        name: row.get("name")?,
        on: events(row.get("bits")?, EVENTS),
        code: object(row, "code")?,
        owner: row.name("owner")?,
        placer: (!placer.is_empty()).then(|| Name::of_server(placer)),
        asks_execute: row.get("asks")?,
        fixed: row.get("plain")?,
        queued: row.get("queued")?,
        stamps: row.get("stamps")?,
        definer: row.get("definer")?,
        roles: (!everybody).then(|| roles.into_iter().map(Name::of_server).collect()),
    })
}
