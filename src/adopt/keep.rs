//! What the plan would take from somebody becomes an exception, until it takes no more than exceptions can keep.

use std::collections::{BTreeMap, BTreeSet};

use super::AdoptError;
use super::draft::{Allow, Draft, Kept, On};
use super::trial;
use crate::access::{Access, Subject};
use crate::diff::{Change, Revoke, Target};
use crate::layout::Group;
use crate::model::{Acl, Grantee, Kind, Name, Object, Privileges, Snapshot};

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
    let trial = trial::of(snapshot, draft, &[])?;
    let access = Access::of(trial.wanted(), snapshot.server.version_num);
    let draft_as_it_is = draft.clone();
    for allow in &mut draft.allows {
        allow.by_group = by_group(snapshot, &draft_as_it_is, &access, allow);
    }
    Ok(())
}

/// The group of a login, where the layout gives it all that an exception keeps for the login itself.
fn by_group(snapshot: &Snapshot, draft: &Draft, access: &Access<'_>, allow: &Allow) -> Option<Name> {
    let (Grantee::Role(role), Kept::Rights { on, privileges, .. }) = (&allow.role, &allow.what) else { return None };
    let (service, login) = draft.login(role)?;
    let group = match login.group {
        Group::Ddl => &service.ddl,
        Group::Dml => &service.dml,
        Group::Ro => &service.ro,
    };
    let database = &snapshot.state.databases[on.database()];
    let session = access.session(group, on.database());
    let covers = |subject: Subject<'_>, acl: &Acl| {
        let kept = acl.held_by(&allow.role).intersection(*privileges);
        session.with_ownership(subject).contains(kept)
    };
    let covered = match on {
        On::Database(_) => covers(Subject::Database, &database.held.acl),
        On::Schema(_, schema) | On::All(_, schema) | On::Named(_, schema, _) => {
            let mut objects = database.in_schema(schema).filter(|(object, _)| on.means(object));
            objects.all(|(object, held)| covers(Subject::Object(object), &held.acl))
        }
    };
    covered.then(|| group.clone())
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
        let own = (&revoke.grantee, &revoke.grantor, revoke.privileges);
        // a grant option that goes takes along what was granted by it
        let with_it = revoke.with_it.iter().map(|(grantee, grantor, granted)| (grantee, grantor, granted.privileges));
        for (grantee, grantor, privileges) in std::iter::once(own).chain(with_it) {
            let on = on(&revoke.target);
            // everybody's rights are said in full
            if privileges.is_empty() || !depth(&on) && *grantee != Grantee::Public {
                continue;
            }
            if *grantor != revoke.owner {
                let by = self.grantors.entry((grantee.clone(), revoke.target.database().clone())).or_default();
                by.insert(grantor.clone());
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
            *all = *all | privileges;
        }
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
            by_group: None,
        });
        let rights = rights.into_iter().map(|((role, on), (privileges, future))| Allow {
            grantors: self.grantors.get(&(role.clone(), on.database().clone())).cloned().unwrap_or_default(),
            what: Kept::Rights { on, privileges, future },
            by_group: None,
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
    fn means(&self, object: &Object) -> bool {
        match self {
            Self::Database(_) => false,
            Self::Schema(..) => object.kind == Kind::Schema,
            Self::All(..) => object.kind != Kind::Schema,
            Self::Named(_, _, name) => object.kind != Kind::Schema && object.name == *name,
        }
    }

    pub(super) fn database(&self) -> &Name {
        match self {
            Self::Database(database)
            | Self::Schema(database, _)
            | Self::All(database, _)
            | Self::Named(database, ..) => database,
        }
    }
}
