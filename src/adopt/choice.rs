//! Choices that the catalog leaves open are tried, and the one stays that leaves the least to do.

use std::collections::BTreeMap;

use super::AdoptError;
use super::draft::Draft;
use super::trial::{self, Verdict};
use crate::diff::Change;
use crate::layout::PublicSchema;
use crate::model::{Name, Snapshot};

/// The strictest first: of equals it stays.
const PUBLIC: [PublicSchema; 3] = [PublicSchema::Closed, PublicSchema::Usage, PublicSchema::Open];

pub(super) fn make(snapshot: &Snapshot, draft: Draft) -> Result<Draft, AdoptError> {
    let mut draft = without_contradictions(snapshot, draft)?;
    let mut best: BTreeMap<Name, (usize, PublicSchema)> = BTreeMap::new();
    for choice in PUBLIC {
        draft.services.iter_mut().for_each(|service| service.public_schema = choice);
        let changes = trial::of(snapshot, &draft, &[])?.changes(snapshot);
        let databases: Vec<Name> = draft.services.iter().map(|service| service.database.clone()).collect();
        for database in databases {
            let left = changes.iter().filter(|change| is_in(change, &database)).map(cost).sum();
            let better = best.get(&database).is_none_or(|(least, _)| left < *least);
            if better {
                best.insert(database, (left, choice));
            }
        }
    }
    for service in &mut draft.services {
        service.public_schema = best.get(&service.database).map_or(PublicSchema::Open, |(_, choice)| *choice);
    }
    Ok(draft)
}

/// What takes from somebody weighs more than what gives.
fn cost(change: &Change) -> usize {
    match change {
        Change::Revoke(revoke) => 100 * revoke.privileges.each().count().max(1),
        Change::Own { .. } | Change::Move { .. } => 100,
        _ => 1,
    }
}

fn is_in(change: &Change, database: &Name) -> bool {
    match change {
        Change::Revoke(revoke) => revoke.target.database() == database,
        Change::Own { target, .. } | Change::Grant { target, .. } => target.database() == database,
        _ => false,
    }
}

/// Views and partitions may carry a rule to where another contradicts it. Then no table has a writer, and the exceptions
/// keep what is there.
fn without_contradictions(snapshot: &Snapshot, mut draft: Draft) -> Result<Draft, AdoptError> {
    let Verdict::Wrong(problems, _) = trial::judge(snapshot, &draft, &[])? else { return Ok(draft) };
    if problems.iter().any(|problem| ["two-writers", "second-writer"].contains(&problem.code)) {
        for service in &mut draft.services {
            service.rules.retain(|rule| rule.writer.is_none());
        }
        draft
            .notes
            .push("tables have a writer each, but views or partitions contradict it: the rules were left out".into());
    }
    Ok(draft)
}
