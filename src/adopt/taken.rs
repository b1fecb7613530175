//! What changes take from whom, by object; and the fewest exceptions that say so.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Allow, Kept, On};
use crate::diff::{Change, Revoke, Target};
use crate::model::{Grantee, Kind, Name, Object, Privileges, Snapshot, State};

/// Whose rights in which schema: who, database, schema.
type Place = (Grantee, Name, Name);
type Objects = BTreeMap<Object, Privileges>;

#[derive(Default)]
pub(super) struct Taken {
    objects: BTreeMap<Place, Objects>,
    later: BTreeMap<Place, Privileges>,
    /// On schemas and databases.
    above: BTreeMap<(Grantee, On), Privileges>,
    memberships: BTreeSet<(Name, Name)>,
    /// Who granted it, besides the owner.
    grantors: BTreeSet<(Grantee, On, Name)>,
}

impl Taken {
    /// Remembers what a change takes; `reaches` says of which rights on objects it is the time to speak.
    pub(super) fn see(&mut self, change: &Change, wanted: &State, reaches: fn(&On) -> bool) {
        match change {
            Change::Revoke(revoke) => self.rights(revoke, wanted, reaches),
            Change::RevokeDefault { database, key, grantee, privileges, .. } => {
                let Some(schema) = &key.schema else { return };
                let all = self.later.entry((grantee.clone(), database.clone(), schema.clone())).or_default();
                *all = *all | *privileges;
            }
            Change::Leave { membership, .. } => {
                self.memberships.insert((membership.member.clone(), membership.role.clone()));
            }
            Change::AlterMembership { membership, from, to } if from.admin && !to.admin => {
                self.memberships.insert((membership.member.clone(), membership.role.clone()));
            }
            _ => {}
        }
    }

    fn rights(&mut self, revoke: &Revoke, wanted: &State, reaches: fn(&On) -> bool) {
        let own = (&revoke.grantee, &revoke.grantor, revoke.privileges);
        // a grant option that goes takes along what was granted by it
        let with_it = revoke.with_it.iter().map(|(grantee, grantor, granted)| (grantee, grantor, granted.privileges));
        // what another granted to the owner, who was a grantee before it changed hands, he has as the owner
        let all = std::iter::once(own).chain(with_it).filter(|(grantee, ..)| grantee.role() != Some(&revoke.owner));
        for (grantee, grantor, privileges) in all {
            let on = on(&revoke.target);
            // what the owner grants instead isn't lost
            let lost = privileges.minus(held(wanted, &revoke.target, grantee));
            // everybody's rights are said in full
            if lost.is_empty() || !reaches(&on) && *grantee != Grantee::Public {
                continue;
            }
            if *grantor != revoke.owner {
                self.grantors.insert((grantee.clone(), on.clone(), grantor.clone()));
            }
            let all = match &revoke.target {
                Target::Object(database, object) | Target::Column(database, object, _)
                    if object.kind != Kind::Schema =>
                {
                    let place = (grantee.clone(), database.clone(), object.schema.clone());
                    self.objects.entry(place).or_default().entry(object.clone()).or_default()
                }
                _ => self.above.entry((grantee.clone(), on)).or_default(),
            };
            *all = *all | lost;
        }
    }

    /// One exception for all objects of a schema where they are alike, else one for each name.
    pub(super) fn allows(&self, snapshot: &Snapshot) -> Vec<Allow> {
        let mut everywhere: BTreeMap<&Place, Privileges> = self.later.iter().map(|(place, p)| (place, *p)).collect();
        for (place, objects) in &self.objects {
            let all = everywhere.entry(place).or_default();
            *all = *all | common(snapshot, place, objects);
        }
        let mut rights: BTreeMap<(&Grantee, On), Privileges> = BTreeMap::new();
        let mut add = |who, on: On, privileges: Privileges| {
            let all = rights.entry((who, on)).or_default();
            *all = *all | privileges;
        };
        for (place, objects) in &self.objects {
            let (who, database, schema) = place;
            for (object, privileges) in objects {
                let named = On::Named(database.clone(), schema.clone(), object.name.clone());
                add(who, named, privileges.minus(everywhere.get(place).copied().unwrap_or_default()));
            }
        }
        for ((who, database, schema), privileges) in &everywhere {
            add(who, On::All(database.clone(), schema.clone()), *privileges);
        }
        self.above.iter().for_each(|((who, on), privileges)| add(who, on.clone(), *privileges));
        let rights = rights.into_iter().filter(|(_, privileges)| !privileges.is_empty());
        let rights = rights.map(|((who, on), privileges)| self.rights_of(who, on, privileges));
        let memberships = self.memberships.iter().map(|(member, role)| Allow {
            role: Grantee::Role(member.clone()),
            what: Kept::MemberOf(role.clone()),
            grantors: BTreeSet::new(),
            by_group: None,
        });
        let mut allows: Vec<Allow> = memberships.chain(rights).collect();
        allows.sort();
        allows
    }

    fn rights_of(&self, who: &Grantee, on: On, privileges: Privileges) -> Allow {
        let granted = |(grantee, other, _): &&(Grantee, On, Name)| grantee == who && on.includes(other);
        let grantors = self.grantors.iter().filter(granted).map(|(.., grantor)| grantor.clone()).collect();
        let future = match &on {
            On::All(database, schema) => self.later.contains_key(&(who.clone(), database.clone(), schema.clone())),
            _ => false,
        };
        Allow { role: who.clone(), what: Kept::Rights { on, privileges, future }, grantors, by_group: None }
    }
}

/// What the layout, with its exceptions, gives to the same anyway.
fn held(wanted: &State, target: &Target, who: &Grantee) -> Privileges {
    let Some(database) = wanted.databases.get(target.database()) else { return Privileges::NONE };
    let held = match target {
        Target::Database(_) => Some(&database.held),
        Target::Object(_, object) | Target::Column(_, object, _) => database.objects.get(object),
    };
    held.map(|held| held.acl.held_by(who)).unwrap_or_default()
}

/// Kinds that have the same privileges are alike, by their keyword: what all objects of one of them have.
fn common(snapshot: &Snapshot, (_, database, schema): &Place, objects: &Objects) -> Privileges {
    let inside = snapshot.state.databases[database].in_schema(schema).map(|(object, _)| object);
    let mut found: BTreeMap<&str, (usize, Privileges)> = BTreeMap::new();
    for object in inside.filter(|object| object.kind != Kind::Schema) {
        let held = objects.get(object).copied().unwrap_or_default();
        let (count, all) = found.entry(object.kind.grant_keyword()).or_insert((0, held));
        (*count, *all) = (*count + 1, all.intersection(held));
    }
    // for a single one the name is as short, and says more
    let alike = found.into_values().filter(|(count, _)| *count > 1);
    alike.fold(Privileges::NONE, |all, (_, privileges)| all | privileges)
}

fn on(target: &Target) -> On {
    match target {
        Target::Database(name) => On::Database(name.clone()),
        Target::Object(database, object) if object.kind == Kind::Schema => {
            On::Schema(database.clone(), object.name.clone())
        }
        Target::Object(database, object) | Target::Column(database, object, _) => {
            On::Named(database.clone(), object.schema.clone(), object.name.clone())
        }
    }
}
