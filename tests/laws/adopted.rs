//! A layout from any cluster whatever: it is right, and by its plan nobody loses what he was granted.

use std::collections::BTreeSet;

use pgmoat::adopt::{AdoptError, Wish, adopt};
use pgmoat::diff::diff;
use pgmoat::layout::resolve::resolve;
use pgmoat::model::{Grantee, Holding, Membership, Name, Role, Scope, Snapshot, State, Ties};

use super::interpreter::run;
use super::states::name;

/// A cluster has every role that it names.
pub(crate) fn with_all_roles(mut state: State) -> State {
    for role in ["ddl", "dml", "ro", "app", "Al \"ice\"", "PUBLIC"] {
        state.roles.entry(name(role)).or_insert(Role::PLAIN);
    }
    for boss in ["postgres", "boss"] {
        state.roles.insert(name(boss), Role { superuser: true, login: true, ..Role::PLAIN });
    }
    state
}

pub(crate) fn check(snapshot: &Snapshot) {
    let wish = Wish { maintenance: name("postgres"), databases: None, day: "2026-11-24".into() };
    let adopted = match adopt(snapshot, &wish) {
        Ok(adopted) => adopted,
        Err(AdoptError::NoService(_)) => return,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(adopt(snapshot, &wish).expect("once more").text, adopted.text);
    let desired = resolve(&adopted.layout, snapshot).expect("resolved before");
    let before = desired.current(snapshot);
    let after = run(&diff(&before, &desired.state), before.clone());
    assert!(!is_a_ring(&after, snapshot), "memberships in a ring by\n{}", adopted.text);
    let lost = lost(&before, &after, &desired.scope);
    assert!(lost.is_empty(), "{lost:#?} by\n{}", adopted.text);
}

/// With those that the layout doesn't speak of.
fn is_a_ring(after: &State, snapshot: &Snapshot) -> bool {
    let ties = Ties::of(after.memberships.keys().chain(snapshot.state.memberships.keys()));
    let mut all = after.memberships.keys();
    all.any(|m| ties.way(&m.role, &m.member).is_some())
}

/// What is granted to somebody before and not after, and who is no member any more.
fn lost(before: &State, after: &State, scope: &Scope) -> BTreeSet<String> {
    let mut lost = BTreeSet::new();
    for (name, database) in &before.databases {
        let Some(then) = after.databases.get(name) else { continue };
        of_one(&name.shown(), &database.held, &then.held, &mut lost);
        for (object, held) in &database.objects {
            let Some(later) = then.objects.get(object) else { continue };
            of_one(&format!("{}: {}", name.shown(), object.shown()), held, later, &mut lost);
        }
    }
    let pairs = |state: &State| -> BTreeSet<(Name, Name)> {
        let real = |m: &&Membership| !scope.trusted.contains(&m.member);
        state.memberships.keys().filter(real).map(|m| (m.role.clone(), m.member.clone())).collect()
    };
    lost.extend(
        pairs(before)
            .difference(&pairs(after))
            .map(|(role, member)| format!("{} is no longer a member of {}", member.shown(), role.shown())),
    );
    lost
}

/// Except for the owners: what one has by being that goes with the object, and what he granted himself.
fn of_one(what: &str, before: &Holding, after: &Holding, lost: &mut BTreeSet<String>) {
    let grantees: BTreeSet<&Grantee> = before.acl.entries().map(|(grantee, ..)| grantee).collect();
    for who in grantees.into_iter().filter(|who| ![Some(&before.owner), Some(&after.owner)].contains(&who.role())) {
        let gone = before.acl.held_by(who).minus(after.acl.held_by(who));
        if !gone.is_empty() {
            lost.insert(format!("{} of {} on {what}", gone.keywords(), who.shown()));
        }
    }
}
