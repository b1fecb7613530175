//! What exceptions find on the server, and what becomes of it in the wanted state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::layout::{Glob, On};
use crate::model::{
    Acl, Database, Day, DefaultKey, Ended, Grantee, Holding, Kind, Membership, MembershipOptions, Name, Object,
    Privileges, State,
};

type ByGrantee = BTreeMap<Grantee, Privileges>;

/// A database, and an object in it; without one, the database itself.
pub(super) type Subject = (Name, Option<Object>);

/// What is there, and named.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rights: BTreeMap<Subject, ByGrantee>,
    columns: BTreeMap<(Name, (Object, Name)), ByGrantee>,
    defaults: BTreeMap<(Name, DefaultKey), ByGrantee>,
    pub(super) memberships: BTreeMap<Membership, MembershipOptions>,
}

/// Something that a right can't be used without, for somebody.
pub(super) type Needs = BTreeSet<(Subject, Grantee)>;

/// CONNECT on a database, USAGE on a schema.
pub(super) fn needed((_, object): &Subject) -> Privileges {
    if object.is_none() { Privileges::CONNECT } else { Privileges::USAGE }
}

/// What somebody holds by an ACL of a thing; not what an owner gave himself, which goes with the thing.
pub(super) fn held(of: &Holding, acl: &Acl, who: &Grantee) -> Privileges {
    if who.role() == Some(&of.owner) { Privileges::NONE } else { acl.held_by(who) }
}

