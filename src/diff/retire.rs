//! What leads to a role's being gone: what it owns moves, what it holds goes, what it gave to others stays theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::Change;
use super::retire_rights;
use crate::model::{
    Acl, DefaultKey, Dependent, Desired, Granted, Grantee, Hold, Kind, Membership, MembershipOptions, Name, Policy,
    Privileges, Role, Snapshot, State, Thing,
};

/// A step of a role's leaving; outside of what the layout compares, since there the diff does the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retirement {
    /// Something gets another owner. Without a database, it is shared by all.
    Hand {
        database: Option<Name>,
        thing: Thing,
        from: Name,
        to: Name,
    },
    /// Everything in a database does, because something is there that has no ALTER … OWNER.
    HandAll {
        database: Name,
        from: Name,
        to: Name,
        things: Vec<Thing>,
    },
    /// What the role had granted, and somebody keeps: the owner grants it again.
    GrantAgain {
        database: Option<Name>,
        thing: Thing,
        owner: Name,
        grantee: Grantee,
        granted: Granted,
    },
    Strip(Strip),
    /// The row in pg_default_acl goes: from here on as the server has it built in.
    ForgetDefaults {
        database: Name,
        key: DefaultKey,
        acl: Acl,
    },
    /// The policy is for these roles alone, or, where none is left, for nobody.
    Narrow {
        database: Name,
        table: Thing,
        policy: Policy,
        left: BTreeSet<Name>,
    },
    DropMapping {
        database: Name,
        server: Name,
        role: Name,
    },
    /// A membership that the role had granted, and somebody keeps.
    JoinAgain {
        membership: Membership,
        options: MembershipOptions,
        before: Option<MembershipOptions>,
    },
    /// Nobody may come any more.
    CloseDatabase {
        database: Name,
        service: String,
    },
    EndSessions {
        of: Connected,
        sessions: i64,
    },
    DropDatabase {
        database: Name,
        service: String,
    },
    DropRoles {
        roles: BTreeMap<Name, Role>,
    },
}

/// Whose sessions end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Connected {
    Role(Name),
    Database(Name),
}

/// What a role loses on one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    pub database: Option<Name>,
    pub thing: Thing,
    /// After moves.
    pub owner: Name,
    pub role: Name,
    /// From the owner.
    pub held: Privileges,
    /// Those of `held` that it could grant on.
    pub grantable: Privileges,
    /// What it granted on without having the option here (a table's option reaches its columns): it is given the option
    /// first, so that CASCADE reaches what it granted.
    pub lent: Privileges,
    pub others: Vec<FromAnother>,
    /// The diff takes what the role holds here, and the way back of that brings back what it granted, too.
    pub compared: bool,
    /// What it granted, which falls with its own; needed only to lead back.
    pub gave: Vec<(Grantee, Granted)>,
}

/// What another than the owner granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromAnother {
    pub grantor: Name,
    pub privileges: Privileges,
    /// Those that could be granted on.
    pub grantable: Privileges,
    /// What the owner gave to the grantor, where he can't take back what he granted, since he counts as the owner by now.
    pub through: Option<Granted>,
}

/// What else must be done so that the retired roles are gone; `covered` is what the diff compares.
#[must_use]
pub fn retire(snapshot: &Snapshot, desired: &Desired, covered: &State) -> Vec<Change> {
    let retiring = Retiring { snapshot, desired, covered };
    let mut changes = Vec::new();
    retiring.logins(&mut changes);
    retiring.memberships(&mut changes);
    retiring.settings(&mut changes);
    retiring.owners(&mut changes);
    retire_rights::add(&retiring, &mut changes);
    retiring.defaults(&mut changes);
    retiring.rest(&mut changes);
    retiring.drops(&mut changes);
    changes
}

pub(super) struct Retiring<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) desired: &'a Desired,
    covered: &'a State,
}

impl<'a> Retiring<'a> {
    pub(super) fn is_retired(&self, role: &Name) -> bool {
        self.desired.retire.has(role)
    }

