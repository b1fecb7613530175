//! ACLs in which a retired role stands, as grantee or as grantor. What it granted to others is granted again by the owner
//! before it loses the right to have granted it, so nobody loses anything but the role itself.

use std::collections::{BTreeMap, BTreeSet};

use super::Change;
use super::retire::{FromAnother, Retirement, Retiring, Strip};
use crate::model::{Acl, Granted, Grantee, Hold, Name, Privileges, Thing};

/// One ACL, after its owner has changed.
struct Rights<'a> {
    retiring: &'a Retiring<'a>,
    database: Option<&'a Name>,
    thing: &'a Thing,
    owner: Name,
    acl: Acl,
    /// The diff takes what the roles hold here; what they gave to those it doesn't compare is left to us.
    compared: bool,
}

pub(super) fn add(retiring: &Retiring<'_>, changes: &mut Vec<Change>) {
    let mut found: BTreeMap<(Option<&Name>, &Thing), (&Name, &Acl)> = BTreeMap::new();
    for dependent in retiring.dependents() {
        if let Hold::Rights { owner, acl } = &dependent.hold {
            found.insert((dependent.database.as_ref(), &dependent.thing), (owner, acl));
        }
    }
    let mut all: Vec<_> = found.into_iter().collect();
    // REVOKE on a table takes the same grantor's rights on its columns along: columns first
    all.sort_by_key(|((database, thing), _)| (*database, &thing.kind, &thing.identity, thing.column.is_none()));
    for ((database, thing), (owner, acl)) in all {
        let compared = retiring.is_compared(database, thing) || retiring.is_public(database, thing);
        let moved = || retiring.moves_to(database, thing);
        let (owner, acl) = match retiring.heir(owner).map(|heir| moved().unwrap_or(heir)) {
            Some(heir) if !compared || retiring.is_public(database, thing) => (heir.clone(), acl.transfer(owner, heir)),
            _ => (owner.clone(), acl.clone()),
        };
        let rights = Rights { retiring, database, thing, owner, acl, compared };
        rights.again(changes);
        rights.strip(changes);
    }
}

impl Rights<'_> {
    fn is_retired(&self, role: &Name) -> bool {
        self.retiring.is_retired(role)
    }

    /// Somebody who stays, and whom the diff leaves to us.
    fn keeps(&self, grantee: &Grantee) -> bool {
        match grantee.role() {
            None => !self.compared,
            Some(role) => {
                !self.is_retired(role) && (!self.compared || self.retiring.desired.scope.trusted.contains(role))
            }
        }
    }

    /// What retired grantors gave to those who keep it.
    fn falling(&self) -> impl Iterator<Item = (&Grantee, Granted)> {
        let falls = |grantor: &Name| self.is_retired(grantor) && *grantor != self.owner;
        let entries = self.acl.entries().filter(move |(grantee, grantor, _)| falls(grantor) && self.keeps(grantee));
        entries.map(|(grantee, _, granted)| (grantee, granted))
    }

    fn again(&self, changes: &mut Vec<Change>) {
        let mut wanted: BTreeMap<&Grantee, Granted> = BTreeMap::new();
        for (grantee, granted) in self.falling() {
            let all = wanted.entry(grantee).or_default();
            *all = Granted {
                privileges: all.privileges | granted.privileges,
                grantable: all.grantable | granted.grantable,
            };
        }
        for (grantee, wanted) in wanted {
            let has = self.acl.granted(grantee, &self.owner);
            let is_owner = grantee.role() == Some(&self.owner);
            let options = if is_owner { Privileges::NONE } else { wanted.grantable.minus(has.grantable) };
            let privileges = wanted.privileges.minus(has.privileges) | options;
            if !privileges.is_empty() {
                changes.push(Change::Retire(Retirement::GrantAgain {
                    database: self.database.cloned(),
                    thing: self.thing.clone(),
                    owner: self.owner.clone(),
                    grantee: grantee.clone(),
                    granted: Granted { privileges, grantable: options },
                }));
            }
        }
    }

    fn strip(&self, changes: &mut Vec<Change>) {
        let entries = || self.acl.entries();
        let grantees = entries().filter_map(|(grantee, _, _)| grantee.role());
        let roles: BTreeSet<&Name> =
            grantees.chain(entries().map(|(_, grantor, _)| grantor)).filter(|role| self.is_retired(role)).collect();
        for role in roles.into_iter().filter(|role| **role != self.owner) {
            let grantee = Grantee::Role(role.clone());
            let own = || entries().filter(|(g, _, _)| **g == grantee);
            let options = own().fold(Privileges::NONE, |all, (_, _, granted)| all | granted.grantable);
            let gave = entries().filter(|(g, by, _)| *by == role && (!self.compared || self.keeps(g)));
            let gave: Vec<(Grantee, Granted)> = gave.map(|(g, _, granted)| (g.clone(), granted)).collect();
            let given = gave.iter().fold(Privileges::NONE, |all, (_, granted)| all | granted.privileges);
            let held = if self.compared { Granted::default() } else { self.acl.granted(&grantee, &self.owner) };
            let others = own().filter(|(g, by, _)| !self.compared && self.is_other(g, by));
            let others: Vec<FromAnother> = others.map(|(_, by, granted)| self.of_another(by, granted)).collect();
            let lent = given.minus(options);
            if !held.privileges.is_empty() || !lent.is_empty() || !others.is_empty() {
                changes.push(Change::Retire(Retirement::Strip(Strip {
                    database: self.database.cloned(),
                    thing: self.thing.clone(),
                    owner: self.owner.clone(),
                    role: role.clone(),
                    held: held.privileges,
                    grantable: held.grantable,
                    lent,
                    others,
                    compared: self.compared,
                    gave,
                })));
            }
        }
    }

    /// Granted to a retired role by somebody who stays, and isn't the owner.
    fn is_other(&self, grantee: &Grantee, grantor: &Name) -> bool {
        let to_retired = grantee.role().is_some_and(|role| self.is_retired(role));
        to_retired && *grantor != self.owner && !self.is_retired(grantor)
    }

    fn of_another(&self, grantor: &Name, granted: Granted) -> FromAnother {
        let through =
            self.counts_as_owner(grantor).then(|| self.acl.granted(&Grantee::Role(grantor.clone()), &self.owner));
        FromAnother { grantor: grantor.clone(), privileges: granted.privileges, grantable: granted.grantable, through }
    }

    /// A superuser, or who inherits from the owner, acts as the owner when he grants and revokes (`select_best_grantor`).
    fn counts_as_owner(&self, grantor: &Name) -> bool {
        let state = &self.retiring.snapshot.state;
        if state.roles.get(grantor).is_some_and(|role| role.superuser) {
            return true;
        }
        let mut reached = BTreeSet::from([grantor]);
        loop {
            let inherits = |member: &Name| state.roles.get(member).is_none_or(|role| role.inherit);
            let dynamic = !self.retiring.snapshot.server.has_membership_options();
            let more: Vec<&Name> = state
                .memberships
                .iter()
                .filter(|(m, options)| reached.contains(&m.member) && !reached.contains(&m.role) && options.inherit)
                .filter(|(m, _)| !dynamic || inherits(&m.member))
                .map(|(m, _)| &m.role)
                .collect();
            if more.is_empty() {
                return reached.contains(&self.owner);
            }
            reached.extend(more);
        }
    }
}
