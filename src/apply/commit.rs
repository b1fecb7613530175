//! Commit: by PREPARE TRANSACTION where the server allows it, else one after another, the cluster-wide one, which turns
//! LOGIN on, last. What stands between two commits is less access than the layout gives, never more.

use super::converge::Transaction;
use super::leftovers::gid;
use super::{ApplyError, Ready};
use crate::db::Session;
use crate::model::{Name, literal};

pub(super) async fn all(ready: &Ready<'_>, transactions: Vec<Transaction>) -> Result<(), ApplyError> {
    // a lost lock means that another apply may run
    ready.lock.execute("SELECT 1").await.map_err(|_| ApplyError::LostLock)?;
    if transactions.len() > 1 && prepared_allowed(&ready.lock).await? >= transactions.len() {
        return prepared(ready, &transactions).await;
    }
    let mut committed: Vec<Name> = Vec::new();
    for transaction in transactions {
        let done = transaction.session.execute("COMMIT").await;
        done.map_err(|source| ApplyError::commit(&committed, &transaction.database, source))?;
        committed.push(transaction.database);
        transaction.session.close().await;
    }
    Ok(())
}

async fn prepared_allowed(session: &Session) -> Result<usize, ApplyError> {
    let rows = session.query(include_str!("../../sql/prepared_free.sql"), &[]).await.map_err(ApplyError::session)?;
    Ok(rows.first().map_or(0, |row| usize::try_from(row.get::<_, i32>(0)).unwrap_or(0)))
}

async fn prepared(ready: &Ready<'_>, transactions: &[Transaction]) -> Result<(), ApplyError> {
    let fingerprint = ready.survey.plan.from.trim_start_matches("sha256:");
    let run = format!("{}-{}", &fingerprint[..12], ready.lock.backend_pid().await.map_err(ApplyError::session)?);
    let gids: Vec<String> = (1..=transactions.len()).map(|n| literal(&gid(&run, n, transactions.len()))).collect();
    for (at, transaction) in transactions.iter().enumerate() {
        let done = transaction.session.execute(&format!("PREPARE TRANSACTION {}", gids[at])).await;
        if let Err(source) = done {
            // the last one tells the next run what to do with all; where nobody knows whether it was prepared, all stay
            // for that run to finish, since it would commit the last without the others
            if at + 1 == transactions.len() && source.is_connection_lost() {
                return Err(ApplyError::commit(&[], &transaction.database, source));
            }
            for (before, gid) in transactions[..at].iter().zip(&gids) {
                // what can't be rolled back now, the next run finds and rolls back
                let _ = before.session.execute(&format!("ROLLBACK PREPARED {gid}")).await;
            }
            return Err(ApplyError::commit(&[], &transaction.database, source));
        }
    }
    let mut committed = Vec::new();
    for (transaction, gid) in transactions.iter().zip(&gids) {
        let done = transaction.session.execute(&format!("COMMIT PREPARED {gid}")).await;
        done.map_err(|source| ApplyError::commit(&committed, &transaction.database, source))?;
        committed.push(transaction.database.clone());
    }
    Ok(())
}