    /// Who gets what the role owns.
    pub(super) fn heir(&self, role: &Name) -> Option<&'a Name> {
        self.desired.retire.roles.get(role).map(|retired| &retired.to)
    }

    pub(super) fn dependents(&self) -> impl Iterator<Item = &'a Dependent> {
        let dropped = &self.desired.retire.databases;
        let goes =
            |thing: &Thing| thing.kind == "database" && thing.schema.as_ref().is_some_and(|d| dropped.contains_key(d));
        self.snapshot.retiring.dependents.iter().filter(move |dependent| {
            self.is_retired(&dependent.role)
                && !goes(&dependent.thing)
                && dependent.database.as_ref().is_none_or(|database| !dropped.contains_key(database))
        })
    }

    /// Does the diff itself compare its owner and its ACL?
    pub(super) fn is_compared(&self, database: Option<&Name>, thing: &Thing) -> bool {
        let databases = &self.desired.scope.databases;
        let (Some(schema), false) = (&thing.schema, thing.member || thing.part) else { return false };
        if thing.kind == Kind::Database.word() {
            return databases.contains_key(schema);
        }
        if self.moves_public(database, thing) {
            return true;
        }
        let known = Kind::all().any(|kind| kind.word() == thing.kind);
        known && database.and_then(|database| databases.get(database)).is_some_and(|d| d.schemas.contains(schema))
    }

    /// To whom the diff itself gives it, if it is none of the kinds that have an ACL to compare, or a part of one.
    pub(super) fn moves_to(&self, database: Option<&Name>, thing: &Thing) -> Option<&'a Name> {
        let thing = Thing { column: None, ..thing.clone() };
        self.covered.databases.get(database?)?.things.get(&thing)?;
        self.desired.state.databases.get(database?)?.things.get(&thing)
    }

    /// The schema `public` of a managed database, whose ACL is compared, and whose owner stays.
    pub(super) fn is_public(&self, database: Option<&Name>, thing: &Thing) -> bool {
        let scoped = database.and_then(|database| self.desired.scope.databases.get(database));
        is_public(thing) && scoped.is_some_and(|scoped| scoped.public) && !self.moves_public(database, thing)
    }

    /// The same, where the diff itself gives it back to its default owner.
    fn moves_public(&self, database: Option<&Name>, thing: &Thing) -> bool {
        let public = crate::model::Object::schema(&Name::of_server("public"));
        let owner = |state: &'a State| state.databases.get(database?)?.objects.get(&public).map(|held| &held.owner);
        let (now, wanted) = (owner(&self.snapshot.state), owner(&self.desired.state));
        is_public(thing) && now.zip(wanted).is_some_and(|(now, wanted)| now != wanted)
    }

    fn logins(&self, changes: &mut Vec<Change>) {
        for name in self.desired.retire.roles.keys() {
            let Some(role) = self.snapshot.state.roles.get(name).filter(|role| role.login) else { continue };
            changes.push(Change::AlterRole { name: name.clone(), from: *role, to: Role { login: false, ..*role } });
        }
    }

    /// Those between roles that leave end with them, and so does a trusted member's: an admin needs his to drop the role.
    fn memberships(&self, changes: &mut Vec<Change>) {
        let server = &self.snapshot.server;
        for (membership, options) in &self.snapshot.state.memberships {
            let (role, member) = (self.is_retired(&membership.role), self.is_retired(&membership.member));
            let granted = server.has_membership_options() && self.is_retired(&membership.grantor);
            let ends = role && (member || self.desired.scope.trusted.contains(&membership.member));
            if self.covered.memberships.contains_key(membership) || ends || !(role || member || granted) {
                continue;
            }
            if !role && !member {
                let own =
                    Membership { grantor: self.snapshot.membership_grantor(&membership.role), ..membership.clone() };
                let before = self.snapshot.state.memberships.get(&own).copied();
                let options = before.map_or(*options, |before| both(before, *options));
                if before != Some(options) {
                    changes.push(Change::Retire(Retirement::JoinAgain { membership: own, options, before }));
                }
            }
            changes.push(Change::Leave { membership: membership.clone(), options: *options });
        }
    }

    /// `ALTER ROLE … SET role` to one that is gone: the session would go on as the login itself, and say so only in a warning.
    fn settings(&self, changes: &mut Vec<Change>) {
        for (key, value) in &self.snapshot.state.settings {
            let of_retired = key.role.as_ref().is_some_and(|role| self.is_retired(role));
            let names_one = key.parameter == "role" && self.is_retired(&Name::of_server(value));
            if names_one && !of_retired && !self.covered.settings.contains_key(key) {
                changes.push(Change::Reset { key: key.clone(), from: value.clone() });
            }
        }
    }

    fn owners(&self, changes: &mut Vec<Change>) {
        let mut owned: BTreeMap<(&Name, Option<&Name>), Vec<&Dependent>> = BTreeMap::new();
        for dependent in self.dependents() {
            let moves = match dependent.hold {
                Hold::Owner { .. } => {
                    let (database, thing) = (dependent.database.as_ref(), &dependent.thing);
                    !self.is_compared(database, thing) && self.moves_to(database, thing).is_none()
                }
                Hold::Initial => true,
                _ => false,
            };
            if moves {
                owned.entry((&dependent.role, dependent.database.as_ref())).or_default().push(dependent);
            }
        }
        for ((role, database), dependents) in owned {
            let Some(to) = self.heir(role) else { continue };
            let things = dependents.iter().map(|dependent| dependent.thing.clone());
            let at_once = |d: &&Dependent| d.thing.kind == "extension" || d.hold == Hold::Initial;
            let (from, to) = (role.clone(), to.clone());
            match database {
                Some(database) if dependents.iter().any(at_once) => {
                    let (database, things) = (database.clone(), things.collect());
                    changes.push(Change::Retire(Retirement::HandAll { database, from, to, things }));
                }
                _ => changes.extend(things.map(|thing| {
                    let (database, from, to) = (database.cloned(), from.clone(), to.clone());
                    Change::Retire(Retirement::Hand { database, thing, from, to })
                })),
            }
        }
    }

    fn defaults(&self, changes: &mut Vec<Change>) {
        let mut forgotten = BTreeSet::new();
        for dependent in self.dependents() {
            let (Hold::Default { key, acl }, Some(database)) = (&dependent.hold, &dependent.database) else { continue };
            let scoped = self.desired.scope.databases.get(database);
            let compared = |schema: Option<&Name>| {
                scoped.is_some_and(|scoped| schema.is_none_or(|schema| scoped.schemas.contains(schema)))
            };
            if self.is_retired(&key.role) {
                if forgotten.insert((database, key)) {
                    let (database, key, acl) = (database.clone(), key.clone(), acl.clone());
                    changes.push(Change::Retire(Retirement::ForgetDefaults { database, key, acl }));
                }
            } else if !compared(key.schema.as_ref()) {
                let grantee = Grantee::Role(dependent.role.clone());
                let granted = acl.granted(&grantee, &key.role);
                let (privileges, options) = (granted.privileges, Privileges::NONE);
                let (database, key) = (database.clone(), key.clone());
                changes.push(Change::RevokeDefault { database, key, grantee, privileges, options });
            }
        }
    }

    fn rest(&self, changes: &mut Vec<Change>) {
        let mut narrowed = BTreeSet::new();
        for dependent in self.dependents() {
            let Some(database) = dependent.database.clone() else { continue };
            let (thing, role) = (&dependent.thing, dependent.role.clone());
            match &dependent.hold {
                Hold::Policy(policy) if narrowed.insert((&dependent.database, thing, &policy.name)) => {
                    let left = policy.roles.iter().filter(|role| !self.is_retired(role)).cloned().collect();
                    let (table, policy) = (thing.clone(), policy.clone());
                    changes.push(Change::Retire(Retirement::Narrow { database, table, policy, left }));
                }
                Hold::Mapping { server } => {
                    let server = server.clone();
                    changes.push(Change::Retire(Retirement::DropMapping { database, server, role }));
                }
                _ => {}
            }
        }
    }

    fn drops(&self, changes: &mut Vec<Change>) {
        let (retire, retiring) = (&self.desired.retire, &self.snapshot.retiring);
        for (database, service) in &retire.databases {
            let (database, service) = (database.clone(), service.clone());
            changes.push(Change::Retire(Retirement::CloseDatabase {
                database: database.clone(),
                service: service.clone(),
            }));
            if let Some(sessions) = retiring.connected.get(&database) {
                let of = Connected::Database(database.clone());
                changes.push(Change::Retire(Retirement::EndSessions { of, sessions: *sessions }));
            }
            changes.push(Change::Retire(Retirement::DropDatabase { database, service }));
        }
        for role in retire.roles.keys() {
            if let Some(sessions) = retiring.sessions.get(role) {
                let of = Connected::Role(role.clone());
                changes.push(Change::Retire(Retirement::EndSessions { of, sessions: *sessions }));
            }
        }
        let known = |name: &Name| Some((name.clone(), *self.snapshot.state.roles.get(name)?));
        let roles: BTreeMap<Name, Role> = retire.roles.keys().filter_map(known).collect();
        if !roles.is_empty() {
            changes.push(Change::Retire(Retirement::DropRoles { roles }));
        }
    }
}

impl Retirement {
    /// The database in whose transaction it is done; None: where everything shared is.
    #[must_use]
    pub fn database(&self) -> Option<&Name> {
        match self {
            Self::Hand { database, .. } | Self::GrantAgain { database, .. } => database.as_ref(),
            Self::Strip(strip) => strip.database.as_ref(),
            Self::HandAll { database, .. }
            | Self::ForgetDefaults { database, .. }
            | Self::Narrow { database, .. }
            | Self::DropMapping { database, .. } => Some(database),
            _ => None,
        }
    }

    /// Is it done only when nothing hangs on the roles any more?
    #[must_use]
    pub fn is_last(&self) -> bool {
        matches!(
            self,
            Self::CloseDatabase { .. } | Self::EndSessions { .. } | Self::DropDatabase { .. } | Self::DropRoles { .. }
        )
    }
}

fn both(one: MembershipOptions, two: MembershipOptions) -> MembershipOptions {
    MembershipOptions { admin: one.admin || two.admin, inherit: one.inherit || two.inherit, set: one.set || two.set }
}

fn is_public(thing: &Thing) -> bool {
    thing.kind == Kind::Schema.word() && thing.schema.as_ref().is_some_and(|schema| schema.as_str() == "public")
}
