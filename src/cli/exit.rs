//! How the process ends: an interface that scripts rely on.

use std::process::ExitCode;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; in sync; every claim holds.
    Done = 0,
    /// Something went wrong.
    Error = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Changes are pending.
    Pending = 3,
    /// Isolation is broken; wins over what wasn't seen, and over pending changes.
    Broken = 4,
    /// Refused, and nothing was changed.
    Refused = 5,
    /// Not everything could be seen or tried, and what could holds; wins over pending changes.
    Unseen = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
