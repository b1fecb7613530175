//! One apply at a time. Advisory locks are local to a database, so it is always taken in the maintenance database, by a
//! session that lives as long as the run.

use super::ApplyError;
use crate::db::Session;

/// "pgmoat" in ASCII.
const KEY: i64 = 0x7067_6d6f_6174;

/// Takes the lock, or says who holds it.
pub(super) async fn take(session: &Session) -> Result<(), ApplyError> {
    let sql = format!("SELECT pg_catalog.pg_try_advisory_lock({KEY})");
    let rows = session.query(&sql, &[]).await.map_err(ApplyError::session)?;
    if rows.first().is_some_and(|row| row.get(0)) {
        return Ok(());
    }
    Err(ApplyError::Locked { holder: holder(session).await? })
}

async fn holder(session: &Session) -> Result<String, ApplyError> {
    let rows = session.query(include_str!("../../sql/lock_holder.sql"), &[&KEY]).await.map_err(ApplyError::session)?;
    Ok(rows.first().map_or_else(
        || "a session that has just ended".into(),
        |row| {
            let (pid, user): (i32, Option<String>) = (row.get("pid"), row.get("user"));
            let (application, address, since): (String, String, String) =
                (row.get("application"), row.get("address"), row.get("since"));
            let user = user.unwrap_or_else(|| "?".into());
            format!("{user} ({application}, pid {pid}, from {address}, since {since})")
        },
    ))
}
