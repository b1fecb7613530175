//! What goes on whatever the catalog says: transactions that somebody has prepared, and sessions of those who may not come any more.

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use crate::access::Hop;
use crate::model::{Grantee, Judge, Name, Prepared, Privileges, Sessions, Waiting};

/// Whatever a role could do when it prepared a transaction, COMMIT PREPARED does, by whomever it is run.
pub(super) fn prepared(ground: &Ground<'_>) {
    ground.checked(ground.desired.scope.databases.len());
    let all = &ground.snapshot.activity.prepared;
    if all.is_empty() {
        return;
    }
    let judge = Judge::of(ground.snapshot, ground.desired);
    for (prepared, waiting) in all.iter().filter_map(|prepared| Some((prepared, judge.of_prepared(prepared)?))) {
        let severity = match waiting {
            Waiting::Young | Waiting::Trusted => Severity::Warning,
            Waiting::Old | Waiting::Suspect => Severity::Error,
        };
        waits(ground, prepared, severity);
    }
}

fn waits(ground: &Ground<'_>, prepared: &Prepared, severity: Severity) {
    ground.find(Draft {
        code: "prepared-transaction",
        who: &Grantee::Role(prepared.owner.clone()),
        privileges: Privileges::NONE,
        object: Target::other("prepared transaction", Some(&prepared.database), &prepared.gid),
        claim: format!(
            "nothing that {} did waits in {} to be committed",
            prepared.owner.shown(),
            prepared.database.shown()
        ),
        path: vec![Hop::Owner { role: prepared.owner.clone() }],
        fix: vec![prepared.rollback()],
        severity,
        certainty: Certainty::Conditional,
    });
}

/// CONNECT and LOGIN are asked for once, when a session begins.
pub(super) fn sessions(ground: &Ground<'_>, both: &Both<'_>) {
    ground.checked(1);
    let here = |of: &&Sessions| of.database.as_ref() == Some(both.name);
    let mut held = None;
    for of in ground.snapshot.activity.sessions.iter().filter(here) {
        let held = held.get_or_insert_with(|| both.actual.held_on_database());
        let may_come = |at: usize| held.get(&at).is_some_and(|held| held.contains(Privileges::CONNECT));
        if is_claimed(ground, &of.role) && !comes(ground, &of.role, may_come) {
            lingers(ground, both.name, of);
        }
    }
}

/// Nothing is claimed about the trusted.
fn is_claimed(ground: &Ground<'_>, role: &Name) -> bool {
    let free = |at: usize| ground.who(at).role() == Some(role) && !ground.is_bound(at);
    !ground.is_trusted(role)
        && !ground.desired.admins.contains(role)
        && !(0..ground.actual.principals().len()).any(free)
}

/// Could a new session of the role begin?
fn comes(ground: &Ground<'_>, role: &Name, may_come: impl Fn(usize) -> bool) -> bool {
    let logs_in = ground.snapshot.state.roles.get(role).is_some_and(|role| role.login);
    let his = |at: &usize| ground.who(*at).role() == Some(role);
    logs_in && (0..ground.actual.principals().len()).find(his).is_none_or(may_come)
}

fn lingers(ground: &Ground<'_>, database: &Name, of: &Sessions) {
    ground.find(Draft {
        code: "lingering-session",
        who: &Grantee::Role(of.role.clone()),
        privileges: Privileges::NONE,
        object: Target::database(database),
        claim: format!("who is at work in {} may connect to it", database.shown()),
        path: Vec::new(),
        fix: vec![of.end()],
        severity: Severity::Error,
        certainty: Certainty::Certain,
    });
}
