//! Sessions and prepared transactions.

use tokio::try_join;

use super::CatalogError;
use super::rows::question;
use crate::db::Session;
use crate::model::{Activity, Name, Prepared, Sessions};

/// What goes on at this moment, in all databases; the asking session aside.
///
/// # Errors
/// When a question fails.
pub async fn read_activity(session: &Session) -> Result<Activity, CatalogError> {
    let (sessions, prepared) =
        try_join!(question!("activity_sessions").ask(session), question!("activity_prepared").ask(session))?;
    let mut found = Activity::default();
    for row in sessions.rows() {
        let (role, database) = (row.name("role")?, row.optional_name("database")?);
        found.sessions.push(Sessions { role, database, count: row.get("sessions")? });
    }
    for row in prepared.rows() {
        found.prepared.push(Prepared {
            gid: row.get("gid")?,
            owner: row.name("owner")?,
            database: row.name("database")?,
            old: row.get("old")?,
            alters: row.get("alters")?,
            shared: row.get("shared")?,
            roles: row.get::<Vec<&str>>("roles")?.into_iter().map(Name::of_server).collect(),
        });
    }
    Ok(found)
}
