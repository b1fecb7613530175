//! Why a statement failed.

use super::blocker::Blocker;
use super::server_error::{ServerError, cut};
use super::session::End;
use std::error::Error;
use std::time::Duration;

/// A statement that failed, and which one of several it was.
#[derive(Debug, thiserror::Error)]
#[error("{kind}{}", listed(blockers))]
pub struct StatementError {
    /// Which statement of a pipeline failed, from 0; `None` if it was alone.
    pub index: Option<usize>,
    kind: Kind,
    /// Who kept it waiting, where that was seen.
    blockers: Vec<Blocker>,
}

fn listed(blockers: &[Blocker]) -> String {
    blockers.iter().map(|blocker| format!("; {blocker}")).collect()
}

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error("{0}")]
    Server(ServerError),
    #[error("the connection was lost: {reason}")]
    Lost { reason: String, server: Option<ServerError> },
    #[error("the server gave no answer within {limit:?}, and kept no limit of its own")]
    Silent { limit: Duration },
    #[error("{what}")]
    Driver { what: String },
}

impl StatementError {
    /// `end` is what the connection ended with, if it did.
    pub(super) fn new(error: &tokio_postgres::Error, end: Option<&End>) -> StatementError {
        let kind = if let Some(server) = error.as_db_error().map(ServerError::from) {
            Kind::Server(server)
        } else if error.is_closed() || io_error(error).is_some() {
            let (said, server) = match end {
                Some(End::Server(server)) => (Some(server.to_string()), Some(server.clone())),
                Some(End::Broken(reason)) => (Some(reason.clone()), None),
                None => (None, None),
            };
            let reason = said.or_else(|| io_error(error).map(ToString::to_string));
            let reason = reason.unwrap_or_else(|| "the server closed it without a word".to_owned());
            Kind::Lost { reason: cut(&reason), server }
        } else {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            Kind::Driver { what: cut(&format!("{error}{cause}")) }
        };
        StatementError { index: None, kind, blockers: Vec::new() }
    }

    /// The same with each text of the server passed through `change`.
    pub(super) fn map_texts(self, change: impl Fn(&str) -> String) -> StatementError {
        let kind = match self.kind {
            Kind::Server(server) => Kind::Server(server.map_texts(change)),
            Kind::Lost { reason, server } => {
                Kind::Lost { reason: change(&reason), server: server.map(|server| server.map_texts(&change)) }
            }
            Kind::Driver { what } => Kind::Driver { what: change(&what) },
            silent @ Kind::Silent { .. } => silent,
        };
        StatementError { kind, ..self }
    }

    /// The server didn't answer in time.
    pub(super) fn silent(limit: Duration) -> StatementError {
        StatementError { index: None, kind: Kind::Silent { limit }, blockers: Vec::new() }
    }

    /// The same with those who kept it waiting, where a timeout ended it.
    pub(super) fn blocked_by(self, blockers: Vec<Blocker>) -> StatementError {
        let waited = matches!(self.kind, Kind::Silent { .. }) || matches!(self.sqlstate(), Some("55P03" | "57014"));
        if waited { StatementError { blockers, ..self } } else { self }
    }

    pub(super) fn at(self, index: usize) -> StatementError {
        StatementError { index: Some(index), ..self }
    }

    /// The error of the server, where it is one.
    pub fn server(&self) -> Option<&ServerError> {
        match &self.kind {
            Kind::Server(server) => Some(server),
            Kind::Lost { server, .. } => server.as_ref(),
            Kind::Silent { .. } | Kind::Driver { .. } => None,
        }
    }

    /// The SQLSTATE.
    pub fn sqlstate(&self) -> Option<&str> {
        self.server().map(|server| server.sqlstate.as_str())
    }

    /// The message without the SQLSTATE.
    pub fn message(&self) -> String {
        match &self.kind {
            Kind::Server(server) => server.message.clone(),
            other => other.to_string(),
        }
    }

    /// More about it, in the server's words.
    pub fn detail(&self) -> Option<&str> {
        self.server()?.detail.as_deref()
    }

