//! What the plan would take from somebody becomes an exception, until it takes no more than exceptions can keep.

use std::collections::{BTreeMap, BTreeSet};

use super::AdoptError;
use super::draft::{Allow, Draft, Kept, On};
use super::trial;
use crate::diff::{Change, Revoke, Target};
use crate::model::{Grantee, Kind, Name, Object, Privileges, Snapshot};

/// What an exception for rights on an object keeps besides: USAGE on its schema, CONNECT on its database. So the objects
/// come first, and of schemas and databases only what is left.
const DEPTHS: [fn(&On) -> bool; 3] = [
    |on| matches!(on, On::All(..) | On::Named(..)),
    |on| matches!(on, On::Schema(..)),
    |on| matches!(on, On::Database(_)),
];

pub(super) fn what_is_taken(snapshot: &Snapshot, draft: &mut Draft) -> Result<(), AdoptError> {
    let mut taken = Taken::default();
    for depth in DEPTHS {
        let changes = trial::of(snapshot, draft, &[])?.changes(snapshot);
        changes.iter().for_each(|change| taken.see(change, depth));
        // an exception is made by the owner's word: who granted otherwise still shows, and is known by now
        draft.allows = taken.allows(snapshot);
    }
    Ok(())
}

/// Rights by whom, where, on which object.
type Objects = BTreeMap<Object, Privileges>;

#[derive(Default)]
struct Taken {
    objects: BTreeMap<(Grantee, Name, Name), Objects>,
    later: BTreeMap<(Grantee, Name, Name), Privileges>,
    /// On schemas and databases.
    above: BTreeMap<(Grantee, On), Privileges>,
    memberships: BTreeSet<(Name, Name)>,
    grantors: BTreeMap<(Grantee, Name), BTreeSet<Name>>,
}

impl Taken {
    fn see(&mut self, change: &Change, depth: fn(&On) -> bool) {
        match change {
            Change::Revoke(revoke) => self.right(revoke, depth),
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

    fn right(&mut self, revoke: &Revoke, depth: fn(&On) -> bool) {
        let on = on(&revoke.target);
        if revoke.privileges.is_empty() || !depth(&on) {
            return;
        }
        if revoke.grantor != revoke.owner {
            let by = self.grantors.entry((revoke.grantee.clone(), revoke.target.database().clone())).or_default();
            by.insert(revoke.grantor.clone());
        }
        let all = match &revoke.target {
            Target::Object(database, object) | Target::Column(database, object, _) if object.kind != Kind::Schema => {
                let place = (revoke.grantee.clone(), database.clone(), object.schema.clone());
                self.objects.entry(place).or_default().entry(object.clone()).or_default()
            }
            _ => self.above.entry((revoke.grantee.clone(), on)).or_default(),
        };
        *all = *all | revoke.privileges;
    }

    /// One exception for all objects of a schema where they are alike, else one for each name.
    fn allows(&self, snapshot: &Snapshot) -> Vec<Allow> {
        let mut rights: BTreeMap<(Grantee, On), (Privileges, bool)> = BTreeMap::new();
        let mut add = |who: &Grantee, on: On, privileges: Privileges, future: bool| {
            if !privileges.is_empty() {
                let all = rights.entry((who.clone(), on)).or_default();
                *all = (all.0 | privileges, all.1 | future);
            }
        };
        for ((who, database, schema), objects) in &self.objects {
            let common = common(snapshot, (database, schema), objects);
            let all = common.values().fold(Privileges::NONE, |all, privileges| all | *privileges);
            add(who, On::All(database.clone(), schema.clone()), all, false);
            for (object, privileges) in objects {
                let named = On::Named(database.clone(), schema.clone(), object.name.clone());
                add(who, named, privileges.minus(all), false);
            }
        }
        for ((who, database, schema), privileges) in &self.later {
            add(who, On::All(database.clone(), schema.clone()), *privileges, true);
        }
        for ((who, on), privileges) in &self.above {
            add(who, on.clone(), *privileges, false);
        }
        let memberships = self.memberships.iter().map(|(member, role)| Allow {
            role: Grantee::Role(member.clone()),
            what: Kept::MemberOf(role.clone()),
            grantors: BTreeSet::new(),
        });
        let rights = rights.into_iter().map(|((role, on), (privileges, future))| Allow {
            grantors: self.grantors.get(&(role.clone(), on.database().clone())).cloned().unwrap_or_default(),
            what: Kept::Rights { on, privileges, future },
            role,
        });
        let mut allows: Vec<Allow> = memberships.chain(rights).collect();
        allows.sort();
        allows
    }
}

/// Kinds that have the same privileges are alike, by their keyword.
fn common(
    snapshot: &Snapshot,
    (database, schema): (&Name, &Name),
    objects: &Objects,
) -> BTreeMap<&'static str, Privileges> {
    let inside = snapshot.state.databases[database].in_schema(schema).map(|(object, _)| object);
    let mut found: BTreeMap<&str, (usize, Privileges)> = BTreeMap::new();
    for object in inside.filter(|object| object.kind != Kind::Schema) {
        let held = objects.get(object).copied().unwrap_or_default();
        let (count, all) = found.entry(object.kind.grant_keyword()).or_insert((0, held));
        (*count, *all) = (*count + 1, all.intersection(held));
    }
    // for a single one the name is as short, and says more
    found.into_iter().filter(|(_, (count, _))| *count > 1).map(|(keyword, (_, all))| (keyword, all)).collect()
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

impl On {
    pub(super) fn database(&self) -> &Name {
        match self {
            Self::Database(database)
            | Self::Schema(database, _)
            | Self::All(database, _)
            | Self::Named(database, ..) => database,
        }
    }
}
