//! Two states, and what leads from the first to the second. Pure, and knows neither SQL nor where a state came from.

mod acl;
mod cluster;
mod database;
mod retire;
mod retire_rights;

use std::collections::BTreeMap;

use crate::model::{DefaultKey, Membership, MembershipOptions, Name, Object, Privileges, Role, SettingKey, State};
use crate::model::{Granted, Grantee, Presence, Thing};

pub use retire::{Connected, FromAnother, Retirement, Strip, retire};

/// One difference, with what was there before, so that it can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// CREATE ROLE; it gets LOGIN by an [`Change::AlterRole`] of its own, when everything else is in place.
    CreateRole {
        name: Name,
        role: Role,
    },
    AlterRole {
        name: Name,
        from: Role,
        to: Role,
    },
    Join {
        membership: Membership,
        options: MembershipOptions,
    },
    /// Options that a membership lacks, or has too much.
    AlterMembership {
        membership: Membership,
        from: MembershipOptions,
        to: MembershipOptions,
    },
    Leave {
        membership: Membership,
        options: MembershipOptions,
    },
    Set {
        key: SettingKey,
        from: Option<String>,
        to: String,
    },
    Reset {
        key: SettingKey,
        from: String,
    },
    /// `from` tells a database that must be created from one that only has to be opened.
    OpenDatabase {
        database: Name,
        owner: Name,
        from: Presence,
    },
    CreateSchema {
        database: Name,
        schema: Name,
        owner: Name,
    },
    CreateExtension {
        database: Name,
        extension: Name,
    },
    Own {
        target: Target,
        from: Name,
        to: Name,
    },
    /// What has no ACL, and stands in a schema, changes hands.
    Move {
        database: Name,
        thing: Thing,
        from: Name,
        to: Name,
    },
    Grant {
        target: Target,
        owner: Name,
        grantee: Grantee,
        privileges: Privileges,
    },
    Revoke(Revoke),
    GrantDefault {
        database: Name,
        key: DefaultKey,
        grantee: Grantee,
        privileges: Privileges,
    },
    RevokeDefault {
        database: Name,
        key: DefaultKey,
        grantee: Grantee,
        privileges: Privileges,
        options: Privileges,
    },
    /// A role or a database leaves.
    Retire(Retirement),
}

/// What has an owner and an ACL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Database(Name),
    Object(Name, Object),
    /// Database, table, column.
    Column(Name, Object, Name),
}

impl Target {
    /// The database that it is, or is in.
    #[must_use]
    pub fn database(&self) -> &Name {
        match self {
            Self::Database(name) | Self::Object(name, _) | Self::Column(name, _, _) => name,
        }
    }
}

/// Rights to take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoke {
    pub target: Target,
    /// The object's owner, after moves.
    pub owner: Name,
    pub grantor: Name,
    pub grantee: Grantee,
    pub privileges: Privileges,
    /// Privileges that stay, without their grant option.
    pub options: Privileges,
    /// Those of all these that carried a grant option before.
    pub grantable: Privileges,
    /// What the grantee granted on, which goes with it, the nearest first.
    pub with_it: Vec<(Grantee, Name, Granted)>,
}

/// What leads from one state to the other; empty when they are equal. In a fixed order, equal input giving equal output.
#[must_use]
pub fn diff(from: &State, to: &State) -> Vec<Change> {
    let mut changes = Vec::new();
    cluster::roles(from, to, &mut changes);
    cluster::memberships(from, to, &mut changes);
    cluster::settings(from, to, &mut changes);
    merge(&from.databases, &to.databases, |name, before, after| {
        if let (Some(before), Some(after)) = (before, after) {
            database::database(name, before, after, &mut changes);
        }
    });
    changes
}

/// Walks two ordered maps side by side.
fn merge<'a, K: Ord, V>(
    from: &'a BTreeMap<K, V>,
    to: &'a BTreeMap<K, V>,
    mut each: impl FnMut(&'a K, Option<&'a V>, Option<&'a V>),
) {
    let (mut left, mut right) = (from.iter().peekable(), to.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let before = if order.is_le() { left.next() } else { None };
        let after = if order.is_ge() { right.next() } else { None };
        if let Some((key, _)) = before.or(after) {
            each(key, before.map(|(_, v)| v), after.map(|(_, v)| v));
        }
    }
}
