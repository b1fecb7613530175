//! `[[allow]]`: what is there and stays, though the layout gives it to nobody. It keeps and never grants, but for what a kept
//! right can't be used without, where that came by a way that closes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Resolver;
use super::inherited::Inherited;
use crate::layout::{Allow, Allowed, On};
use crate::model::{
    Acl, Database, DefaultKey, Ended, Grantee, Holding, Kind, Membership, MembershipOptions, Name, Object, Presence,
    Privileges, Scope, State,
};

type ByGrantee = BTreeMap<Grantee, Privileges>;
/// A database, and an object in it; without one, the database itself.
type Subject = (Name, Option<Object>);

/// What exceptions find on the server.
#[derive(Default)]
struct Found {
    rights: BTreeMap<Subject, ByGrantee>,
    columns: BTreeMap<(Name, (Object, Name)), ByGrantee>,
    defaults: BTreeMap<(Name, DefaultKey), ByGrantee>,
    memberships: BTreeMap<Membership, MembershipOptions>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.rights.is_empty() && self.columns.is_empty() && self.defaults.is_empty() && self.memberships.is_empty()
    }

    fn take(&mut self, other: Self) {
        merge(&mut self.rights, other.rights);
        merge(&mut self.columns, other.columns);
        merge(&mut self.defaults, other.defaults);
        for (membership, options) in other.memberships {
            join(&mut self.memberships, membership, options);
        }
    }

    /// What the rights need to be of use: to connect, and for what a schema holds, the schema.
    fn needs(&self) -> BTreeSet<(Subject, Grantee)> {
        let rights = self.rights.iter().map(|((database, object), who)| (database, object.as_ref(), who));
        let columns = self.columns.iter().map(|((database, (table, _)), who)| (database, Some(table), who));
        let mut needs = BTreeSet::new();
        for (database, object, who) in rights.chain(columns) {
            let Some(object) = object else { continue };
            for grantee in who.keys() {
                needs.insert(((database.clone(), None), grantee.clone()));
                if object.kind != Kind::Schema {
                    needs.insert(((database.clone(), Some(Object::schema(&object.schema))), grantee.clone()));
                }
            }
        }
        needs
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

/// CONNECT on a database, USAGE on a schema.
fn needed((_, object): &Subject) -> Privileges {
    if object.is_none() { Privileges::CONNECT } else { Privileges::USAGE }
}

impl Resolver<'_> {
    /// Puts what exceptions keep into the wanted state, and gives what those that have ended would.
    pub(super) fn keep(&mut self, scope: &Scope, state: &mut State) -> Ended {
        let (counting, over) = self.layout.allows_by_end();
        if counting.is_empty() && over.is_empty() {
            return Ended::default();
        }
        let now = self.now(state);
        let mut kept = Found::default();
        for allow in counting {
            let found = self.found(allow, scope, &now);
            self.note_allowed(allow, &found, &now);
            kept.take(found);
        }
        let needs = kept.needs();
        kept.take(by_name(&needs, &now));
        put(&kept, state);
        self.give_what_closes(&needs, &now, scope, state);
        let mut ended = Ended::default();
        for allow in over {
            let mut found = self.found(allow, scope, &now);
            found.take(by_name(&found.needs(), &now));
            record(allow, found, &mut ended);
        }
        ended
    }

    /// The managed databases as they are now.
    fn now(&self, state: &State) -> BTreeMap<Name, Database> {
        let current = |name: &Name, owner: &Name| match self.snapshot.fresh(name, owner) {
            Some(fresh) => fresh,
            None => self.snapshot.state.databases[name].clone(),
        };
        state.databases.iter().map(|(name, wanted)| (name.clone(), current(name, &wanted.held.owner))).collect()
    }

    /// What is there of what one exception names. What a superuser or an admin holds is never compared, so it needs none.
    fn found(&self, allow: &Allow, scope: &Scope, now: &BTreeMap<Name, Database>) -> Found {
        let mut found = Found::default();
        if allow.role.role().is_some_and(|role| scope.trusted.contains(role)) {
            return found;
        }
        match &allow.what {
            Allowed::MemberOf(of) => {
                let held = self.snapshot.state.memberships.iter();
                for (membership, options) in held.filter(|(m, _)| m.role == *of && Some(&m.member) == allow.role.role())
                {
                    join(&mut found.memberships, self.kept_edge(membership), *options);
                }
            }
            Allowed::Rights { on, privileges, future } => {
                let Some(database) = now.get(&on.database) else { return found };
                on_objects(database, on, (&allow.role, *privileges), &mut found);
                if let (true, Some(schema)) = (*future, &on.schema) {
                    on_defaults(database, (&on.database, schema), (&allow.role, *privileges), &mut found);
                }
            }
        }
        found
    }

    /// Whom somebody else let in stays by our word: from 16 on his own membership couldn't go otherwise.
    fn kept_edge(&self, membership: &Membership) -> Membership {
        if self.trusts(&membership.grantor) {
            return membership.clone();
        }
        Membership { grantor: self.snapshot.server.membership_grantor().clone(), ..membership.clone() }
    }

    fn note_allowed(&mut self, allow: &Allow, found: &Found, now: &BTreeMap<Name, Database>) {
        let unread = |on: &On| now.get(&on.database).is_some_and(|database| database.presence == Presence::Closed);
        let unknown = matches!(&allow.what, Allowed::Rights { on, .. } if unread(on));
        let admin = if found.memberships.values().any(|options| options.admin) { ", with ADMIN OPTION" } else { "" };
        let nothing = if found.is_empty() && !unknown { ": matches nothing any more; remove it" } else { "" };
        self.notes.push(format!("allowed: {}{admin} {}{nothing}", allow.said(), allow.because()));
    }

    /// Who came in by PUBLIC, or as a member of a role that loses it, is let in by name.
    fn give_what_closes(
        &self,
        needs: &BTreeSet<(Subject, Grantee)>,
        now: &BTreeMap<Name, Database>,
        scope: &Scope,
        state: &mut State,
    ) {
        let before = Inherited::of(self.snapshot, self.snapshot.state.memberships.iter());
        let foreign = |m: &Membership| !scope.roles.contains(&m.role) && !scope.roles.contains(&m.member);
        let stays = self.snapshot.state.memberships.iter().filter(|(m, _)| foreign(m)).chain(&state.memberships);
        let after = Inherited::of(self.snapshot, stays);
        let mut given = Found::default();
        for (subject, who) in needs {
            let Grantee::Role(role) = who else { continue };
            let (Some(today), Some(wanted)) = (held_now(now, subject), holding(state, subject)) else { continue };
            let need = needed(subject);
            let left_alone = today.acl.without(|grantee, _| grantee.role().is_none_or(|r| !scope.trusted.contains(r)));
            let stays = effective(&after, role, &[&wanted.acl, &left_alone]);
            if !stays.contains(need) && effective(&before, role, &[&today.acl]).contains(need) {
                given.rights.entry(subject.clone()).or_default().insert(who.clone(), need);
            }
        }
        put(&given, state);
    }
}

