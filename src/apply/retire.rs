//! The last stage: everything that hung on the roles is gone and committed; now sessions end, databases are dropped, and
//! then the roles, in one transaction. Killed anywhere, it leaves less access than there was, and the next run goes on.

use std::collections::BTreeSet;

use super::lock;
use super::prepare::{alone, statements};
use super::retry::again;
use super::survey::survey;
use super::{ApplyError, Event, Options, Progress, Ready, begin_transaction};
use crate::db::{self, Session};
use crate::plan::{Action, Hazard, Stage, Step};

pub(super) async fn run(ready: &Ready<'_>, options: Options, progress: Progress<'_>) -> Result<(), ApplyError> {
    progress(Event::Phase("retire"));
    ready.lock.execute("SELECT 1").await.map_err(|_| ApplyError::LostLock)?;
    let all = || ready.survey.plan.steps.iter().filter(|step| step.stage == Stage::Retire);
    let session = db::connect(&ready.conninfo.with_database(ready.layout.cluster.database.as_str())).await?;
    session.execute(&lock::mark()).await.map_err(ApplyError::session)?;
    session.allow(options.time_for_files()).await.map_err(ApplyError::session)?;
    let of_database = |step: &&Step| step.object.kind == "database";
    for step in all().filter(of_database) {
        if step.hazards.contains(&Hazard::DropsDatabase) {
            nobody_else(&session, None, Some(&step.object.name)).await?;
        }
        alone(&session, step, progress).await?;
    }
    let mut ended = BTreeSet::new();
    let roles: Vec<&Step> = all().filter(|step| !of_database(step)).collect();
    for step in roles.iter().filter(|step| step.hazards.contains(&Hazard::CutsSessions)) {
        alone(&session, step, progress).await?;
        ended.insert(&step.object.name);
    }
    for role in ready.survey.desired.retire.roles.keys() {
        nobody_else(&session, Some(role.as_str()), None).await?;
    }
    let drops: Vec<&Step> = roles
        .into_iter()
        .filter(|step| step.action == Action::Drop && !step.hazards.contains(&Hazard::CutsSessions))
        .collect();
    session.close().await;
    if !drops.is_empty() {
        again(options, progress, async || drop_roles(ready, &drops, options, progress).await).await?;
    }
    let left = survey(&ready.conninfo, ready.layout, &ready.lock).await?.plan.steps;
    if left.is_empty() { Ok(()) } else { Err(ApplyError::Remains { left }) }
}

/// Whoever came after the plan was made: nobody has agreed to end these sessions.
async fn nobody_else(session: &Session, role: Option<&str>, database: Option<&str>) -> Result<(), ApplyError> {
    let question = include_str!("../../sql/sessions_of.sql");
    let rows = session.query(question, &[&role, &database]).await.map_err(ApplyError::session)?;
    let sessions = rows.first().map_or(0, |row| row.get::<_, i64>(0));
    let name = role.or(database).unwrap_or_default().to_owned();
    if sessions == 0 { Ok(()) } else { Err(ApplyError::Connected { name, sessions }) }
}

async fn drop_roles(
    ready: &Ready<'_>,
    drops: &[&Step],
    options: Options,
    progress: Progress<'_>,
) -> Result<(), ApplyError> {
    let conninfo = ready.conninfo.with_database(ready.layout.cluster.database.as_str());
    let session = begin_transaction(&conninfo, options).await?;
    statements(&session, drops, progress).await?;
    session.execute("COMMIT").await.map_err(ApplyError::session)?;
    session.close().await;
    Ok(())
}
