//! Why a connection string, or what fills it up, can't be used.

use std::path::PathBuf;

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The connection string.
    Argument,
    /// An environment variable.
    Variable(&'static str),
    /// A section of a service file.
    Service(PathBuf),
    /// Nobody said anything.
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Argument => f.write_str("the connection string"),
            Origin::Variable(name) => write!(f, "the environment variable {name}"),
            Origin::Service(path) => write!(f, "the service file {}", path.display()),
            Origin::Default => f.write_str("the defaults"),
        }
    }
}

/// Why the connection settings can't be used, as a fragment that fits "failed to …: ". No variant has room for a
/// value or for a piece of the connection string, because any piece of a malformed string may be a piece of a
/// password: positions are told instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConninfoError {
    /// A keyword that libpq doesn't know.
    #[error("the connection string has a setting that PostgreSQL doesn't know (setting {ordinal}, at byte {offset})")]
    UnknownKeyword {
        /// Which setting, from 1.
        ordinal: usize,
        /// Where it starts, from 0.
        offset: usize,
    },
    /// A word without a value.
    #[error("the connection string has a word without `=` (setting {ordinal}, at byte {offset})")]
    MissingEquals {
        /// Which setting, from 1.
        ordinal: usize,
        /// Where it starts, from 0.
        offset: usize,
    },
    /// A quote that never ends.
    #[error("the connection string has a quote that is never closed (it opens at byte {offset})")]
    UnterminatedQuote {
        /// Where the quote is, from 0.
        offset: usize,
    },
    /// A malformed URL.
    #[error("the connection URL is malformed: {problem} (at byte {offset})")]
    Url {
        /// What is wrong.
        problem: &'static str,
        /// Where, from 0.
        offset: usize,
    },
    /// A URL with another scheme, or with none.
    #[error("the connection string looks like a URL, but doesn't start with postgres:// or postgresql://")]
    NotOurUrl,
    /// A value that a keyword can't have.
    #[error("`{keyword}` isn't valid in {origin}: it must be {expected}")]
    Invalid {
        /// The keyword.
        keyword: &'static str,
        /// What the value must be.
        expected: String,
        /// Who gave it.
        origin: Origin,
    },
    /// A keyword, or a value of it, that pgmoat can't honour.
    #[error("`{keyword}` in {origin} asks for what pgmoat doesn't support: {why}")]
    Unsupported {
        /// The keyword.
        keyword: &'static str,
        /// Why not, or what to use instead.
        why: &'static str,
        /// Who gave it.
        origin: Origin,
    },
    /// `sslrootcert=system` with a mode that doesn't look at the name.
    #[error("sslrootcert=system needs sslmode=verify-full, since anybody can get a certificate of a public authority")]
    WeakSystemRoots,
    /// No user name from anywhere.
    #[error("no user name is given, and the operating system's user has no name")]
    NoUser,
    /// A service that no file has.
    #[error("the service `{service}` is in no service file (looked in {})", looked_in(searched))]
    ServiceNotFound {
        /// The service asked for.
        service: String,
        /// The files that were read.
        searched: Vec<PathBuf>,
    },
    /// A service file that can't be read.
    #[error("the service file {} can't be read: {reason}", path.display())]
    ServiceFileUnreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// A line of a service file that can't be understood.
    #[error("line {line} of the service file {} {problem}", path.display())]
    ServiceFile {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl ConninfoError {
    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            ConninfoError::UnknownKeyword { .. } | ConninfoError::MissingEquals { .. } => {
                "a value with a space in it, such as a password, must stand in single quotes: password='two words'"
            }
            ConninfoError::UnterminatedQuote { .. } => r"write a quote inside a quoted value as \', a backslash as \\",
            ConninfoError::Url { .. } => {
                "in a URL, percent-encode what isn't a letter or digit in the user name and the password: \
                 @ is %40, / is %2F, : is %3A, ? is %3F, % is %25"
            }
            ConninfoError::NotOurUrl => {
                "the form is postgresql://USER@HOST:PORT/DATABASE; for a database with such a name, write dbname='…'"
            }
            ConninfoError::WeakSystemRoots => "set sslmode=verify-full, or sslrootcert=PATH to your own authority",
            ConninfoError::NoUser => "give a user: user=NAME in the connection string, or PGUSER",
            ConninfoError::ServiceNotFound { .. } => {
                "services are sections of ~/.pg_service.conf, of the file that PGSERVICEFILE names, \
                 or of pg_service.conf in the folder PGSYSCONFDIR"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn looked_in(searched: &[PathBuf]) -> String {
    if searched.is_empty() {
        return "no file, since there is none".to_owned();
    }
    searched
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}
