//! There and back again: each scenario's plan is applied, then undone by the script of `plan --undo`, and the cluster must be
//! as it was: roles with their attributes, memberships with options and grantors, settings, owners, every ACL, default
//! privileges. A database that the plan made stays, closed, as the script leaves it to a person.
//!
//! Not exact, and said so by the script: what somebody granted who counts as the owner by now, a superuser for one, or whom the
//! provisioner can't become, comes back from the owner; the grantor of a membership before 16, where it means nothing. A database that `[retire]` dropped, with its
//! settings, comes back from a backup alone; a retired role comes back without its password, which no plan knows.
//!
//! `PGMOAT_TEST_PG=14` … `18` chooses the server's version. Not covered: what happens where the cluster has changed since.

#[path = "undo/back.rs"]
mod back;
#[path = "undo/comparable.rs"]
mod comparable;
#[expect(dead_code, reason = "the scenarios' own test uses the rest")]
mod support;

/// So many tests share the scenarios, so that they run side by side.
const SHARES: usize = 4;

#[test]
fn first_share() {
    share(0, back::there_and_back);
}

#[test]
fn second_share() {
    share(1, back::there_and_back);
}

#[test]
fn third_share() {
    share(2, back::there_and_back);
}

#[test]
fn fourth_share() {
    share(3, back::there_and_back);
}

/// The same, applied and undone by a role that is no superuser.
mod as_provisioner {
    use super::{back, share};

    #[test]
    fn first_share() {
        share(0, back::there_and_back_as_provisioner);
    }

    #[test]
    fn second_share() {
        share(1, back::there_and_back_as_provisioner);
    }

    #[test]
    fn third_share() {
        share(2, back::there_and_back_as_provisioner);
    }

    #[test]
    fn fourth_share() {
        share(3, back::there_and_back_as_provisioner);
    }
}

fn share(share: usize, there_and_back: fn(&str) -> Option<back::Trip>) {
    let mut folders = support::scenario::folders();
    folders.sort();
    let folders: Vec<String> = folders.into_iter().skip(share).step_by(SHARES).collect();
    assert!(folders.len() > 5);
    let (mut trips, mut wrong) = (0, Vec::new());
    for folder in &folders {
        let Some(trip) = there_and_back(folder) else { continue };
        trips += 1;
        if let Some(difference) = comparable::difference(&trip.before, &trip.after, &trip.script) {
            wrong.push(format!("{folder}:\n{difference}\n{}", trip.script));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(trips > 2, "only {trips}");
}
