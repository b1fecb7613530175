//! Partitions and children that stand elsewhere than what they are part of: their rows are the whole's, and its claims are theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::databases::{Both, Passed};
use super::finding::{Certainty, Draft, Target};
use super::ground::Ground;
use super::objects::{WRITES, claim};
use super::structure::already;
use crate::access::Hop;
use crate::access::flow::Flowed;
use crate::model::{Contents, Name, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, passed: &Passed) {
    for part in both.contents.parents.keys() {
        let wall = ground.wall_around(both.name, part);
        let ruled = ground.ruled(both.name, part);
        // what has the writer of its whole tells nothing new
        if both.wholes.walls(part).all(|over| Some(over) == wall) && ruled.is_none_or(|ruled| ruled.writer.is_some()) {
            continue;
        }
        for whole in whole_of(both, part) {
            let over = ground.wall_around(both.name, whole);
            let within = ruled.is_some() && ground.writer(both.name, whole).is_some();
            if over.is_some() && (over != wall || within) {
                used(ground, both, passed, (part, whole));
            }
        }
    }
}

/// Of each part, whose the wholes are.
#[derive(Default)]
pub(super) struct Wholes<'a>(BTreeMap<&'a Object, Rc<Over<'a>>>);

#[derive(Default)]
struct Over<'a> {
    walls: BTreeSet<&'a str>,
    /// The first of the wholes that stand in somebody's wall.
    first: Option<(&'a Object, &'a str)>,
}

impl<'a> Wholes<'a> {
    /// From the outermost on, each part after what it is part of.
    pub(super) fn of(ground: &Ground<'a>, name: &Name, contents: &'a Contents) -> Self {
        let mut wholes = Self::default();
        let (mut missing, mut parts) = (BTreeMap::new(), BTreeMap::<&Object, Vec<&Object>>::new());
        for (part, parents) in &contents.parents {
            missing.insert(part, parents.len());
            parents.iter().for_each(|parent| parts.entry(parent).or_default().push(part));
        }
        let mut open: Vec<&Object> = parts.keys().copied().filter(|parent| !missing.contains_key(parent)).collect();
        while let Some(parent) = open.pop() {
            for part in parts.get(parent).into_iter().flatten() {
                let left = missing.entry(*part).or_default();
                *left = left.saturating_sub(1);
                if *left == 0 {
                    let over = wholes.over(ground, name, &contents.parents[*part]);
                    wholes.0.insert(part, over);
                    open.push(part);
                }
            }
        }
        wholes
    }

    fn over(
        &self,
        ground: &Ground<'a>,
        name: &Name,
        parents: impl IntoIterator<Item = &'a Object> + Copy,
    ) -> Rc<Over<'a>> {
        let mut all = Rc::<Over<'_>>::default();
        for parent in parents {
            if let Some(further) = self.0.get(parent) {
                all = if all.walls.is_empty() { Rc::clone(further) } else { Rc::new(all.and(further)) };
            }
            if let Some(wall) = ground.wall_around(name, parent) {
                let own = Over { walls: [wall].into(), first: Some((parent, wall)) };
                all = Rc::new(all.and(&own));
            }
        }
        all
    }

    /// The services whose rows the part holds, besides its own.
    pub(super) fn walls(&self, part: &Object) -> impl Iterator<Item = &'a str> {
        self.0.get(part).into_iter().flat_map(|over| over.walls.iter().copied())
    }

    /// That of the first whole that a service has.
    pub(super) fn wall(&self, part: &Object) -> Option<&'a str> {
        self.0.get(part)?.first.map(|(_, wall)| wall)
    }
}

impl<'a> Over<'a> {
    fn and(&self, other: &Self) -> Self {
        let walls = self.walls.union(&other.walls).copied().collect();
        let first = [self.first, other.first].into_iter().flatten().min();
        Self { walls, first }
    }
}

/// Everything that a table is part of, its parents and theirs.
fn whole_of<'b>(both: &'b Both<'_>, part: &Object) -> BTreeSet<&'b Object> {
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
    let writer = ground.writer(both.name, whole).is_some();
    for (principal, held, mut path) in passed.holders(&both.actual, part, WRITES | Privileges::SELECT) {
        let mut extra = held.minus(already(both, whole, (principal, &Flowed::default())));
        let within = ground.wall_around(both.name, whole) == ground.wall_around(both.name, part);
        if within || !ground.is_beyond(principal, ground.wall_around(both.name, whole)) {
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
