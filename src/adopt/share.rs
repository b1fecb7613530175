//! How much of a service a role has.

use crate::model::{Database, Future, Grantee, Kind, Name, Object, Privileges};

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
}

impl Share {
    pub(super) fn of(role: &Name, plot: &Plot, database: &Database) -> Self {
        let who = Grantee::Role(role.clone());
        let inside = || plot.schemas.iter().flat_map(|schema| database.in_schema(schema));
        let relations: Vec<_> = inside().filter(|(object, _)| object.kind.is_relation()).collect();
        let tables: Vec<_> = relations.iter().filter(|(object, _)| holds_rows(object)).collect();
        let has = |acl: &crate::model::Acl, any: Privileges| !acl.held_by(&who).intersection(any).is_empty();
        let writes = tables.iter().filter(|(_, held)| has(&held.acl, WRITES)).count();
        let reads = relations.iter().filter(|(_, held)| has(&held.acl, Privileges::SELECT)).count();
        let later = |future: Future, any: Privileges| {
            let ours = |schema: &Option<Name>| schema.as_ref().is_some_and(|schema| plot.schemas.contains(schema));
            database.defaults.iter().any(|(key, acl)| key.future == future && ours(&key.schema) && has(acl, any))
        };
        Self {
            writes_later: later(Future::Tables, WRITES)
                || later(Future::Sequences, Privileges::USAGE | Privileges::UPDATE),
            reads_later: later(Future::Tables, Privileges::SELECT),
            writes: hundredths(writes, tables.len()),
            reads: hundredths(reads, relations.len()),
        }
    }

    pub(super) fn is_dml(&self) -> bool {
        self.writes_later || self.writes >= 50
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