/// The objects of a schema that a pattern names, of whatever kind.
pub(super) fn matching<'d>(database: &'d Database, schema: &'d Name, glob: &Glob) -> Vec<(&'d Object, &'d Holding)> {
    let inside = Kind::all().filter(|kind| *kind != Kind::Schema);
    match glob.exact() {
        // one of thousands: it is looked up, not looked for
        Some(name) => inside.flat_map(|kind| database.named(schema, kind, &Name::of_server(name))).collect(),
        None => {
            let named = |object: &Object| object.kind != Kind::Schema && glob.matches(object.name.as_str());
            database.in_schema(schema).filter(|(object, _)| named(object)).collect()
        }
    }
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.rights.is_empty() && self.columns.is_empty() && self.defaults.is_empty() && self.memberships.is_empty()
    }

    pub(super) fn take(&mut self, other: Self) {
        merge(&mut self.rights, other.rights);
        merge(&mut self.columns, other.columns);
        merge(&mut self.defaults, other.defaults);
        for (membership, options) in other.memberships {
            self.member(membership, options);
        }
    }

    pub(super) fn member(&mut self, membership: Membership, options: MembershipOptions) {
        join(&mut self.memberships, membership, options);
    }

    /// Of a holding, as far as `privileges` goes.
    pub(super) fn right(&mut self, subject: Subject, of: &Holding, (who, privileges): (&Grantee, Privileges)) {
        let kept = held(of, &of.acl, who).intersection(privileges);
        if !kept.is_empty() {
            merge(&mut self.rights, BTreeMap::from([(subject, ByGrantee::from([(who.clone(), kept)]))]));
        }
    }

    /// What is given, whether it is there or not.
    pub(super) fn give(&mut self, subject: Subject, who: &Grantee, privileges: Privileges) {
        merge(&mut self.rights, BTreeMap::from([(subject, ByGrantee::from([(who.clone(), privileges)]))]));
    }

    /// On the database, the schema, or the objects and their columns.
    pub(super) fn look_on(&mut self, database: &Database, on: &On, (who, privileges): (&Grantee, Privileges)) {
        let subject = |object: Option<&Object>| (on.database.clone(), object.cloned());
        let (schema, glob) = match (&on.schema, &on.object) {
            (None, _) => return self.right(subject(None), &database.held, (who, privileges)),
            (Some(schema), None) => {
                let schema = Object::schema(schema);
                if let Some(holding) = database.objects.get(&schema) {
                    self.right(subject(Some(&schema)), holding, (who, privileges));
                }
                return;
            }
            (Some(schema), Some(glob)) => (schema, glob),
        };
        for (object, holding) in matching(database, schema, glob) {
            self.right(subject(Some(object)), holding, (who, privileges));
            for (key, acl) in database.columns_of(object) {
                let kept = held(holding, acl, who).intersection(privileges);
                if !kept.is_empty() {
                    self.columns.entry((on.database.clone(), key.clone())).or_default().insert(who.clone(), kept);
                }
            }
        }
    }

    /// Among the default privileges of a schema.
    pub(super) fn look_later(
        &mut self,
        database: &Database,
        (name, schema): (&Name, &Name),
        (who, privileges): (&Grantee, Privileges),
    ) {
        for (key, acl) in database.defaults.iter().filter(|(key, _)| key.schema.as_ref() == Some(schema)) {
            let kept = acl.granted(who, &key.role).privileges.intersection(privileges);
            if !kept.is_empty() && who.role() != Some(&key.role) {
                self.defaults.entry((name.clone(), key.clone())).or_default().insert(who.clone(), kept);
            }
        }
    }

    /// What the rights need to be of use: to connect, and for what a schema holds, the schema.
    pub(super) fn needs(&self) -> Needs {
        let rights = self.rights.iter().map(|((database, object), who)| (database, object.as_ref(), who));
        let columns = self.columns.iter().map(|((database, (table, _)), who)| (database, Some(table), who));
        let mut needs = Needs::new();
        for (database, object, who) in rights.chain(columns) {
            let schema = object.filter(|object| object.kind != Kind::Schema).map(|o| Object::schema(&o.schema));
            for grantee in who.keys() {
                needs.insert(((database.clone(), None), grantee.clone()));
                needs.extend(schema.clone().map(|schema| ((database.clone(), Some(schema)), grantee.clone())));
            }
        }
        needs
    }

    /// Adds all this to a state, by the owners' word and without grant options.
    pub(super) fn put(&self, state: &mut State) {
        let mut last: Option<(Arc<Acl>, &ByGrantee, Name, Arc<Acl>)> = None;
        for ((database, object), who) in &self.rights {
            let Some(database) = state.databases.get_mut(database) else { continue };
            let holding = match object {
                None => Some(&mut database.held),
                Some(object) => database.objects.get_mut(object),
            };
            let Some(holding) = holding else { continue };
            let (from, owner) = (Arc::clone(&holding.acl), holding.owner.clone());
            // thousands of tables share one ACL: it is made once
            holding.acl = match &last {
                Some((acl, same, by, to)) if Arc::ptr_eq(acl, &from) && *same == who && *by == owner => Arc::clone(to),
                _ => Arc::new(granted(&from, &owner, who)),
            };
            last = Some((from, who, owner, Arc::clone(&holding.acl)));
        }
        for ((database, key), who) in &self.columns {
            let Some(database) = state.databases.get_mut(database) else { continue };
            let Some(owner) = database.objects.get(&key.0).map(|table| table.owner.clone()) else { continue };
            database.columns.insert(key.clone(), Arc::new(granted(&Acl::default(), &owner, who)));
        }
        for ((database, key), who) in &self.defaults {
            let Some(database) = state.databases.get_mut(database) else { continue };
            let acl = database.defaults.entry(key.clone()).or_default();
            *acl = granted(acl, &key.role, who);
        }
        for (membership, options) in &self.memberships {
            join(&mut state.memberships, membership.clone(), *options);
        }
    }

    /// Notes that all this isn't kept any more.
    pub(super) fn record(self, day: Day, ended: &mut Ended) {
        let tables = self.columns.into_iter().map(|((database, (table, _)), who)| ((database, Some(table)), who));
        for ((database, object), who) in self.rights.into_iter().chain(tables) {
            for (grantee, privileges) in who {
                let entry =
                    ended.rights.entry((database.clone(), object.clone(), grantee)).or_insert((privileges, day));
                *entry = (entry.0 | privileges, entry.1.max(day));
            }
        }
        for ((database, key), who) in self.defaults {
            let Some(schema) = key.schema else { continue };
            ended.defaults.extend(who.into_keys().map(|grantee| ((database.clone(), schema.clone(), grantee), day)));
        }
        for membership in self.memberships.into_keys() {
            ended.memberships.insert((membership.role, membership.member), day);
        }
    }
}

fn merge<K: Ord>(into: &mut BTreeMap<K, ByGrantee>, from: BTreeMap<K, ByGrantee>) {
    for (key, held) in from {
        let all = into.entry(key).or_default();
        for (who, privileges) in held {
            let held = all.entry(who).or_default();
            *held = *held | privileges;
        }
    }
}

fn join(into: &mut BTreeMap<Membership, MembershipOptions>, membership: Membership, options: MembershipOptions) {
    let nothing = MembershipOptions { admin: false, inherit: false, set: false };
    let all = into.entry(membership).or_insert(nothing);
    all.admin |= options.admin;
    all.inherit |= options.inherit;
    all.set |= options.set;
}

fn granted(acl: &Acl, owner: &Name, who: &ByGrantee) -> Acl {
    let mut acl = acl.clone();
    for (grantee, privileges) in who {
        acl.grant(grantee.clone(), owner, *privileges);
    }
    acl
}
