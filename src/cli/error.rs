//! What a user is told when a command fails: a message, its causes, what else there is to know, and what to do.

use std::error::Error;

use super::exit::Exit;
use crate::apply::{ApplyError, SurveyError};
use crate::catalog::{CatalogError, SnapshotFileError};
use crate::db::{ConnectError, ConninfoError, StatementError};
use crate::layout::Problem;
use crate::plan::view::SavedPlanError;
use crate::proof::view;

/// An error on its way to the terminal.
#[derive(Debug)]
pub(super) struct CliError {
    pub(super) exit: Exit,
    pub(super) message: String,
    pub(super) causes: Vec<String>,
    pub(super) details: Vec<String>,
    pub(super) hints: Vec<String>,
    /// Text that is rendered already, with its own headings: the problems of a layout.
    pub(super) ready_made: Option<String>,
    /// Problems that still need the layout's text.
    pub(super) problems: Vec<Problem>,
}

impl CliError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Error,
            message: message.into(),
            causes: vec![],
            details: vec![],
            hints: vec![],
            ready_made: None,
            problems: vec![],
        }
    }

    /// Refused, and nothing was changed.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, ..Self::new(message) }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The error and all behind it, without those that only repeat what was said.
    pub(super) fn caused_by(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            let text = cause.to_string();
            if !self.message.contains(&text) && !self.causes.contains(&text) {
                self.causes.push(text);
            }
            next = cause.source();
        }
        self
    }

    fn hinted(mut self, hint: Option<String>) -> Self {
        self.hints.extend(hint);
        self
    }
}

impl From<ConninfoError> for CliError {
    fn from(error: ConninfoError) -> Self {
        let hint = error.hint();
        Self::new(format!("failed to read where to connect: {error}")).hinted(hint)
    }
}

impl From<ConnectError> for CliError {
    fn from(error: ConnectError) -> Self {
        Self::new(format!("failed to connect: {error}")).caused_by(&error).hinted(error.hint())
    }
}

impl From<StatementError> for CliError {
    fn from(error: StatementError) -> Self {
        Self::new("the server refused a statement").caused_by(&error).hinted(error.hint())
    }
}

impl From<CatalogError> for CliError {
    fn from(error: CatalogError) -> Self {
        let hint = connect_hint(&error);
        Self::new("failed to read the catalog").caused_by(&error).hinted(hint)
    }
}

/// The hint of a connection that failed for one of the databases.
fn connect_hint(error: &CatalogError) -> Option<String> {
    match error {
        CatalogError::Connect(error) => error.hint(),
        CatalogError::Statement(error) => error.hint(),
        CatalogError::Database { source, .. } => connect_hint(source),
        _ => None,
    }
}

impl From<SurveyError> for CliError {
    fn from(error: SurveyError) -> Self {
        match error {
            SurveyError::Connect(error) => (*error).into(),
            SurveyError::Catalog(error) => error.into(),
            SurveyError::Layout(problems) => Self { problems, ..Self::new("the layout doesn't fit this server") },
            SurveyError::TooOld(_) => Self::new(error.to_string()),
        }
    }
}

impl From<SnapshotFileError> for CliError {
    fn from(error: SnapshotFileError) -> Self {
        Self::new(format!("failed to read the snapshot: {error}")).caused_by(&error)
    }
}

impl From<SavedPlanError> for CliError {
    fn from(error: SavedPlanError) -> Self {
        Self::new(format!("failed to {error}")).caused_by(&error).hint("a plan is saved by `pgmoat plan --out FILE`")
    }
}

