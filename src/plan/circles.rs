//! Memberships that must go before others can come: together they would be a circle, for however short a time, and no server
//! takes one (`AddRoleMems` in src/backend/commands/user.c).

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Change;
use crate::model::{Membership, Name, Snapshot, Ties};

/// Role and member.
pub(super) type Pair = (Name, Name);

/// What leaves first, and what could not come before it.
pub(super) type First = BTreeMap<Membership, BTreeSet<Pair>>;

pub(super) fn first(changes: &[Change], snapshot: &Snapshot) -> First {
    let leaving: BTreeSet<&Membership> = changes.iter().filter_map(leaving).collect();
    let joining: Vec<&Membership> = changes.iter().filter_map(joining).collect();
    if leaving.is_empty() || joining.is_empty() {
        return First::new();
    }
    let now = &snapshot.state.memberships;
    let there = Ties::of(now.keys());
    let ties = Ties::of(now.keys().chain(joining.iter().copied()));
    let mut first = First::new();
    for join in joining.into_iter().filter(|join| !there.has(&join.role, &join.member)) {
        let above = ties.above(&join.role);
        let is_on_a_way = |m: &Membership| above.contains(&m.member) && ties.way(&m.role, &join.member).is_some();
        for membership in leaving.iter().filter(|membership| is_on_a_way(membership)) {
            let pairs = first.entry((*membership).clone()).or_default();
            pairs.insert((join.role.clone(), join.member.clone()));
        }
    }
    with_granted(&leaving, first)
}

/// Who granted on leaves after those to whom he granted.
fn with_granted(leaving: &BTreeSet<&Membership>, mut first: First) -> First {
    loop {
        let before = first.clone();
        for (sponsor, pairs) in &before {
            let granted = leaving.iter().filter(|m| m.role == sponsor.role && m.grantor == sponsor.member);
            granted.for_each(|m| first.entry((*m).clone()).or_default().extend(pairs.iter().cloned()));
        }
        if first == before {
            return first;
        }
    }
}

fn leaving(change: &Change) -> Option<&Membership> {
    if let Change::Leave { membership, .. } = change { Some(membership) } else { None }
}

fn joining(change: &Change) -> Option<&Membership> {
    if let Change::Join { membership, .. } = change { Some(membership) } else { None }
}
