//! Partitions and children that stand elsewhere than what they are part of: their rows are the whole's, and its claims are theirs.

use std::collections::BTreeSet;

use super::databases::{Both, Passed};
use super::finding::{Certainty, Draft, Target};
use super::ground::Ground;
use super::objects::{WRITES, claim};
use super::structure::already;
use crate::access::Hop;
use crate::access::flow::Flowed;
use crate::model::{Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, passed: &Passed) {
    for part in both.contents.parents.keys() {
        let wall = ground.wall_around(both.name, part);
        for whole in whole_of(both, part) {
            let over = ground.wall_around(both.name, whole);
            if over.is_some() && over != wall {
                used(ground, both, passed, (part, whole));
            }
        }
    }
}

/// Everything that a table is part of, its parents and theirs.
pub(super) fn whole_of<'b>(both: &'b Both<'_>, part: &Object) -> BTreeSet<&'b Object> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Object> = both.contents.parents.get(part).into_iter().flatten().collect();
    while let Some(parent) = open.pop() {
        if found.insert(parent) {
            open.extend(both.contents.parents.get(parent).into_iter().flatten());
        }
    }
    found
}

/// Who reads or writes the part reads or writes rows of the whole.
fn used(ground: &Ground<'_>, both: &Both<'_>, passed: &Passed, (part, whole): (&Object, &Object)) {
    let writer = ground.desired.writers.contains_key(&(both.name.clone(), whole.clone()));
    for (principal, held, mut path) in passed.holders(&both.actual, part, WRITES | Privileges::SELECT) {
        let mut extra = held.minus(already(both, whole, (principal, &Flowed::new())));
        if !ground.is_beyond(principal, ground.wall_around(both.name, whole)) {
            // inside one wall only the single writer is claimed
            extra = if writer { extra.intersection(WRITES) } else { Privileges::NONE };
        }
        if extra.is_empty() || !ground.is_bound(principal) {
            continue;
        }
        path.push(Hop::Part { table: part.clone() });
        ground.find(Draft {
            code: "inherited-table",
            who: ground.who(principal),
            privileges: extra,
            object: Target::object(both.name, whole),
            claim: claim(ground, both, (whole, extra)),
            path,
            fix: Vec::new(),
            severity: ground.severity(principal),
            certainty: Certainty::Certain,
        });
    }
}
