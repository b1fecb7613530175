//! What doesn't come to be because a change is out of reach, so that nothing is built on it.

use std::collections::BTreeSet;

use crate::diff::{Change, Connected, Retirement, Target};
use crate::model::{Database, Kind, Name, Object, Snapshot, Thing};

/// The things that stay as they are, or away.
pub(super) struct Unbuilt<'a> {
    snapshot: &'a Snapshot,
    roles: BTreeSet<&'a Name>,
    databases: BTreeSet<&'a Name>,
    /// Schemas that aren't made, or don't change hands.
    schemas: BTreeSet<(&'a Name, &'a Name)>,
    /// What doesn't change hands.
    moves: BTreeSet<&'a Target>,
    /// Roles on which something hangs still, so that they can't be dropped.
    held: BTreeSet<&'a Name>,
    /// What a role that leaves goes on owning: by database and identity, or everything in a database.
    kept: BTreeSet<(Option<&'a Name>, &'a str)>,
    kept_whole: BTreeSet<&'a Name>,
    /// Role and member of what isn't granted.
    joins: BTreeSet<(&'a Name, &'a Name)>,
    /// Role and grantor of memberships that stay for now.
    granted: BTreeSet<(&'a Name, &'a Name)>,
    /// A database that isn't dropped, and holds what hangs on the roles.
    dropped: Option<&'a Name>,
}

