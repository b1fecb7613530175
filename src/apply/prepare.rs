//! What must be committed before the transactions of the databases can see it: roles without rights, memberships that would close a circle with others, and databases, which
//! can't be made in a transaction and stay closed until PUBLIC's CONNECT is gone.

use super::retry::again;
use super::{ApplyError, Event, Options, Progress, begin_transaction, lock};
use crate::db::{self, Conninfo, Session};
use crate::model::{Name, sql_in_encoding};
use crate::plan::{Action, Plan, Stage, Step};

/// What a run has made and committed so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Made {
    pub(super) roles: Vec<String>,
    pub(super) databases: Vec<String>,
    /// Those that were there, and closed.
    pub(super) opened: Vec<String>,
}

pub(super) async fn run(
    conninfo: &Conninfo,
    plan: &Plan,
    options: Options,
    progress: Progress<'_>,
) -> Result<Made, ApplyError> {
    let mut made = Made::default();
    let steps = |stage| plan.steps.iter().filter(move |step| step.stage == stage);
    let Some(first) = plan.steps.iter().find(|step| step.stage < Stage::Converge) else { return Ok(made) };
    progress(Event::Phase("prepare"));
    let conninfo = conninfo.with_database(first.database.as_str());
    let roles: Vec<&Step> = steps(Stage::Prepare).collect();
    if !roles.is_empty() {
        again(options, progress, async || transaction(&conninfo, &roles, options, progress).await).await?;
        made.roles =
            roles.iter().filter(|step| step.action == Action::Create).filter_map(|step| step.role.clone()).collect();
    }
    for step in steps(Stage::Database) {
        let done = match step.action {
            Action::Create => create(&conninfo, step, options, progress).await,
            _ => again(options, progress, async || transaction(&conninfo, &[step], options, progress).await).await,
        };
        done.map_err(|error| error.after(made.clone()))?;
        if step.action == Action::Create {
            made.databases.push(step.object.name.clone());
        } else if !made.databases.contains(&step.object.name) {
            made.opened.push(step.object.name.clone());
        }
    }
    Ok(made)
}

/// CREATE DATABASE copies files, so it has its own time.
async fn create(conninfo: &Conninfo, step: &Step, options: Options, progress: Progress<'_>) -> Result<(), ApplyError> {
    let session = db::connect(conninfo).await?;
    session.allow(options.time_for_files()).await.map_err(ApplyError::session)?;
    session.execute(&lock::mark()).await.map_err(ApplyError::session)?;
    alone(&session, step, progress).await?;
    session.close().await;
    Ok(())
}

/// What can't be in a transaction. Where the connection is lost, the server may do it all the same.
pub(super) async fn alone(session: &Session, step: &Step, progress: Progress<'_>) -> Result<(), ApplyError> {
    for sql in &step.sql {
        let sent = sql_in_encoding(sql, session.server_encoding());
        session.execute(&sent).await.map_err(|source| match source.is_connection_lost() {
            true => ApplyError::commit(&[], &step.database, source),
            false => ApplyError::refused(&[step], source),
        })?;
        progress(Event::Done);
    }
    Ok(())
}

async fn transaction(
    conninfo: &Conninfo,
    steps: &[&Step],
    options: Options,
    progress: Progress<'_>,
) -> Result<(), ApplyError> {
    let session = begin_transaction(conninfo, options).await?;
    statements(&session, steps, progress).await?;
    let database = steps.first().map_or_else(|| Name::of_server(""), |step| step.database.clone());
    session.execute("COMMIT").await.map_err(|source| ApplyError::commit(&[], &database, source))?;
    session.close().await;
    Ok(())
}

/// Runs all statements of the steps, pipelined; a warning that means "no effect" is a failure.
pub(super) async fn statements(session: &Session, steps: &[&Step], progress: Progress<'_>) -> Result<(), ApplyError> {
    let sql: Vec<&str> = steps.iter().flat_map(|step| step.sql.iter().map(String::as_str)).collect();
    let sent: Vec<_> = sql.iter().map(|sql| sql_in_encoding(sql, session.server_encoding())).collect();
    let done = session.pipeline(&sent, |_| progress(Event::Done)).await;
    done.map_err(|source| ApplyError::refused(steps, source))?;
    let creates_extension = sql.iter().any(|sql| sql.starts_with("CREATE EXTENSION"));
    let no_effect = session.take_notices().into_iter().find(|notice| match notice.code.as_str() {
        "01006" | "01007" => true,     // privilege not revoked, not granted
        "01000" => !creates_extension, // "role … has not been granted membership …"; an extension's script may warn of anything
        _ => false,
    });
    match no_effect {
        None => Ok(()),
        Some(notice) => {
            let database = steps.first().map_or_else(|| Name::of_server(""), |step| step.database.clone());
            Err(ApplyError::NoEffect { database, message: notice.message })
        }
    }
}
