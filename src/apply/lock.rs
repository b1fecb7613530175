//! One apply at a time. Advisory locks are local to a database, so the cluster's is always taken in the maintenance database,
//! by a session that lives as long as the run.
//!
//! The server notices that a run died when it next listens to it: at once in the session with the lock, later in one that is
//! still inside a statement, such as PREPARE TRANSACTION. So each session that changes something holds a mark of its own, a
//! lock in its own database, and the next run waits until nobody has one any more: what it then reads stays so.

use std::time::Duration;

use super::ApplyError;
use crate::db::{Row, Session};

/// "pgmoat" in ASCII.
const KEY: i64 = 0x7067_6d6f_6174;

/// The class of the marks, "pgmo" in ASCII; the object is the session's process id. A mark is of the session and not of the
/// transaction: PREPARE TRANSACTION refuses both on one key, and would keep the transaction's.
const MARK: i64 = 0x7067_6d6f;

/// How long a dead run's sessions may take: longer than they wait for a lock, where `--lock-timeout` is the usual one.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the server may take to hear that we give the lock back.
const GOODBYE: Duration = Duration::from_secs(2);

/// Takes the lock, or says who holds it.
pub(super) async fn take(session: &Session) -> Result<(), ApplyError> {
    let sql = format!("SELECT pg_catalog.pg_try_advisory_lock('{KEY}'::pg_catalog.int8)");
    let rows = session.query(&sql, &[]).await.map_err(ApplyError::session)?;
    if !rows.first().is_some_and(|row| row.get(0)) {
        return Err(held(session).await?);
    }
    let began = tokio::time::Instant::now();
    while let Some(holder) = at_work(session).await? {
        if began.elapsed() > PATIENCE {
            return Err(ApplyError::Locked { holder });
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Gives the lock back: a session's locks go when its process ends, which may be after ours, and the next run would find it held.
pub(super) async fn give_back(session: Session) {
    let unlock = session.execute("SELECT pg_catalog.pg_advisory_unlock_all()");
    // where nobody answers, the server finds out by itself
    if let Ok(Ok(())) = tokio::time::timeout(GOODBYE, unlock).await {
        session.close().await;
    }
}

/// What a session does first that will change something. It never waits: nobody else takes the lock on this process id, and
/// where somebody did to do harm, the mark is missing and nothing worse.
pub(super) fn mark() -> String {
    format!("SELECT pg_catalog.pg_try_advisory_lock('{MARK}'::pg_catalog.int4, pg_catalog.pg_backend_pid())")
}

/// Who holds it: somebody who applies or rotates, or somebody who couldn't, and keeps others from it.
async fn held(session: &Session) -> Result<ApplyError, ApplyError> {
    let rows = session.query(include_str!("../../sql/lock_holder.sql"), &[&KEY]).await.map_err(ApplyError::session)?;
    let Some(row) = rows.first() else {
        return Ok(ApplyError::Locked { holder: "a session that has just ended".into() });
    };
    Ok(match row.get("could_apply") {
        true => ApplyError::Locked { holder: shown(row) },
        false => ApplyError::LockForged { holder: shown(row), pid: row.get("pid") },
    })
}

/// A session of an earlier run that hasn't ended yet.
async fn at_work(session: &Session) -> Result<Option<String>, ApplyError> {
    let rows = session.query(include_str!("../../sql/at_work.sql"), &[&MARK]).await.map_err(ApplyError::session)?;
    Ok(rows.first().map(shown))
}

fn shown(row: &Row) -> String {
    let (pid, user): (i32, Option<String>) = (row.get("pid"), row.get("user"));
    let (application, address, since): (String, String, String) =
        (row.get("application"), row.get("address"), row.get("since"));
    let user = user.unwrap_or_else(|| "?".into());
    format!("{user} ({application}, pid {pid}, from {address}, since {since})")
}
