//! What goes on when all is committed: it is ended where somebody agreed to that, and said where it stays.

use super::Ready;
use super::lock;
use crate::catalog::{CatalogError, read_activity};
use crate::db;
use crate::model::{Activity, Name, Prepared, Sessions, Snapshot, escaped};
use crate::plan::{Left, Lingering, Outliving, outlives};

/// What became of it, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub ended: Vec<String>,
    pub goes_on: Vec<String>,
}

/// The change is made, so nothing here is an error.
pub(super) async fn end(ready: &Ready<'_>, cut: bool) -> Outcome {
    match at_work(ready, cut).await {
        Ok(outcome) => outcome,
        Err(error) => {
            Outcome { ended: vec![], goes_on: vec![format!("what outlives the change can't be read: {error}")] }
        }
    }
}

/// A prepared transaction keeps its locks, which the change may need, for ever: what rights may wait in goes first. Answers what is gone.
pub(super) async fn clear(ready: &Ready<'_>) -> Vec<String> {
    let suspects =
        || ready.survey.plan.outlives.prepared.iter().filter(|left| !left.sql.is_empty() && left.needs.is_none());
    for left in suspects() {
        run(ready, Some(&left.database), &left.sql).await;
    }
    let Ok(now) = read_activity(&ready.lock).await else { return vec![] };
    suspects().filter(|left| !now.prepared.iter().any(|other| is_same(left, other))).map(gone).collect()
}

fn gone(left: &Left) -> String {
    format!("transaction {} of {}", escaped(&left.gid), left.owner.shown())
}

async fn at_work(ready: &Ready<'_>, cut: bool) -> Result<Outcome, CatalogError> {
    let before = read_activity(&ready.lock).await?;
    let outlives = now(ready, &before);
    let after = if cut && outlives.can_be_cut() {
        end_all(ready, &outlives).await;
        read_activity(&ready.lock).await?
    } else {
        before
    };
    Ok(compare(&outlives, &after))
}

/// As of now: others may have come since the plan was made.
fn now(ready: &Ready<'_>, activity: &Activity) -> Outliving {
    let survey = &ready.survey;
    if *activity == survey.snapshot.activity {
        return survey.plan.outlives.clone();
    }
    outlives(&Snapshot { activity: activity.clone(), ..survey.snapshot.clone() }, &survey.desired)
}

/// Sessions first, which could prepare something more.
async fn end_all(ready: &Ready<'_>, outlives: &Outliving) {
    for of in outlives.sessions.iter().filter(|of| of.needs.is_none()) {
        run(ready, None, &of.sql).await;
    }
    for left in outlives.prepared.iter().filter(|left| left.needs.is_none()) {
        run(ready, Some(&left.database), &left.sql).await;
    }
}

/// What fails shows in what is there afterwards.
async fn run(ready: &Ready<'_>, database: Option<&Name>, sql: &[String]) {
    if sql.is_empty() {
        return;
    }
    let conninfo = ready.conninfo.with_database(database.unwrap_or(&ready.layout.cluster.database).as_str());
    let Ok(session) = db::connect(&conninfo).await else { return };
    for sql in [lock::mark()].iter().chain(sql) {
        if session.execute(sql).await.is_err() {
            break;
        }
    }
    session.close().await;
}

/// What ends with its transaction has been in the plan, and isn't said again.
fn compare(outlives: &Outliving, now: &Activity) -> Outcome {
    let mut outcome = Outcome::default();
    for of in outlives.sessions.iter().filter(|of| !of.sql.is_empty()) {
        let same = |other: &&Sessions| (&other.role, &other.database) == (&of.of.role, &of.of.database);
        match now.sessions.iter().find(same) {
            Some(here) => outcome.goes_on.push(Lingering { of: here.clone(), ..of.clone() }.words()),
            None => outcome.ended.push(format!("{}, {}", of.of.role.shown(), of.of.counted())),
        }
    }
    for left in &outlives.prepared {
        if now.prepared.iter().any(|other| is_same(left, other)) {
            outcome.goes_on.push(left.words());
        } else {
            outcome.ended.push(gone(left));
        }
    }
    outcome
}

fn is_same(left: &Left, other: &Prepared) -> bool {
    (&other.gid, &other.owner, &other.database) == (&left.gid, &left.owner, &left.database)
}
