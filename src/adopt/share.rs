//! How much of a service a role has.

use std::collections::BTreeMap;

use crate::model::{Acl, Database, Future, Kind, Name, Object, Privileges};

use super::ground::Plot;

/// What lets its holder change rows.
pub(super) const WRITES: Privileges = Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE);

/// What dml may have by the layout.
pub(super) const ROWS: Privileges = WRITES.union(Privileges::SELECT).union(Privileges::TRUNCATE);

/// One of PostgreSQL's own roles.
pub(super) fn is_own(role: &Name) -> bool {
    role.as_str().starts_with("pg_")
}

/// What a role has of its own in the schemas of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Share {
    /// On later objects: what a database keeps for one of its own, seldom for a guest.
    pub(super) writes_later: bool,
    pub(super) reads_later: bool,
    /// Tables that it writes, in hundredths.
    pub(super) writes: usize,
    /// Tables and views that it reads.
    pub(super) reads: usize,
    /// Those that it doesn't read.
    pub(super) unread: usize,
}

/// The shares of everybody in a service; each ACL is looked at once, however many roles there are.
pub(super) fn of_plot<'a>(plot: &'a Plot, database: &'a Database) -> BTreeMap<&'a Name, Share> {
    let inside = plot.schemas.iter().flat_map(|schema| database.in_schema(schema));
    let relations: Vec<_> = inside.filter(|(object, _)| object.kind.is_relation()).collect();
    let tables = relations.iter().filter(|(object, _)| holds_rows(object)).count();
    let mut counts: BTreeMap<&Name, (usize, usize)> = BTreeMap::new();
    for (object, held) in &relations {
        for (role, privileges) in by_role(&held.acl) {
            let (writes, reads) = counts.entry(role).or_default();
            *writes += usize::from(holds_rows(object) && !privileges.intersection(WRITES).is_empty());
            *reads += usize::from(privileges.contains(Privileges::SELECT));
        }
    }
    let mut shares: BTreeMap<&Name, Share> = BTreeMap::new();
    for (role, (writes, reads)) in counts {
        let unread = relations.len() - reads;
        let (writes, reads) = (hundredths(writes, tables), hundredths(reads, relations.len()));
        shares.insert(role, Share { writes, reads, unread, ..Share::default() });
    }
    let ours = |schema: &Option<Name>| schema.as_ref().is_some_and(|schema| plot.schemas.contains(schema));
    for (key, acl) in database.defaults.iter().filter(|(key, _)| ours(&key.schema)) {
        for (role, privileges) in by_role(acl) {
            let share = shares.entry(role).or_default();
            let any = |some: Privileges| !privileges.intersection(some).is_empty();
            share.writes_later |= match key.future {
                Future::Tables => any(WRITES),
                Future::Sequences => any(Privileges::USAGE | Privileges::UPDATE),
                _ => false,
            };
            share.reads_later |= key.future == Future::Tables && any(Privileges::SELECT);
        }
    }
    shares
}

fn by_role(acl: &Acl) -> BTreeMap<&Name, Privileges> {
    let mut held: BTreeMap<&Name, Privileges> = BTreeMap::new();
    for (grantee, _, granted) in acl.entries() {
        if let Some(role) = grantee.role() {
            let all = held.entry(role).or_default();
            *all = *all | granted.privileges;
        }
    }
    held
}

impl Share {
    pub(super) fn is_dml(&self) -> bool {
        self.writes_later || self.writes >= 50
    }

    /// Does it have all that a service's group for reading has? Its members would gain the rest. Of the group for writing the rules of tables say what
    /// it may do with each.
    pub(super) fn is_whole_ro(&self) -> bool {
        self.is_ro() && self.reads_later && self.unread == 0
    }

    pub(super) fn is_ro(&self) -> bool {
        !self.writes_later && self.writes == 0 && (self.reads_later || self.reads >= 50)
    }
}

fn hundredths(part: usize, whole: usize) -> usize {
    // one of very many is more than nothing
    if part == 0 || whole == 0 { 0 } else { (part * 100 / whole).max(1) }
}

pub(super) fn holds_rows(object: &Object) -> bool {
    matches!(object.kind, Kind::Table | Kind::PartitionedTable | Kind::ForeignTable)
}