impl<'a> Unbuilt<'a> {
    /// From the changes that are out of reach, and whether they wait for others.
    pub(super) fn of(beyond: impl Iterator<Item = (&'a Change, bool)>, snapshot: &'a Snapshot) -> Self {
        let mut unbuilt = Self {
            snapshot,
            roles: BTreeSet::new(),
            databases: BTreeSet::new(),
            schemas: BTreeSet::new(),
            moves: BTreeSet::new(),
            held: BTreeSet::new(),
            kept: BTreeSet::new(),
            kept_whole: BTreeSet::new(),
            joins: BTreeSet::new(),
            granted: BTreeSet::new(),
            dropped: None,
        };
        for (change, waits) in beyond {
            match change {
                Change::CreateRole { name, .. } => _ = unbuilt.roles.insert(name),
                Change::OpenDatabase { database, .. } => _ = unbuilt.databases.insert(database),
                Change::CreateSchema { database, schema, .. } => _ = unbuilt.schemas.insert((database, schema)),
                Change::Own { target, .. } => {
                    if let Target::Object(database, object) = target
                        && object.kind == Kind::Schema
                    {
                        unbuilt.schemas.insert((database, &object.name));
                    }
                    unbuilt.moves.insert(target);
                }
                Change::Leave { membership, .. } if waits => {
                    unbuilt.granted.insert((&membership.role, &membership.grantor));
                }
                Change::Join { membership, .. } | Change::Retire(Retirement::JoinAgain { membership, .. }) => {
                    unbuilt.joins.insert((&membership.role, &membership.member));
                }
                Change::Retire(Retirement::DropDatabase { database, .. }) => unbuilt.dropped = Some(database),
                Change::Move { database, thing, .. } => _ = unbuilt.kept.insert((Some(database), &thing.identity)),
                Change::Retire(Retirement::Hand { database, thing, .. }) => {
                    unbuilt.kept.insert((database.as_ref(), &thing.identity));
                }
                Change::Retire(Retirement::HandAll { database, .. }) => _ = unbuilt.kept_whole.insert(database),
                _ => {}
            }
            unbuilt.held.extend(hanging(change));
        }
        unbuilt
    }

    /// What the change needs and won't have, if anything.
    pub(super) fn names(&self, change: &Change) -> Option<String> {
        let role =
            |role: &Name| self.roles.contains(role).then(|| format!("the role {} has to be made first", role.shown()));
        match change {
            Change::CreateRole { .. } | Change::OpenDatabase { .. } => None,
            Change::Retire(Retirement::DropRoles { roles }) => {
                let held = roles.keys().find(|role| self.held.contains(role));
                let held = held.map(|role| format!("{} can be dropped only when nothing hangs on it", role.shown()));
                held.or_else(|| Some(format!("the database {} has to be dropped first", self.dropped?.shown())))
            }
            Change::Retire(Retirement::Strip(strip)) => self.kept(strip.database.as_ref(), &strip.thing),
            Change::Retire(Retirement::GrantAgain { database, thing, .. }) => self.kept(database.as_ref(), thing),
            Change::Retire(_) => None,
            Change::CreateExtension { database, .. } => self.database(database).or_else(|| self.owner_of(database)),
            Change::AlterRole { name, .. } => role(name),
            Change::Leave { membership, .. } if self.joins.contains(&(&membership.role, &membership.member)) => {
                Some(format!("{} has to be a member by another's word first", membership.member.shown()))
            }
            Change::Leave { membership, .. } if self.granted.contains(&(&membership.role, &membership.member)) => {
                Some(format!("those whom {} made members have to leave first", membership.member.shown()))
            }
            Change::Join { membership, .. }
            | Change::AlterMembership { membership, .. }
            | Change::Leave { membership, .. } => role(&membership.role).or_else(|| role(&membership.member)),
            Change::Set { key, .. } | Change::Reset { key, .. } => {
                let owners = |database: &Name| self.owner_of(database).filter(|_| key.role.is_none());
                let database = |database: &Name| self.database(database).or_else(|| owners(database));
                key.role.as_ref().and_then(role).or_else(|| key.database.as_ref().and_then(database))
            }
            Change::CreateSchema { database, owner, .. } => {
                self.database(database).or_else(|| role(owner)).or_else(|| self.owner_of(database))
            }
            Change::Own { target, to, .. } => role(to).or_else(|| self.place_of(target)),
            Change::Move { database, thing, to, .. } => {
                role(to).or_else(|| self.schema(database, thing.schema.as_ref()?))
            }
            Change::Grant { target, grantee, .. } => grantee
                .role()
                .and_then(role)
                .or_else(|| self.database(target.database()))
                .or_else(|| self.owner(target)),
            Change::Revoke(revoke) => self.owner(&revoke.target),
            Change::GrantDefault { database, key, grantee, .. } => grantee
                .role()
                .and_then(role)
                .or_else(|| role(&key.role))
                .or_else(|| self.database(database))
                .or_else(|| self.schema(database, key.schema.as_ref()?)),
            Change::RevokeDefault { database, key, .. } => role(&key.role).or_else(|| self.database(database)),
        }
    }

    fn kept(&self, database: Option<&Name>, thing: &Thing) -> Option<String> {
        let whole = database.is_some_and(|database| self.kept_whole.contains(database));
        let stays = whole || self.kept.contains(&(database, thing.identity.as_str()));
        stays.then(|| format!("{} has to change hands first", thing.shown()))
    }

    fn database(&self, database: &Name) -> Option<String> {
        let lost = self.databases.contains(database);
        lost.then(|| format!("the database {} has to be made and opened first", database.shown()))
    }

    /// Schemas are the database's owner's to make and to give away.
    fn owner_of(&self, database: &Name) -> Option<String> {
        let stays = self.moves.iter().any(|target| matches!(target, Target::Database(name) if name == database));
        stays.then(|| format!("database {} has to change hands first", database.shown()))
    }

    fn schema(&self, database: &Name, schema: &Name) -> Option<String> {
        let lost = self.schemas.contains(&(database, schema));
        lost.then(|| format!("the schema {} has to belong to its service first", schema.shown()))
    }

    /// Who gets an object must be able to create in its schema.
    fn place_of(&self, target: &Target) -> Option<String> {
        match target {
            Target::Object(database, object) if object.kind != Kind::Schema => self.schema(database, &object.schema),
            Target::Object(database, _) => self.database(database).or_else(|| self.owner_of(database)),
            _ => self.database(target.database()),
        }
    }

    /// Rights are the owner's to give: those on what should change hands, and doesn't, wait for that.
    fn owner(&self, target: &Target) -> Option<String> {
        let moved = match target {
            Target::Database(_) => target.clone(),
            Target::Object(database, object) | Target::Column(database, object, _) => {
                let follows = self.inside(database).and_then(|d| d.objects.get(object)?.follows.clone());
                let owner = follows.map_or_else(|| object.clone(), |table| Object::clone(&table));
                Target::Object(database.clone(), owner)
            }
        };
        let waits = || format!("{} has to change hands first", super::grants::subject(&[&moved]));
        if self.moves.contains(&moved) {
            return Some(waits());
        }
        match target {
            Target::Object(database, object) if object.kind == Kind::Schema => {
                let public = object.name.as_str() == "public";
                self.schema(database, &object.name).or_else(|| self.owner_of(database).filter(|_| public))
            }
            _ => None,
        }
    }

    fn inside(&self, database: &Name) -> Option<&'a Database> {
        self.snapshot.state.databases.get(database)
    }
}

/// The roles that can't go while this stays.
fn hanging(change: &Change) -> Vec<&Name> {
    match change {
        Change::Own { from, .. } | Change::Move { from, .. } => vec![from],
        Change::Revoke(revoke) => revoke.grantee.role().into_iter().chain([&revoke.grantor]).collect(),
        Change::Leave { membership, .. } => vec![&membership.role, &membership.member, &membership.grantor],
        Change::RevokeDefault { key, grantee, .. } => grantee.role().into_iter().chain([&key.role]).collect(),
        Change::Retire(retirement) => match retirement {
            Retirement::Hand { from, .. } | Retirement::HandAll { from, .. } => vec![from],
            Retirement::Strip(strip) => vec![&strip.role],
            Retirement::ForgetDefaults { key, .. } => vec![&key.role],
            Retirement::Narrow { policy, .. } => policy.roles.iter().collect(),
            Retirement::DropMapping { role, .. } => vec![role],
            Retirement::EndSessions { of: Connected::Role(role), .. } => vec![role],
            _ => vec![],
        },
        _ => vec![],
    }
}
