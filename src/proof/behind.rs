//! What others' code stands behind: types, aggregates, routines and operators that are made of it, over as many hops as there are, whoever owns
//! those between.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::databases::Both;
use super::ground::Ground;
use crate::model::{Borrowed, Kind, Name, Object};

/// What each thing is made of.
pub(super) struct Behind<'g, 'a> {
    ground: &'g Ground<'a>,
    parts: BTreeMap<&'g Object, Vec<&'g Borrowed>>,
    /// Whole ways are walked once, however many tables have the type.
    ends: RefCell<BTreeMap<&'g Object, Rc<Vec<&'g Borrowed>>>>,
}

impl<'g, 'a> Behind<'g, 'a> {
    pub(super) fn of(ground: &'g Ground<'a>, borrowed: &'g [Borrowed]) -> Self {
        let mut parts: BTreeMap<&Object, Vec<&Borrowed>> = BTreeMap::new();
        borrowed.iter().for_each(|one| parts.entry(&one.user).or_default().push(one));
        Self { ground, parts, ends: RefCell::default() }
    }

    /// What is made of something.
    pub(super) fn users(&self) -> impl Iterator<Item = &'g Object> {
        self.parts.keys().copied()
    }

    /// The nearest code of each role that isn't trusted of which something is made; of its types only where there is nothing that runs.
    pub(super) fn ends(&self, of: &'g Object) -> Rc<Vec<&'g Borrowed>> {
        if let Some(known) = self.ends.borrow().get(of) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.walk(of));
        self.ends.borrow_mut().insert(of, Rc::clone(&found));
        found
    }

    fn walk(&self, of: &'g Object) -> Vec<&'g Borrowed> {
        let (mut seen, mut open) = (BTreeSet::from([of]), VecDeque::from([of]));
        let mut nearest: BTreeMap<(&Name, bool), &Borrowed> = BTreeMap::new();
        while let Some(user) = open.pop_front() {
            for part in self.parts.get(user).into_iter().flatten() {
                if !part.code.kind.is_relation() && !self.ground.is_trusted(&part.owner) {
                    nearest.entry((&part.owner, part.code.kind == Kind::Type)).or_insert(part);
                }
                if seen.insert(&part.code) {
                    open.push_back(&part.code);
                }
            }
        }
        let runs: BTreeSet<&Name> = nearest.keys().filter(|(_, is_type)| !is_type).map(|(owner, _)| *owner).collect();
        nearest.retain(|(owner, is_type), _| !is_type || !runs.contains(owner));
        nearest.into_values().collect()
    }

    /// What of another's stands further behind a service's things, where the nearest hop doesn't say so: as if they used it themselves.
    pub(super) fn indirect<'b>(&'b self, both: &'b Both<'a>) -> impl Iterator<Item = Borrowed> + 'b {
        self.parts.iter().flat_map(move |(user, parts)| {
            let wall = super::code::wall_over(self.ground, both, user);
            let direct = parts.iter().filter(|part| !part.code.kind.is_relation());
            let direct: BTreeSet<(&Name, bool)> =
                direct.map(|part| (&part.owner, part.code.kind == Kind::Type)).collect();
            let said = move |end: &Borrowed| {
                direct.contains(&(&end.owner, false))
                    || end.code.kind == Kind::Type && direct.contains(&(&end.owner, true))
            };
            // of what stands behind the same wall, it is said there
            let open = parts
                .iter()
                .filter(move |part| wall.is_some() && self.ground.wall_around(both.name, &part.code) != wall);
            open.flat_map(move |part| {
                let ends = self.ends(&part.code);
                let ends: Vec<&Borrowed> = ends.iter().copied().filter(|end| !said(end)).collect();
                ends.into_iter().map(move |end| Borrowed {
                    user: part.user.clone(),
                    part: format!("{} (by {})", part.part, part.code.shown()),
                    code: end.code.clone(),
                    owner: end.owner.clone(),
                })
            })
        })
    }
}
