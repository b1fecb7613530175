//! Why an apply stopped, and what it left.

use super::prepare::Made;
use super::survey::SurveyError;
use crate::catalog::CatalogError;
use crate::db::{ConnectError, StatementError};
use crate::model::Name;
use crate::plan::{Plan, Step, StepCode};
use crate::proof::{Finding, Unread};

/// "failed to apply: …"
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Connect(Box<ConnectError>),
    #[error(transparent)]
    Survey(#[from] SurveyError),
    #[error("another apply or rotation is running on this cluster: {holder}")]
    Locked { holder: String },
    /// Whoever connects to the maintenance database may take its advisory locks.
    #[error("the lock of an apply is held by a session that couldn't apply: {holder}")]
    LockForged { holder: String, pid: i32 },
    #[error("this server is a standby: it takes no changes")]
    Standby,
    #[error("{} logs in, and may not act as the provisioner {}", login.shown(), provisioner.shown())]
    NotProvisioner { login: Name, provisioner: Name },
    #[error("rights that were borrowed would stay behind, so nothing was changed: {0}")]
    NotReturned(String),
    #[error("the plan was made for another server (its system identifier differs)")]
    Foreign,
    #[error("the layout isn't the one that the plan was made from")]
    OtherLayout,
    #[error("the plan is stale: the cluster has changed since it was made")]
    Stale { changes: Vec<String> },
    #[error("step {} was refused by the server; nothing was changed\n  {}: {sql}", step.id, step.database.shown())]
    Refused { step: Box<Step>, sql: String, source: Box<StatementError> },
    #[error("a statement had no effect in database {}, so nothing was changed: {message}", database.shown())]
    NoEffect { database: Name, message: String },
    #[error("failed to read the catalog again, so nothing was changed")]
    Verify(#[source] CatalogError),
    #[error("after all steps the cluster would not be as the layout says, so nothing was changed")]
    NotConverged { left: Vec<Step> },
    #[error("after all steps somebody would reach what isn't his, so nothing was changed")]
    Broken { broken: Vec<Finding> },
    #[error("failed to prove the layout's claims, so nothing was changed")]
    Unproven(#[source] Unread),
    #[error("{} of {name} came after the plan was made, and nobody agreed to end them", sessions_text(*.sessions))]
    Connected { name: String, sessions: i64 },
    #[error("step {} was refused by the server\n  {}: {sql}", step.id, step.database.shown())]
    Kept { step: Box<Step>, sql: String, source: Box<StatementError> },
    #[error("after all steps something is left to do")]
    Remains { left: Vec<Step> },
    #[error("{source}")]
    Leaving {
        /// Why what was to be dropped stays for now.
        source: Box<ApplyError>,
    },
    #[error("the session that holds the lock is gone, so nothing was changed")]
    LostLock,
    #[error("{}", commit_text(committed, database))]
    Commit { committed: Vec<Name>, database: Name, source: Box<StatementError> },
    #[error("failed to talk to the server")]
    Session(#[source] Box<StatementError>),
    #[error("{source}")]
    After {
        /// What stays: `the roles a, b (no rights, no login)`.
        left: Vec<String>,
        source: Box<ApplyError>,
    },
}

fn sessions_text(sessions: i64) -> String {
    if sessions == 1 { "1 session".into() } else { format!("{sessions} sessions") }
}

fn commit_text(committed: &[Name], database: &Name) -> String {
    let database = database.shown();
    if committed.is_empty() {
        return format!("failed to commit in database {database}");
    }
    let done: Vec<String> = committed.iter().map(Name::shown).collect();
    format!("failed to commit in database {database}, after {} was committed", done.join(", "))
}

impl From<ConnectError> for ApplyError {
    fn from(source: ConnectError) -> Self {
        Self::Connect(Box::new(source))
    }
}

impl ApplyError {
    /// A statement of our own, not of the plan.
    pub(super) fn session(source: StatementError) -> Self {
        Self::Session(Box::new(source))
    }

    /// A commit that failed, or of which no answer came.
    pub(super) fn commit(committed: &[Name], database: &Name, source: StatementError) -> Self {
        Self::Commit { committed: committed.to_vec(), database: database.clone(), source: Box::new(source) }
    }

    /// The statement of a pipeline that was refused.
    pub(super) fn refused(steps: &[&Step], source: StatementError) -> Self {
        let all = steps.iter().flat_map(|step| step.sql.iter().map(move |sql| (*step, sql)));
        match all.clone().nth(source.index.unwrap_or(0)) {
            Some((step, sql)) if !source.is_connection_lost() => {
                Self::Refused { step: Box::new(step.clone()), sql: sql.clone(), source: Box::new(source) }
            }
            _ => Self::session(source),
        }
    }

    /// What is in the new plan and wasn't in the old one, and the other way round.
    pub(super) fn stale(old: &Plan, new: &Plan) -> Self {
        let lines = |plan: &Plan| -> Vec<String> {
            plan.steps.iter().map(|s| format!("{}: {} {}", s.database.shown(), s.action.word(), s.what)).collect()
        };
        let (before, after) = (lines(old), lines(new));
        let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("no longer needed: {line}"));
        let come = after.iter().filter(|line| !before.contains(line)).map(|line| format!("new: {line}"));
        // code that its owner has replaced since leaves the step as it was
        let code = |plan: &Plan| -> Vec<StepCode> { plan.steps.iter().flat_map(|step| step.code.clone()).collect() };
        let (shown, now) = (code(old), code(new));
        let replaced = now.iter().filter(|code| shown.iter().any(|old| old.object == code.object && old != *code));
        let replaced = replaced.map(|code| {
            let database = code.object.database.as_ref().map(Name::shown).unwrap_or_default();
            format!("{database}: the code of {} isn't what the plan shows", code.object.shown())
        });
        Self::Stale { changes: gone.chain(come).chain(replaced).collect() }
    }

    /// Adds what was committed before it happened. Where a commit failed, nobody knows how much more was.
    pub(super) fn after(self, made: Made) -> Self {
        if matches!(self, Self::Commit { .. }) {
            return self;
        }
        let list = |what: &str, names: &[String], state: &str| {
            let shown: Vec<String> = names.iter().map(|name| Name::of_server(name).shown()).collect();
            (!names.is_empty()).then(|| format!("{what} {} ({state})", shown.join(", ")))
        };
        let left: Vec<String> = [
            list("the roles", &made.roles, "without rights and without login"),
            list("the databases", &made.databases, "empty, closed to PUBLIC"),
            list("the databases", &made.opened, "open now, closed to PUBLIC; what they hold is in the next plan"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if left.is_empty() { self } else { Self::After { left, source: Box::new(self) } }
    }

    /// It happened when all but the drops was committed.
    pub(super) fn leaving(self) -> Self {
        let source = match self {
            Self::Refused { step, sql, source } => Self::Kept { step, sql, source },
            other => other,
        };
        Self::Leaving { source: Box::new(source) }
    }

    /// Somebody had locked what it needed, for longer than it waits.
    #[must_use]
    pub fn waited(&self) -> bool {
        match self {
            Self::Refused { source, .. }
            | Self::Kept { source, .. }
            | Self::Session(source)
            | Self::Commit { source, .. } => source.sqlstate() == Some("55P03"),
            Self::After { source, .. } | Self::Leaving { source } => source.waited(),
            _ => false,
        }
    }

    /// Others were in the way, and a moment later may not be.
    pub(super) fn is_retryable(&self) -> bool {
        match self {
            Self::Refused { source, .. } | Self::Session(source) => source.is_retryable(),
            Self::Commit { committed, source, .. } => committed.is_empty() && source.is_retryable(),
            _ => false,
        }
    }
}
