//! What a DBA must agree to by name, with `--allow`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A danger of a step. Each has a page under docs/hazards/.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hazard {
    /// Somebody loses a right, a membership, or the default that later objects would have given.
    RevokesAccess,
    /// An object changes hands: its old owner loses all rights that he had as its owner.
    MovesOwner,
    /// Code that a role beyond the wall made belongs to a role of a service from then on, and is opened to whom the layout says.
    AdoptsCode,
    /// A schema is taken from another service's role, or from one that the layout doesn't know.
    TakesSchema,
    /// An attribute of a role that existed before is taken away, its connection limit lowered, or a login that was locked
    /// may log in again.
    ChangesRole,
    /// A role that is at work already gets what a service's group or login has.
    WidensRole,
    /// A setting that the layout doesn't declare goes, or another value takes its place.
    ChangesSettings,
    /// A database that accepts no connections, and that no run of ours left so, is opened.
    OpensDatabase,
    /// A role goes whose sessions are still connected.
    CutsSessions,
    /// A database is dropped, with all that it holds.
    DropsDatabase,
}

impl Hazard {
    /// Every hazard.
    pub const ALL: [Self; 10] = [
        Self::RevokesAccess,
        Self::MovesOwner,
        Self::AdoptsCode,
        Self::TakesSchema,
        Self::ChangesRole,
        Self::WidensRole,
        Self::ChangesSettings,
        Self::OpensDatabase,
        Self::CutsSessions,
        Self::DropsDatabase,
    ];

    /// The stable code, as `--allow` takes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::RevokesAccess => "revokes-access",
            Self::MovesOwner => "moves-owner",
            Self::AdoptsCode => "adopts-code",
            Self::TakesSchema => "takes-schema",
            Self::ChangesRole => "changes-role",
            Self::WidensRole => "widens-role",
            Self::ChangesSettings => "changes-settings",
            Self::OpensDatabase => "opens-database",
            Self::CutsSessions => "cuts-sessions",
            Self::DropsDatabase => "drops-database",
        }
    }

    /// By its code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hazard| hazard.code() == code)
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