impl From<ApplyError> for CliError {
    fn from(error: ApplyError) -> Self {
        const AGAIN: &str = "make a new plan with `pgmoat plan --out FILE`, and read it again";
        match error {
            ApplyError::Connect(error) => (*error).into(),
            ApplyError::Survey(error) => error.into(),
            ApplyError::Locked { .. } => Self::refused(error.to_string())
                .hint("wait until it is done; a session that hangs can be ended with pg_terminate_backend(pid)"),
            ApplyError::Standby => {
                Self::new(error.to_string()).hint("connect to the primary; `plan` works on a standby")
            }
            ApplyError::NotProvisioner { ref login, ref provisioner } => {
                let grant = format!("GRANT {} TO {}", provisioner.quoted(), login.quoted());
                Self::new(error.to_string()).hint(format!("connect as a member of it, or run once: {grant}"))
            }
            ApplyError::NotReturned(_) => Self::new(error.to_string())
                .hint("somebody changed the memberships of this role at the same time; run it again"),
            ApplyError::Foreign | ApplyError::OtherLayout => Self::refused(error.to_string()).hint(AGAIN),
            ApplyError::Stale { ref changes } => {
                Self { details: changes.clone(), ..Self::refused(error.to_string()) }.hint(AGAIN)
            }
            ApplyError::Refused { ref source, .. } => {
                let hint = source.hint().or_else(|| refused_hint(source));
                Self::new(error.to_string()).caused_by(source).hinted(hint)
            }
            ApplyError::NotConverged { ref left } => {
                let details = left.iter().map(|s| format!("left over: {} {}", s.action.word(), s.what)).collect();
                Self { details, ..Self::new(error.to_string()) }
                    .hint("somebody may have changed the same at the same time; run it again")
            }
            ApplyError::Broken { ref broken } => {
                let finding = |f| [view::headline(f), format!("  {}", view::route(f))];
                let details = broken.iter().take(10).flat_map(finding).collect();
                let exit = Exit::Broken;
                Self { details, exit, ..Self::new(error.to_string()) }
                    .hint("`pgmoat prove` shows what is open already, and docs/findings/ how to close each kind")
            }
            ApplyError::Commit { .. } => Self::new(error.to_string())
                .caused_by(&error)
                .hint("run apply again: it finds what was prepared or committed, and finishes; until then what is there gives less access than the layout, never more"),
            ApplyError::After { left, source } => {
                let mut error = Self::from(*source);
                error.details.extend(left.into_iter().map(|what| format!("what stays: {what}")));
                error.hint("running it again continues from there")
            }
            ApplyError::Leaving { source } => {
                let mut error = Self::from(*source);
                error.exit = Exit::Error;
                error.details.push("what stays: roles or databases to be dropped, without login and without rights".into());
                error.hint("all other steps are committed; run apply again to finish")
            }
            ApplyError::Remains { ref left } => {
                let details = left.iter().map(|s| format!("left over: {} {}", s.action.word(), s.what)).collect();
                Self { details, ..Self::new(error.to_string()) }
            }
            ApplyError::Kept { ref source, .. } => {
                let error = Self::new(error.to_string()).caused_by(source);
                Self { details: source.detail().map(str::to_owned).into_iter().collect(), ..error }
            }
            ApplyError::Connected { .. } => Self::new(error.to_string()),
            ApplyError::Session(ref source) if source.is_connection_lost() => {
                Self::new("the connection was lost, so the server has rolled back").caused_by(source)
            }
            ApplyError::NoEffect { .. } => Self::new(error.to_string())
                .hint("connect as a superuser, or as the owner of the objects: others' GRANT and REVOKE are ignored"),
            ApplyError::Verify(_) | ApplyError::Unproven(_) | ApplyError::LostLock | ApplyError::Session(_) => {
                Self::new(error.to_string()).caused_by(&error)
            }
        }
    }
}

fn refused_hint(source: &StatementError) -> Option<String> {
    match source.sqlstate()? {
        "42501" => Some("connect as a superuser, or as a member of the object's owner".into()),
        "25006" => Some(
            "default_transaction_read_only is on, in the server's configuration or by ALTER ROLE or ALTER DATABASE"
                .into(),
        ),
        "42P04" | "42P06" | "42P07" | "42710" | "42723" => Some(
            "something was created since the plan was made, or is in a database that was closed; make a new one".into(),
        ),
        code if code.starts_with("42") => {
            Some("something was dropped or renamed since the plan was made; make a new one".into())
        }
        _ => None,
    }
}