/// What a role has by these ACLs: of its own, by PUBLIC, and from those whose rights it inherits.
fn effective(inherited: &Inherited, role: &Name, acls: &[&Acl]) -> Privileges {
    let roles = inherited.by(role);
    let mine = |grantee: &Grantee| grantee.role().is_none_or(|role| roles.contains(role));
    let entries = acls.iter().flat_map(|acl| acl.entries()).filter(|(grantee, ..)| mine(grantee));
    entries.fold(Privileges::NONE, |all, (.., granted)| all | granted.privileges)
}

/// What somebody holds by an ACL; not what an owner gave himself, which goes with the object.
fn held(holding: &Holding, acl: &Acl, who: &Grantee) -> Privileges {
    if who.role() == Some(&holding.owner) { Privileges::NONE } else { acl.held_by(who) }
}

fn on_objects(database: &Database, on: &On, (who, privileges): (&Grantee, Privileges), found: &mut Found) {
    let mut keep = |object: Option<&Object>, holding: &Holding| {
        let kept = held(holding, &holding.acl, who).intersection(privileges);
        if !kept.is_empty() {
            let subject = (on.database.clone(), object.cloned());
            found.rights.entry(subject).or_default().insert(who.clone(), kept);
        }
    };
    let (schema, glob) = match (&on.schema, &on.object) {
        (None, _) => return keep(None, &database.held),
        (Some(schema), None) => {
            let schema = Object::schema(schema);
            return database.objects.get(&schema).map_or((), |holding| keep(Some(&schema), holding));
        }
        (Some(schema), Some(glob)) => (schema, glob),
    };
    let named = |object: &Object| object.kind != Kind::Schema && glob.matches(object.name.as_str());
    for (object, holding) in database.in_schema(schema).filter(|(object, _)| named(object)) {
        keep(Some(object), holding);
    }
    for (key, acl) in database.columns.iter().filter(|((table, _), _)| table.schema == *schema && named(table)) {
        let Some(holding) = database.objects.get(&key.0) else { continue };
        let kept = held(holding, acl, who).intersection(privileges);
        if !kept.is_empty() {
            found.columns.entry((on.database.clone(), key.clone())).or_default().insert(who.clone(), kept);
        }
    }
}

