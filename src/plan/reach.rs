//! Which changes the role that plans has the right to make, and which rights it borrows for them.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::{Authority, Lack, Loan, Once, after};
use super::build::Context;
use super::ownership::RoundTrips;
use super::place::{Place, Placement};
use super::rights::Rights;
use super::unbuilt::Unbuilt;
use crate::diff::{Change, Revoke};
use crate::model::{Desired, Name, Snapshot};

/// A plan's changes, told apart.
#[derive(Default)]
pub(super) struct Reach {
    pub(super) within: Vec<Change>,
    /// By what is lacking.
    pub(super) beyond: BTreeMap<Lack, Vec<Change>>,
    pub(super) loans: BTreeMap<Place, BTreeMap<Name, Loan>>,
}

/// Everything is within a superuser's reach. For anybody else each change is looked at, and what depends on one that is out
/// of reach is out of reach, too.
pub(super) fn split(changes: Vec<Change>, context: &Context<'_>) -> Reach {
    let (snapshot, desired, placement) = (context.snapshot, context.desired, context.placement());
    if snapshot.server.superuser {
        return Reach { within: changes, ..Reach::default() };
    }
    let authority = context.authority();
    let trips = RoundTrips::of(&changes, context);
    let hands = |revoke: &Revoke| trips.hands(context, revoke);
    let rights = Rights { authority, snapshot, desired, hands: &hands };
    let verdict = |change: &Change| match placement.closed(change) {
        Some(database) => Err(after(format!("the database {} has to be opened first", database.shown()))),
        None => rights.needed(change),
    };
    let mut verdicts: Vec<Verdict> = changes.iter().map(verdict).collect();
    loop {
        let before = waiting(&verdicts);
        let waits = |lack: &Lack| lack.once == Once::Nothing;
        let beyond_now = changes.iter().zip(&verdicts).filter_map(|(c, v)| Some((c, waits(v.as_ref().err()?))));
        let unbuilt = Unbuilt::of(beyond_now, snapshot);
        for (change, verdict) in changes.iter().zip(&mut verdicts) {
            // what another can do waits only for what must be given before it is taken
            let may_wait = verdict.is_ok() || matches!(change, Change::Leave { .. });
            if let Some(why) = unbuilt.names(change).filter(|_| may_wait) {
                *verdict = Err(after(why));
            }
        }
        keep_out_of_circles(&changes, &mut verdicts, placement);
        defer(&changes, &mut verdicts, placement);
        if waiting(&verdicts) == before {
            return put_together(changes, verdicts, placement);
        }
    }
}

/// The roles that the plan makes.
pub(super) fn made(changes: &[Change]) -> BTreeSet<Name> {
    let made = changes.iter().filter_map(|change| match change {
        Change::CreateRole { name, .. } => Some(name.clone()),
        _ => None,
    });
    made.collect()
}

/// The databases that it is out of reach to open.
pub(super) fn unopened(changes: &[Change], snapshot: &Snapshot, desired: &Desired) -> BTreeSet<Name> {
    if snapshot.server.superuser {
        return BTreeSet::new();
    }
    let authority = Authority::of(snapshot, made(changes));
    let rights = Rights { authority: &authority, snapshot, desired, hands: &|_| vec![] };
    let closed = |change: &Change| match change {
        Change::OpenDatabase { database, .. } => rights.needed(change).is_err().then(|| database.clone()),
        _ => None,
    };
    changes.iter().filter_map(closed).collect()
}

/// What a change borrows, or what it lacks.
pub(super) type Verdict = Result<Vec<Loan>, Lack>;

/// How many are out of reach, and how many of these wait for others.
fn waiting(verdicts: &[Verdict]) -> (usize, usize) {
    let lacks = || verdicts.iter().filter_map(|verdict| verdict.as_ref().err());
    (lacks().count(), lacks().filter(|lack| lack.once == Once::Nothing).count())
}

/// A role's rights can be borrowed in one transaction at a time: two of ours would wait for each other for ever. They are
/// borrowed where memberships of the role change, else where they are needed first; what needs them elsewhere waits for the
/// next apply.
fn defer(changes: &[Change], verdicts: &mut [Verdict], placement: &Placement<'_>) {
    let mut places: BTreeMap<Name, Place> = BTreeMap::new();
    for (change, _) in changes.iter().zip(verdicts.iter()).filter(|(_, verdict)| verdict.is_ok()) {
        if let Change::Join { membership, .. }
        | Change::AlterMembership { membership, .. }
        | Change::Leave { membership, .. } = change
        {
            places.entry(membership.role.clone()).or_insert_with(|| placement.of(change));
        }
    }
    for (change, verdict) in changes.iter().zip(verdicts) {
        let Ok(loans) = verdict else { continue };
        let here = placement.of(change);
        for role in loans.iter().map(|loan| loan.membership.role.clone()) {
            let there = places.entry(role.clone()).or_insert_with(|| here.clone());
            if *there != here {
                let (role, database) = (role.shown(), there.database.shown());
                *verdict = Err(after(format!(
                    "{role}'s rights are needed in database {database} at the same time: apply again"
                )));
                break;
            }
        }
    }
}

/// Nobody becomes a member of a role that is, for now, a member of his.
fn keep_out_of_circles(changes: &[Change], verdicts: &mut [Verdict], placement: &Placement<'_>) {
    let mut waiting = BTreeMap::new();
    for (change, _) in changes.iter().zip(verdicts.iter()).filter(|(_, verdict)| verdict.is_err()) {
        if let Change::Leave { membership, .. } = change {
            waiting.extend(placement.waiting_for(membership).map(|pair| (pair.clone(), membership)));
        }
    }
    for (change, verdict) in changes.iter().zip(verdicts).filter(|(_, verdict)| verdict.is_ok()) {
        let Change::Join { membership: join, .. } = change else { continue };
        if let Some(stays) = waiting.get(&(join.role.clone(), join.member.clone())) {
            let (member, role) = (stays.member.shown(), stays.role.shown());
            *verdict = Err(after(format!("{member} has to leave {role} first")));
        }
    }
}

fn put_together(changes: Vec<Change>, verdicts: Vec<Verdict>, placement: &Placement<'_>) -> Reach {
    let mut reach = Reach::default();
    for (change, verdict) in changes.into_iter().zip(verdicts) {
        match verdict {
            Ok(loans) => {
                for loan in loans {
                    let here = reach.loans.entry(placement.of(&change)).or_default();
                    here.insert(loan.membership.role.clone(), loan);
                }
                reach.within.push(change);
            }
            Err(lack) => reach.beyond.entry(lack).or_default().push(change),
        }
    }
    reach
}
