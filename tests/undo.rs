//! There and back again: each scenario's plan is applied, then undone by the script of `plan --undo`, and the cluster must be
//! as it was: roles with their attributes, memberships with options and grantors, settings, owners, every ACL, default
//! privileges. A database that the plan made stays, closed, as the script leaves it to a person.
//!
//! Not exact, and said so by the script: what somebody granted who counts as the owner by now, a superuser for one, comes back
//! from the owner; the grantor of a membership before 16, where it means nothing.
//!
//! `PGMOAT_TEST_PG=14` … `18` chooses the server's version. Not covered: what happens where the cluster has changed since.

#[expect(dead_code, reason = "the scenarios' own test uses the rest")]
mod support;

use pgmoat::model::{Acl, Database, Grantee, Holding, Name, Snapshot, State};

/// So many tests share the scenarios, so that they run side by side.
const SHARES: usize = 4;

#[test]
fn first_share() {
    share(0);
}

#[test]
fn second_share() {
    share(1);
}

#[test]
fn third_share() {
    share(2);
}

#[test]
fn fourth_share() {
    share(3);
}

fn share(share: usize) {
    let mut folders = support::scenario::folders();
    folders.sort();
    let folders: Vec<String> = folders.into_iter().skip(share).step_by(SHARES).collect();
    assert!(folders.len() > 5);
    let mut wrong = Vec::new();
    for folder in &folders {
        let Some((before, after, script)) = support::scenario::there_and_back(folder) else { continue };
        let exact = !script.contains("-- cannot be undone exactly");
        let (was, is) = (comparable(&before, &before, exact), comparable(&after, &before, exact));
        if was != is {
            let (was, is) = (format!("{was:#?}"), format!("{is:#?}"));
            let diff = similar::TextDiff::from_lines(&was, &is).unified_diff().context_radius(4).to_string();
            wrong.push(format!("{folder}:\n{diff}\n{script}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without the databases that weren't there, and without grantors where they can't come back.
fn comparable(snapshot: &Snapshot, before: &Snapshot, exact: bool) -> State {
    let mut state = snapshot.state.clone();
    state.databases.retain(|name, _| before.state.databases.contains_key(name));
    state.databases.values_mut().for_each(|database| plain(database, exact));
    if !snapshot.server.has_membership_options() {
        let nobody = Name::of_server("");
        let memberships = std::mem::take(&mut state.memberships).into_iter();
        state.memberships = memberships
            .map(|(mut membership, options)| {
                membership.grantor = nobody.clone();
                (membership, options)
            })
            .collect();
    }
    state
}

fn plain(database: &mut Database, exact: bool) {
    let acl = |acl: &Acl, owner: &Name| if exact { acl.clone() } else { from(acl, owner) };
    let held = |held: &mut Holding| held.acl = acl(&held.acl, &held.owner).into();
    held(&mut database.held);
    database.objects.values_mut().for_each(held);
    for ((object, _), column) in &mut database.columns {
        *column = acl(column, &database.objects[object].owner).into();
    }
    database.columns.retain(|_, acl| **acl != Acl::default());
    database.defaults.retain(|key, acl| {
        let own = |grantee: &Grantee, _: &Name| grantee.role() == Some(&key.role);
        acl.without(own) != key.built_in()
    });
}

/// As if the owner had granted everything.
fn from(acl: &Acl, owner: &Name) -> Acl {
    let mut all = Acl::default();
    for (grantee, _, granted) in acl.entries() {
        all.add(grantee.clone(), owner.clone(), granted);
    }
    all
}
