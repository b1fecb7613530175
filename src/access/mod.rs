//! Who can do what, by roles: ownership, ACLs, PUBLIC, memberships, superusers and the predefined roles that open every
//! table. Pure: a function of a state, wanted or read.
//!
//! [`Access`] answers as the server would for one session; [`Reach`] for many principals at once, whatever they may become, with the
//! hops that lead there; [`flow`] follows what acts for another.
//!
//! What a principal can do, it can do after preparing it: it makes itself a member of what it has ADMIN OPTION on, and takes apart the
//! circles that stand in the way of that; it gives itself back what it owns, and, as one of its roles, gives to another what that one may
//! pass on: CONNECT from another database, USAGE of a schema. tests/truth.rs tries all of this on live servers.
//! Not thought of: that who may grant a role to the owner of a view lets the view do more; that who owns a database and has CREATEDB may
//! give it to another of its roles, which is `pg_database_owner` then, and that who has CREATEDB may make one, and is that there; that a
//! function with a bound body (`BEGIN ATOMIC`) names tables for its caller, as a view does that runs as its caller.

mod acting;
mod callers;
mod components;
pub mod flow;
mod follow;
mod hop;
mod inside;
mod passing;
mod reach;
mod reason;
mod search_path;
mod session;
mod sessions;
mod standing;
mod strangers;
mod trail;
pub mod who;

use std::collections::BTreeSet;

use crate::model::{Name, Object, Privileges, RoleGraph, State};

pub use hop::{Hop, How, Station, shortened, stations};
pub use inside::{Held, Inside};
pub use passing::view_circles;
pub use reach::{Principal, Reach};
pub use search_path::Start;
pub use session::Session;
pub use strangers::outermost;

/// Answers for one state of a cluster.
#[derive(Debug)]
pub struct Access<'a> {
    state: &'a State,
    server_version_num: u32,
    graph: RoleGraph,
}

/// What somebody may have access to: a database, or an object in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject<'a> {
    Database,
    Object(&'a Object),
}

impl<'a> Access<'a> {
    /// Prepares answers; the version decides how memberships inherit.
    #[must_use]
    pub fn of(state: &'a State, server_version_num: u32) -> Self {
        Self { state, server_version_num, graph: RoleGraph::of(state, server_version_num) }
    }

    /// What a role can do in a database as it is, without SET ROLE. The role need not be able to connect.
    #[must_use]
    pub fn session(&self, role: &Name, database: &Name) -> Session<'_> {
        Session::of(self, role, database)
    }

    /// The roles that a session of this one may become with SET ROLE, itself included.
    #[must_use]
    pub fn may_become(&self, role: &Name) -> BTreeSet<Name> {
        self.graph.may_become(role)
    }

    /// What the role can do at most, as itself or as any role that it may become.
    #[must_use]
    pub fn reachable(&self, role: &Name, database: &Name, subject: Subject<'_>) -> Privileges {
        let roles = self.may_become(role);
        let each = roles.iter().map(|role| self.session(role, database).with_ownership(subject));
        each.fold(Privileges::NONE, Privileges::union)
    }
}
