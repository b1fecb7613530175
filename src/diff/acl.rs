//! Two ACLs of one object, whose owner's own rights are never compared.

use std::collections::BTreeMap;

use super::{Change, Revoke, Target};
use crate::model::{Acl, Granted, Grantee, Name, Privileges};

/// What is compared.
pub(super) struct Entries<'a> {
    pub(super) target: &'a Target,
    pub(super) owner: &'a Name,
    pub(super) from: &'a Acl,
    pub(super) to: &'a Acl,
}

/// What statements take away: by (grantee, grantor).
pub(super) type Revoked = BTreeMap<(Grantee, Name), Privileges>;

/// Adds the grants and revokes that lead from one ACL to the other; returns the revokes.
pub(super) fn compare(entries: &Entries<'_>, changes: &mut Vec<Change>) -> Revoked {
    let is_owner = |grantee: &Grantee| grantee.role() == Some(entries.owner);
    for (grantee, grantor, wanted) in entries.to.entries().filter(|(g, _, _)| !is_owner(g)) {
        let missing = wanted.privileges.minus(entries.from.granted(grantee, grantor).privileges);
        if !missing.is_empty() {
            changes.push(Change::Grant {
                target: entries.target.clone(),
                owner: entries.owner.clone(),
                grantee: grantee.clone(),
                privileges: missing,
            });
        }
    }
    let mut revoked = Revoked::new();
    let falling = falling(entries);
    for (grantee, grantor, held) in entries.from.entries().filter(|(g, _, _)| !is_owner(g)) {
        let excess = excess(entries, grantee, grantor, held);
        let own = |privileges: Privileges| privileges.minus(falling.get(grantor).copied().unwrap_or_default());
        let (privileges, options) = (own(excess.privileges), own(excess.grantable));
        if privileges.is_empty() && options.is_empty() {
            continue;
        }
        revoked.insert((grantee.clone(), grantor.clone()), privileges);
        let grantable = held.grantable.intersection(privileges | options);
        changes.push(Change::Revoke(Revoke {
            target: entries.target.clone(),
            owner: entries.owner.clone(),
            grantor: grantor.clone(),
            grantee: grantee.clone(),
            privileges,
            options,
            grantable,
            with_it: dependents(entries, grantee, grantable),
        }));
    }
    revoked
}

/// What an entry has too much: privileges, and the grant option of those that stay.
fn excess(entries: &Entries<'_>, grantee: &Grantee, grantor: &Name, held: Granted) -> Granted {
    let wanted = entries.to.granted(grantee, grantor);
    let privileges = held.privileges.minus(wanted.privileges);
    Granted { privileges, grantable: held.grantable.minus(wanted.grantable).minus(privileges) }
}

/// The grant options that go, with what hangs on them: those that the owner gave, or somebody whose own aren't compared, and
/// those that hang on these. No layout gives a grant option, so every one that is compared goes; but one that hangs on itself,
/// in a ring, doesn't go with anything.
fn falling(entries: &Entries<'_>) -> BTreeMap<Name, Privileges> {
    let mut falling = BTreeMap::new();
    if entries.from.entries().all(|(_, grantor, _)| grantor == entries.owner) {
        return falling;
    }
    let mut all: BTreeMap<&Name, Privileges> = BTreeMap::new();
    let options = || {
        let held = entries.from.entries().filter(|(_, _, granted)| !granted.grantable.is_empty());
        held.filter_map(|(grantee, grantor, granted)| Some((grantee.role()?, grantor, granted.grantable)))
            .filter(|(grantee, _, _)| *grantee != entries.owner)
    };
    for (grantee, _, grantable) in options() {
        let held = all.entry(grantee).or_default();
        *held = *held | grantable;
    }
    loop {
        let before = falling.clone();
        for (grantee, grantor, grantable) in options() {
            let compared = all.get(grantor).copied().unwrap_or_default();
            let falls = falling.get(grantor).copied().unwrap_or_default();
            let goes = grantable.minus(compared) | grantable.intersection(falls);
            let held: &mut Privileges = falling.entry(grantee.clone()).or_default();
            *held = *held | goes;
        }
        if falling == before {
            return falling;
        }
    }
}

/// What hangs on these grant options of the grantee, and on what hangs on them. On what the owner was granted hangs nothing: he
/// never loses a grant option (`recursive_revoke` in src/backend/utils/adt/acl.c).
fn dependents(entries: &Entries<'_>, grantee: &Grantee, grantable: Privileges) -> Vec<(Grantee, Name, Granted)> {
    let mut found: Vec<(Grantee, Name, Granted)> = Vec::new();
    let mut open = vec![(grantee.clone(), grantable)];
    while let Some((Grantee::Role(role), grantable)) = open.pop() {
        for (to, by, granted) in entries.from.entries().filter(|(_, grantor, _)| **grantor == role) {
            let lost = Granted {
                privileges: granted.privileges.intersection(grantable),
                grantable: granted.grantable.intersection(grantable),
            };
            // a server never lets grants go round in a circle, but a snapshot is a file
            let known = found.iter().any(|(grantee, grantor, _)| (grantee, grantor) == (to, by));
            if !lost.privileges.is_empty() && !known {
                found.push((to.clone(), role.clone(), lost));
                if to.role() != Some(entries.owner) {
                    open.push((to.clone(), lost.grantable));
                }
            }
        }
    }
    found
}

/// What the table's revokes take from this pair on each of its columns.
pub(super) fn gone(revoked: &Revoked, grantee: &Grantee, grantor: &Name) -> Privileges {
    revoked.get(&(grantee.clone(), grantor.clone())).copied().unwrap_or_default()
}

/// The ACL without some privileges of each entry.
pub(super) fn subtract(acl: &Acl, gone: impl Fn(&Grantee, &Name) -> Privileges) -> Acl {
    let mut left = Acl::default();
    for (grantee, grantor, granted) in acl.entries() {
        let gone = gone(grantee, grantor);
        let granted = Granted { privileges: granted.privileges.minus(gone), grantable: granted.grantable.minus(gone) };
        left.add(grantee.clone(), grantor.clone(), granted);
    }
    left
}