fn on_defaults(
    database: &Database,
    (name, schema): (&Name, &Name),
    (who, privileges): (&Grantee, Privileges),
    found: &mut Found,
) {
    for (key, acl) in database.defaults.iter().filter(|(key, _)| key.schema.as_ref() == Some(schema)) {
        let kept = acl.granted(who, &key.role).privileges.intersection(privileges);
        if !kept.is_empty() && who.role() != Some(&key.role) {
            found.defaults.entry((name.clone(), key.clone())).or_default().insert(who.clone(), kept);
        }
    }
}

/// Those needs that are held by name, and so are rights like the others.
fn by_name(needs: &BTreeSet<(Subject, Grantee)>, now: &BTreeMap<Name, Database>) -> Found {
    let mut found = Found::default();
    for (subject, who) in needs {
        let Some(holding) = held_now(now, subject) else { continue };
        let kept = held(holding, &holding.acl, who).intersection(needed(subject));
        if !kept.is_empty() {
            found.rights.entry(subject.clone()).or_default().insert(who.clone(), kept);
        }
    }
    found
}

fn held_now<'a>(now: &'a BTreeMap<Name, Database>, (database, object): &Subject) -> Option<&'a Holding> {
    let database = now.get(database)?;
    object.as_ref().map_or(Some(&database.held), |object| database.objects.get(object))
}

fn holding<'a>(state: &'a State, subject: &Subject) -> Option<&'a Holding> {
    held_now(&state.databases, subject)
}

/// All by the owner's word, without grant options.
fn put(kept: &Found, state: &mut State) {
    let mut last: Option<(Arc<Acl>, &ByGrantee, Name, Arc<Acl>)> = None;
    for ((database, object), who) in &kept.rights {
        let Some(database) = state.databases.get_mut(database) else { continue };
        let holding = match object {
            None => Some(&mut database.held),
            Some(object) => database.objects.get_mut(object),
        };
        let Some(holding) = holding else { continue };
        // thousands of tables share one ACL: it is made once
        let acl = match &last {
            Some((from, same, owner, to))
                if Arc::ptr_eq(from, &holding.acl) && *same == who && *owner == holding.owner =>
            {
                Arc::clone(to)
            }
            _ => Arc::new(granted(&holding.acl, &holding.owner, who)),
        };
        last = Some((Arc::clone(&holding.acl), who, holding.owner.clone(), Arc::clone(&acl)));
        holding.acl = acl;
    }
    for ((database, key), who) in &kept.columns {
        let Some(database) = state.databases.get_mut(database) else { continue };
        let Some(owner) = database.objects.get(&key.0).map(|table| table.owner.clone()) else { continue };
        database.columns.insert(key.clone(), Arc::new(granted(&Acl::default(), &owner, who)));
    }
    for ((database, key), who) in &kept.defaults {
        let Some(database) = state.databases.get_mut(database) else { continue };
        let acl = database.defaults.entry(key.clone()).or_default();
        *acl = granted(acl, &key.role, who);
    }
    for (membership, options) in &kept.memberships {
        join(&mut state.memberships, membership.clone(), *options);
    }
}

fn granted(acl: &Acl, owner: &Name, who: &ByGrantee) -> Acl {
    let mut acl = acl.clone();
    for (grantee, privileges) in who {
        acl.grant(grantee.clone(), owner, *privileges);
    }
    acl
}

fn record(allow: &Allow, found: Found, ended: &mut Ended) {
    let Some(day) = allow.until else { return };
    let tables = found.columns.into_iter().map(|((database, (table, _)), who)| ((database, Some(table)), who));
    for ((database, object), who) in found.rights.into_iter().chain(tables) {
        for (grantee, privileges) in who {
            let entry = ended.rights.entry((database.clone(), object.clone(), grantee)).or_insert((privileges, day));
            *entry = (entry.0 | privileges, entry.1.max(day));
        }
    }
    for ((database, key), who) in found.defaults {
        let Some(schema) = key.schema else { continue };
        ended.defaults.extend(who.into_keys().map(|grantee| ((database.clone(), schema.clone(), grantee), day)));
    }
    for (membership, _) in found.memberships {
        ended.memberships.insert((membership.role, membership.member), day);
    }
}
