//! What a user is told when a command fails: a message, its causes, what else there is to know, and what to do.

use std::error::Error;

use super::exit::Exit;
use crate::apply::SurveyError;
use crate::catalog::{CatalogError, SnapshotFileError};
use crate::db::{ConnectError, ConninfoError, StatementError};
use crate::layout::Problem;
use crate::plan::view::SavedPlanError;

/// An error on its way to the terminal.
#[derive(Debug)]
pub(super) struct CliError {
    pub(super) exit: Exit,
    pub(super) message: String,
    /// The statement that it is about, below the message: SQL in which names are quoted and visible.
    pub(super) statement: Option<String>,
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
            statement: None,
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

    /// An error whose first line is the message, and the rest the statement.
    pub(super) fn about_statement(error: &dyn Error) -> Self {
        let text = error.to_string();
        match text.split_once("\n  ") {
            Some((message, statement)) => Self { statement: Some(statement.to_owned()), ..Self::new(message) },
            None => Self::new(text),
        }
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

    /// A role of the layout that is a superuser can't be planned for, and is a broken claim all the same.
    pub(super) fn broken_by_superuser(mut self) -> Self {
        if self.problems.iter().any(|problem| problem.code == "trusted-role") {
            self.exit = Exit::Broken;
        }
        self
    }

    pub(super) fn hinted(mut self, hint: Option<String>) -> Self {
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
        let exit = if error.is_planted() { Exit::Broken } else { Exit::Error };
        Self { exit, ..Self::new(format!("failed to connect: {error}")).caused_by(&error).hinted(error.hint()) }
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
        let exit = if error.is_planted() { Exit::Broken } else { Exit::Error };
        Self { exit, ..Self::new("failed to read the catalog").caused_by(&error).hinted(hint) }
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
