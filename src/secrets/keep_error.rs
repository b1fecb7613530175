//! What keeps a password from being given or changed.

use std::time::Duration;

use super::StoreError;
use crate::db::{ConnectError, StatementError};

/// "failed to …: …". Never says what an entry holds, nor what the server says of a statement with a verifier.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the operating system gives no random bytes")]
    Random(#[from] getrandom::Error),
    #[error("the library made no SCRAM verifier")]
    Verifier(#[from] super::VerifierError),
    /// Ours to leave alone.
    #[error("the entry `{secret}` isn't pgmoat's to change: {why}")]
    Foreign { secret: String, why: String },
    #[error("there is no entry `{secret}`")]
    NoEntry { secret: String },
    /// It names another role, or leads to another place, than the layout says: somebody else's, or tampered with.
    #[error("the {stage} version of `{secret}` {why}")]
    Unexpected { secret: String, stage: &'static str, why: String },
    #[error("there is no role {role}")]
    NoRole { role: String },
    #[error("{role} has no LOGIN")]
    NoLogin { role: String },
    #[error("the password of {role} has expired (VALID UNTIL)")]
    Expired { role: String },
    #[error("{role} is a member of rds_iam: RDS asks it for a token, and no password lets it in")]
    Iam { role: String },
    /// Alternating, and somebody still uses the slot whose turn it is.
    #[error("{role} is still in use ({sessions}), and its password would change")]
    InUse { role: String, sessions: String },
    /// Alternating, and clients may still hold the password before.
    #[error("the current password is {} old, and clients may still hold the one before", age_for_people(*age_of_current))]
    TooYoung { age_of_current: Duration },
    #[error("the stored password of {role} doesn't log in")]
    DoesNotLogIn { role: String },
    #[error("{role} was told its password, and it doesn't log in")]
    NotTaken { role: String },
    #[error("the login of {role} was tried in vain")]
    Login { role: String, source: Box<ConnectError> },
    /// What `[secrets] host` names isn't what we are connected to.
    #[error("a login of {role} at {host} leads to another cluster than the one whose passwords are changed")]
    Elsewhere { role: String, host: String },
    #[error("the server refused the new password of {role}")]
    Refused { role: String, source: Box<StatementError> },
    #[error("the session with the cluster's lock was lost")]
    Session(#[source] Box<StatementError>),
}

impl KeepError {
    pub(super) fn session(source: StatementError) -> Self {
        Self::Session(Box::new(source))
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoEntry { .. } => "apply makes the entries of new logins; one that is there already gets a new \
                                     password with `adopt = true`"
                .into(),
            Self::Foreign { .. } | Self::Unexpected { .. } => {
                "see whose it is; another `name` in [secrets], or a `secret` of the login, keeps them apart".into()
            }
            Self::NoRole { .. } | Self::NoLogin { .. } => "pgmoat apply makes the roles first".into(),
            Self::Expired { role } => format!("ALTER ROLE {role} VALID UNTIL 'infinity'"),
            Self::InUse { .. } => {
                "deploy the service anew, so that all of it has the current password; then rotate".into()
            }
            Self::TooYoung { .. } => "wait until the service has been deployed anew, or say less with --min-age".into(),
            Self::DoesNotLogIn { .. } => {
                "pgmoat secrets repair sets what the store says; where somebody has stolen it, rotate --stolen sets a new one".into()
            }
            Self::NotTaken { .. } => {
                "is there a pooler with passwords of its own between, or a replica that lags? the \
                                      entry is pending, and the next run goes on"
                    .into()
            }
            Self::Elsewhere { .. } => {
                "`host` and `port` in [secrets] are what services connect to, and -d, or PGHOST, is what \
                                       pgmoat does: both must lead to one cluster"
                    .into()
            }
            Self::Login { source, .. } => return source.hint(),
            Self::Refused { source, .. } if source.sqlstate() == Some("42501") => {
                "from 16 on this needs ADMIN OPTION on the role; with rds.restrict_password_commands, rds_password"
                    .into()
            }
            Self::Refused { source, .. } | Self::Session(source) => return source.hint(),
            _ => return None,
        })
    }
}

/// `3 h`, for people.
pub fn age_for_people(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7200 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86400),
    }
}
