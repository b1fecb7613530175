//! Flows, followed to their ends.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::flow::{Flow, Spreads};
use super::trail::Trail;
use super::{Hop, Inside};
use crate::model::{Kind, Object, Privileges};

/// Who has what by which flow.
#[derive(Debug, Default)]
pub struct Flowed {
    by: BTreeMap<Object, BTreeMap<usize, Vec<Gain>>>,
    pub(super) trails: RefCell<BTreeMap<usize, Rc<Trail>>>,
}

/// What one flow gave to one principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gain {
    pub flow: usize,
    pub privileges: Privileges,
    /// One statement does it, and so with all flows before it.
    pub certain: bool,
    /// On the whole relation, not on columns that something chose.
    whole: bool,
    /// The caller is asked for his own right there.
    pub(super) asked: bool,
    /// How many gains came before it: it follows from such alone.
    pub(super) order: usize,
}

impl Gain {
    /// The same, of these privileges alone.
    #[must_use]
    pub fn only(self, privileges: Privileges) -> Self {
        Self { privileges, ..self }
    }

    /// The hop by which it came.
    #[must_use]
    pub fn hop(self, flows: &[Flow]) -> Hop {
        flows[self.flow].hop_to(self.asked)
    }
}

impl Flowed {
    /// By principal, what it has on a relation.
    #[must_use]
    pub fn get(&self, object: &Object) -> Option<&BTreeMap<usize, Vec<Gain>>> {
        self.by.get(object)
    }

    /// All of it.
    pub fn iter(&self) -> impl Iterator<Item = (&Object, &BTreeMap<usize, Vec<Gain>>)> {
        self.by.iter()
    }
}

const WRITES: Privileges =
    Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE).union(Privileges::TRUNCATE);

/// What a layout means to be passed on.
pub struct Meant<'w> {
    /// In whose wall something stands.
    pub walls: &'w dyn Fn(&Object) -> Option<&'w str>,
    /// Of a whole and its part: does a rule say of the part who writes it, and not the same of the whole?
    pub other_rule: &'w dyn Fn(&Object, &Object) -> bool,
}

/// Follows the flows to their ends: what each principal has by them that it hasn't by role and ACL.
#[must_use]
pub fn follow(inside: &Inside<'_>, flows: &[Flow]) -> Flowed {
    Following::of(inside, flows, None).all()
}

/// The same, of what is meant: views and parents inside one wall, and what callers could do themselves.
#[must_use]
pub fn follow_meant(inside: &Inside<'_>, flows: &[Flow], meant: &Meant<'_>) -> Flowed {
    Following::of(inside, flows, Some(meant)).all()
}

/// Somebody who has something on a relation, by one way.
#[derive(Clone, Copy)]
struct Holder {
    principal: usize,
    privileges: Privileges,
    certain: bool,
    whole: bool,
}

/// What somebody has on its way through a flow.
#[derive(Clone, Copy)]
struct Coming<'w> {
    holder: Holder,
    flow: usize,
    given: Privileges,
    certain: bool,
    /// In whose wall it began, where that matters.
    wall: Option<&'w str>,
}

/// Where a flow that spreads has come already: on which relation, for whom, and whether asked for his own right.
type Place<'a> = (&'a Object, usize, bool);

struct Following<'f, 'i, 'w> {
    inside: &'f Inside<'i>,
    flows: &'f [Flow],
    meant: Option<&'f Meant<'w>>,
    by_source: BTreeMap<&'f Object, Vec<usize>>,
    flowed: Flowed,
    spread: BTreeMap<Place<'f>, Vec<(Coming<'w>, bool)>>,
    order: usize,
}

