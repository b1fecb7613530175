//! Makes a plan true: lock, read, prepare, one transaction a database all open together, read again inside, commit.

mod acting;
mod commit;
mod converge;
mod error;
mod hold;
mod left_open;
mod leftovers;
mod lock;
mod outliving;
mod prepare;
mod retire;
mod retry;
mod survey;
mod verify;

use std::time::Duration;

use crate::db::{self, Conninfo, Session};
use crate::layout::Layout;
use crate::plan::{Plan, Stage};

pub use error::ApplyError;
pub use hold::{Hold, hold};
pub use outliving::Outcome;
pub use survey::{Survey, SurveyError, connect, read_retiring, survey, survey_all};

/// How apply behaves towards a busy server.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub lock_timeout: Duration,
    pub statement_timeout: Duration,
    /// How often it is tried when others are in the way.
    pub attempts: u32,
    /// End sessions, and roll back prepared transactions, that would outlive the change.
    pub cut: bool,
}

impl Options {
    /// How long a statement may take that copies or deletes a database's files: a DROP DATABASE that is cancelled leaves an
    /// invalid database.
    fn time_for_files(self) -> Duration {
        self.statement_timeout * 10
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(60),
            attempts: 5,
            cut: false,
        }
    }
}

/// What apply is doing, for a progress bar and for timings.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// A phase begins: `prepare`, `converge`, `verify`, `commit`, `retire`.
    Phase(&'static str),
    /// So many statements are to come.
    Statements(usize),
    /// One more is done.
    Done,
    /// Others were in the way; once more from the start of the transactions.
    Again(u32),
}

/// Told what happens.
pub type Progress<'a> = &'a (dyn Fn(Event) + Sync);

/// The lock is ours, and the plan is made.
pub struct Ready<'a> {
    /// Whose sessions act as the provisioner.
    conninfo: Conninfo,
    layout: &'a Layout,
    /// Holds the lock; runs nothing of the plan.
    lock: Session,
    pub survey: Survey,
    /// What became of prepared transactions that a dead run had left.
    pub recovered: Vec<String>,
}

/// What was done.
#[derive(Debug)]
pub struct Applied {
    pub plan: Plan,
    pub outcome: Outcome,
}

/// Takes the cluster's lock, finishes what a dead run left, reads, and plans.
///
/// # Errors
/// When another apply holds the lock, the server is a standby, or it can't be read.
pub async fn begin<'a>(conninfo: &Conninfo, layout: &'a Layout) -> Result<Ready<'a>, ApplyError> {
    let lock = connect(conninfo, layout).await?;
    match read(conninfo, layout, &lock).await {
        Ok((conninfo, survey, recovered)) => Ok(Ready { conninfo, layout, lock, survey, recovered }),
        Err(error) => {
            lock::give_back(lock).await;
            Err(error)
        }
    }
}

async fn read(
    conninfo: &Conninfo,
    layout: &Layout,
    lock: &Session,
) -> Result<(Conninfo, Survey, Vec<String>), ApplyError> {
    lock::take(lock).await?;
    let (conninfo, ours) = acting::conninfo(conninfo, layout, lock).await?;
    let recovered = leftovers::finish(&conninfo, lock, &ours).await?;
    let survey = survey_all(&conninfo, layout, lock).await?;
    if survey.snapshot.server.in_recovery {
        return Err(ApplyError::Standby);
    }
    Ok((conninfo, survey, recovered))
}

impl Ready<'_> {
    /// Reads once more, where time has passed since the plan was made: somebody was asked.
    ///
    /// # Errors
    /// [`ApplyError::Stale`] when what was read then isn't there any more.
    pub async fn recheck(&mut self) -> Result<(), ApplyError> {
        let now = survey_all(&self.conninfo, self.layout, &self.lock).await?;
        // who was asked hasn't agreed to a danger that wasn't there then
        let more = !now.plan.hazards().is_subset(&self.survey.plan.hazards());
        if more || !now.plan.is_same_work(&self.survey.plan) {
            return Err(ApplyError::stale(&self.survey.plan, &now.plan));
        }
        self.survey = now;
        Ok(())
    }

    /// Refuses a saved plan that isn't what would be planned now.
    ///
    /// # Errors
    /// [`ApplyError::Stale`] with what has changed since, or [`ApplyError::Foreign`] for another server's plan.
    pub fn accept(&self, saved: &Plan) -> Result<(), ApplyError> {
        let now = &self.survey.plan;
        if saved.target.system_identifier != now.target.system_identifier {
            return Err(ApplyError::Foreign);
        }
        if saved.layout != now.layout {
            return Err(ApplyError::OtherLayout);
        }
        if !saved.is_same_work(now) {
            return Err(ApplyError::stale(saved, now));
        }
        Ok(())
    }

    /// Rolls back the prepared transactions in which rights may wait, and says which: they would be in the way.
    pub async fn clear(&self) -> Vec<String> {
        outliving::clear(self).await
    }

    /// Ends what goes on without any step, or says it.
    pub async fn end(&self, cut: bool) -> Outcome {
        outliving::end(self, cut).await
    }

    /// Changes nothing: the next run may come.
    pub async fn leave(self) {
        lock::give_back(self.lock).await;
    }

    /// Makes the plan true, or changes nothing but what the error names.
    ///
    /// # Errors
    /// See [`ApplyError`]; each says what is left.
    pub async fn run(self, options: Options, progress: Progress<'_>) -> Result<Applied, ApplyError> {
        let done = self.carry_out(options, progress).await;
        let outcome = match &done {
            Ok(()) => outliving::end(&self, options.cut).await,
            Err(_) => Outcome::default(),
        };
        lock::give_back(self.lock).await;
        done.map(|()| Applied { plan: self.survey.plan, outcome })
    }

    async fn carry_out(&self, options: Options, progress: Progress<'_>) -> Result<(), ApplyError> {
        let plan = &self.survey.plan;
        progress(Event::Statements(plan.steps.iter().map(|step| step.sql.len()).sum()));
        let made = prepare::run(&self.conninfo, plan, options, progress).await?;
        let run = converge::Converge { ready: self, options, progress };
        retry::again(options, progress, async || run.once().await).await.map_err(|error| error.after(made))?;
        if self.has(Stage::Retire) {
            retire::run(self, options, progress).await.map_err(ApplyError::leaving)?;
        }
        Ok(())
    }

    fn has(&self, stage: Stage) -> bool {
        self.survey.plan.steps.iter().any(|step| step.stage == stage)
    }
}

/// A session in an open transaction with our timeouts.
async fn begin_transaction(conninfo: &Conninfo, options: Options) -> Result<Session, ApplyError> {
    let session = db::connect(conninfo).await?;
    let timeouts = [
        lock::mark(),
        "BEGIN".to_owned(),
        format!("SET LOCAL lock_timeout = {}", options.lock_timeout.as_millis()),
        format!("SET LOCAL statement_timeout = {}", options.statement_timeout.as_millis()),
        "SET LOCAL client_min_messages = warning".to_owned(),
        // else CREATE ROLE would leave us more than ADMIN OPTION; the setting is there from 16 on
        "SELECT pg_catalog.set_config('createrole_self_grant'::pg_catalog.text, ''::pg_catalog.text, true) \
         WHERE pg_catalog.current_setting('createrole_self_grant'::pg_catalog.text, true) IS NOT NULL"
            .to_owned(),
    ];
    session.pipeline(&timeouts, |_| {}).await.map_err(ApplyError::session)?;
    Ok(session)
}