    /// What to do about it: the server's advice, or ours for errors that it gives none for.
    pub fn hint(&self) -> Option<String> {
        if let Some(hint) = self.server().and_then(|server| server.hint.clone()) {
            return Some(hint);
        }
        if !self.blockers.is_empty() {
            let ends: Vec<String> = self.blockers.iter().map(Blocker::end).collect();
            let longer = if self.sqlstate() == Some("55P03") { "--lock-timeout" } else { "--statement-timeout" };
            return Some(format!(
                "wait until it has ended, or end it ({}), or wait longer with {longer}",
                ends.join("; ")
            ));
        }
        let hint = match self.sqlstate()? {
            "55P03" => "somebody else holds a lock on it; try again, or wait longer with --lock-timeout",
            "57014" => "it took longer than --statement-timeout, or somebody cancelled it",
            _ if self.is_retryable() => "somebody else changed the same at the same time; run it again",
            _ => return None,
        };
        Some(hint.to_owned())
    }

    /// Whether the same statement may well succeed in a moment: others were in the way, and not the statement wrong.
    pub fn is_retryable(&self) -> bool {
        let Some(server) = self.server() else { return false };
        match server.sqlstate.as_str() {
            // Two GRANTs on one object at once. The message is translated, the code is "internal error" for all sorts.
            "XX000" => server.message.contains("tuple concurrently"),
            // Unique violation in a catalog, deadlock, lock not available, serialization failure.
            "23505" | "40P01" | "55P03" | "40001" => true,
            _ => false,
        }
    }

    /// Whether the session is gone, and with it its transaction.
    pub fn is_connection_lost(&self) -> bool {
        match &self.kind {
            Kind::Lost { .. } | Kind::Silent { .. } => true,
            // Admin shutdown, crash shutdown, the database dropped, idle timeouts: said just before the end.
            Kind::Server(server) => matches!(server.sqlstate.as_str(), "57P01" | "57P02" | "57P04" | "57P05" | "25P03"),
            Kind::Driver { .. } => false,
        }
    }

    /// The same without the server's words, for a statement that carries a password: the server repeats what it
    /// doesn't understand (`syntax error at or near "hunter2"`).
    pub fn without_words(self) -> StatementError {
        const WITHHELD: &str = "the server refused it (its words are withheld, since they may repeat a secret)";
        let kind = match self.kind {
            Kind::Server(server) => Kind::Server(ServerError {
                sqlstate: server.sqlstate,
                message: WITHHELD.to_owned(),
                detail: None,
                hint: None,
                routine: server.routine,
            }),
            Kind::Driver { .. } => Kind::Driver { what: "the statement can't be sent".to_owned() },
            lost @ (Kind::Lost { .. } | Kind::Silent { .. }) => lost,
        };
        StatementError { kind, ..self }
    }
}

fn io_error(error: &tokio_postgres::Error) -> Option<&std::io::Error> {
    error.source().and_then(|source| source.downcast_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(sqlstate: &str, message: &str) -> StatementError {
        let server = ServerError {
            sqlstate: sqlstate.to_owned(),
            message: message.to_owned(),
            detail: Some(message.to_owned()),
            hint: None,
            routine: None,
        };
        StatementError { index: None, kind: Kind::Server(server), blockers: Vec::new() }
    }

    #[test]
    fn what_others_caused_is_worth_another_try() {
        for (code, message, retryable) in [
            ("XX000", "tuple concurrently updated", true),
            ("XX000", "cache lookup failed for relation 1", false),
            ("23505", "", true),
            ("40P01", "", true),
            ("55P03", "", true),
            ("42501", "", false),
        ] {
            assert_eq!(error(code, message).is_retryable(), retryable, "{code} {message}");
        }
        assert!(error("57P01", "terminating connection").is_connection_lost());
        assert!(!error("42501", "").is_connection_lost());
    }

    #[test]
    fn the_servers_words_can_be_withheld() {
        let withheld = error("42601", "syntax error at or near \"hunter2\"").at(3).without_words();
        assert!(!format!("{withheld} {withheld:?} {:?}", withheld.hint()).contains("hunter2"));
        assert_eq!((withheld.index, withheld.sqlstate()), (Some(3), Some("42601")));
    }
}