impl<'f, 'i: 'f, 'w> Following<'f, 'i, 'w> {
    fn of(inside: &'f Inside<'i>, flows: &'f [Flow], meant: Option<&'f Meant<'w>>) -> Self {
        let mut by_source: BTreeMap<&Object, Vec<usize>> = BTreeMap::new();
        for (at, flow) in flows.iter().enumerate() {
            by_source.entry(&flow.from).or_default().push(at);
        }
        Self { inside, flows, meant, by_source, flowed: Flowed::default(), spread: BTreeMap::new(), order: 0 }
    }

    fn all(mut self) -> Flowed {
        let mut open: VecDeque<usize> = (0..self.flows.len()).collect();
        let mut waits = vec![true; self.flows.len()];
        while let Some(at) = open.pop_front() {
            waits[at] = false;
            for changed in self.through(at) {
                let next = self.by_source.get(changed).into_iter().flatten().copied();
                open.extend(next.filter(|next| !std::mem::replace(&mut waits[*next], true)));
            }
        }
        self.flowed
    }

    /// Everybody's way through one flow, and what changed by it.
    fn through(&mut self, at: usize) -> BTreeSet<&'f Object> {
        let flow = &self.flows[at];
        let mut changed = BTreeSet::new();
        let wall = self.meant.and_then(|meant| (meant.walls)(&flow.from));
        let holders = holders(self.inside, &flow.from, &self.flowed).into_iter();
        for holder in holders.flat_map(|holder| goes_to(flow.only.as_deref(), holder, self.inside.public)) {
            for (need, given) in flow.rights.iter().filter(|(need, _)| holder.privileges.contains(*need)) {
                let certain = flow.certain && holder.certain && (holder.whole || !flow.whole.contains(*need));
                let coming = Coming { holder, flow: at, given: *given, certain, wall };
                match flow.spreads {
                    Spreads::No => self.arrive(coming, &flow.to, false, &mut changed),
                    Spreads::Callers { asked, one_of } => self.spread(coming, &flow.to, (asked, one_of), &mut changed),
                    Spreads::Copied => self.spread(coming, &flow.to, (false, false), &mut changed),
                }
            }
        }
        changed
    }

    /// To a relation, and to all that is behind it.
    fn spread(
        &mut self,
        coming: Coming<'w>,
        to: &'f Object,
        (asked, one_of): (bool, bool),
        changed: &mut BTreeSet<&'f Object>,
    ) {
        let contents = self.inside.contents;
        let mut open = vec![(to, asked)];
        while let Some((to, asked)) = open.pop() {
            let before = self.spread.entry((to, coming.holder.principal, asked)).or_default();
            let as_good = |(known, all): &&(Coming<'_>, bool)| {
                (known.certain || !coming.certain)
                    && (known.holder.whole || !coming.holder.whole)
                    && (*all || one_of)
                    && known.wall == coming.wall
            };
            let known = before.iter().filter(as_good).fold(Privileges::NONE, |all, (known, _)| all | known.given);
            if known.contains(coming.given) {
                continue;
            }
            before.push((coming, !one_of));
            let asks = matches!(self.flows[coming.flow].spreads, Spreads::Callers { .. }) && asked;
            if one_of && asks {
                self.arrive_at_one(coming, to, changed);
            } else {
                self.arrive(coming, to, asks, changed);
            }
            if let Some((_, of)) = contents.views.get_key_value(to) {
                open.extend(of.relations.iter().map(|base| (base, of.invoker)));
            }
        }
    }

    /// To one of several relations, which he must be able to write himself; which one, the view's text says.
    fn arrive_at_one(&mut self, coming: Coming<'w>, to: &'f Object, changed: &mut BTreeSet<&'f Object>) {
        let with = self.inside.sessions_with(to, coming.given, true);
        let writers = self.inside.principals_of(&with);
        for holder in goes_to(Some(&writers), coming.holder, self.inside.public) {
            self.arrive(Coming { holder, ..coming }, to, true, changed);
        }
    }

    fn arrive(&mut self, coming: Coming<'w>, to: &'f Object, asked: bool, changed: &mut BTreeSet<&'f Object>) {
        let flow = &self.flows[coming.flow];
        let given = self.meant_of(coming, to, asked);
        if given.is_empty() {
            return;
        }
        // a partition has the columns of the whole table; which a view or a key has, nobody knows, but that what is written through a view
        // over a view arrives
        let keeps = matches!(flow.hop, Hop::Parent { .. }) || to.kind == Kind::View;
        let (whole, order, principal) = (coming.holder.whole && keeps, self.order, coming.holder.principal);
        let (privileges, certain) = (given, coming.certain);
        let gain = Gain { flow: coming.flow, privileges, certain, whole, asked, order };
        let new = privileges.minus(known(self.inside, to, principal, &self.flowed, gain));
        if !new.is_empty() {
            let gains = self.flowed.by.entry(to.clone()).or_default().entry(principal).or_default();
            gains.push(gain.only(new));
            self.order += 1;
            changed.insert(to);
        }
    }

    /// What of that which comes is asked for: all, or what the layout means.
    fn meant_of(&self, coming: Coming<'_>, to: &Object, asked: bool) -> Privileges {
        let (Some(meant), flow) = (self.meant, &self.flows[coming.flow]) else { return coming.given };
        let inner = matches!(flow.hop, Hop::View { .. } | Hop::Caller { .. } | Hop::Parent { .. });
        let is_meant = asked || inner && coming.wall.is_some() && coming.wall == (meant.walls)(to);
        let part = matches!(flow.hop, Hop::Parent { .. }) && !coming.given.intersection(WRITES).is_empty();
        match is_meant {
            false => Privileges::NONE,
            true if part && (meant.other_rule)(&flow.from, to) => coming.given.minus(WRITES),
            true => coming.given,
        }
    }
}

/// Whom a right leads on: who holds it, if he may; of what PUBLIC holds, all those who may.
fn goes_to(only: Option<&BTreeSet<usize>>, holder: Holder, public: Option<usize>) -> Vec<Holder> {
    match only {
        Some(only) if !only.contains(&holder.principal) && public == Some(holder.principal) => {
            only.iter().map(|at| Holder { principal: *at, ..holder }).collect()
        }
        Some(only) if !only.contains(&holder.principal) => Vec::new(),
        _ => vec![holder],
    }
}

/// Who has what on a relation, by whatever way.
fn holders(inside: &Inside<'_>, object: &Object, flowed: &Flowed) -> Vec<Holder> {
    let mut found: BTreeMap<(usize, bool, bool), Privileges> = BTreeMap::new();
    let mut add = |at: usize, privileges: Privileges, certain: bool, whole: bool| {
        let entry = found.entry((at, certain, whole)).or_default();
        *entry = *entry | privileges;
    };
    inside.held(object).iter().for_each(|(at, privileges)| add(*at, *privileges, true, true));
    inside.held_on_columns(object).iter().for_each(|(at, privileges)| add(*at, *privileges, true, false));
    for (at, gains) in flowed.get(object).into_iter().flatten() {
        gains.iter().for_each(|gain| add(*at, gain.privileges, gain.certain, gain.whole));
    }
    let holder = |((principal, certain, whole), privileges)| Holder { principal, privileges, certain, whole };
    found.into_iter().map(holder).collect()
}

/// What a principal has already, as surely as by this gain, and as wholly.
fn known(inside: &Inside<'_>, object: &Object, principal: usize, flowed: &Flowed, than: Gain) -> Privileges {
    let held = inside.held(object).get(&principal).copied().unwrap_or_default();
    let gains = flowed.get(object).and_then(|by| by.get(&principal)).into_iter().flatten();
    let as_good = |gain: &&Gain| (gain.certain || !than.certain) && (gain.whole || !than.whole);
    gains.filter(as_good).fold(held, |all, gain| all | gain.privileges)
}
