//! `[[allow]]`: what is there and stays, though the layout gives it to nobody. It keeps and never grants, but for what a kept
//! right can't be used without, where that came by a way that closes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Resolver;
use super::found::{Found, Needs, Subject, held, matching, needed};
use super::inherited::Inherited;
use crate::layout::{Allow, Allowed, AllowedRole, On};
use crate::model::{
    Acl, Database, Ended, Grantee, Holding, Membership, Name, Object, Presence, Privileges, Scope, Snapshot, State,
};

/// The managed databases as they are now.
type Now<'a> = BTreeMap<Name, Cow<'a, Database>>;

impl Resolver<'_> {
    /// Puts what exceptions keep into the wanted state, and gives what those that have ended would.
    pub(super) fn keep(&mut self, scope: &Scope, state: &mut State) -> Ended {
        let (counting, over) = self.layout.allows_by_end();
        if counting.is_empty() && over.is_empty() {
            return Ended::default();
        }
        let now = now(self.snapshot, state);
        let mut kept = Found::default();
        let mut needs = Needs::new();
        for allow in counting {
            let (mut found, whom) = (Found::default(), self.whom(allow, scope));
            whom.iter().for_each(|who| found.take(self.found(allow, who, &now)));
            let let_in: Vec<(Subject, Grantee)> =
                whom.iter().filter_map(|who| self.comes_in(allow, who, &now)).collect();
            let vouched = vouched(allow, &now);
            let attributes = self.attributes(allow, &whom, scope, state);
            let matches = !vouched.is_empty() || attributes || !let_in.is_empty();
            self.note_allowed(allow, (&found, matches), &now);
            for routine in vouched {
                self.vouched.entry(routine).or_default().extend(whom.iter().cloned());
            }
            needs.extend(let_in);
            kept.take(found);
        }
        needs.extend(kept.needs());
        kept.take(by_name(&needs, &now));
        // what is the server's own is compared with nothing, and stays by itself
        kept.memberships.retain(|membership, options| !scope.is_implicit(membership, *options));
        kept.put(state);
        needs.extend(self.homes_of(&kept));
        self.give_what_closes(&needs, &now, scope, state);
        let mut ended = Ended::default();
        for allow in over {
            let Some(day) = allow.until else { continue };
            let mut found = Found::default();
            self.whom(allow, scope).iter().for_each(|who| found.take(self.found(allow, who, &now)));
            found.take(by_name(&found.needs(), &now));
            found.record(day, &mut ended);
        }
        ended
    }

    /// Whom an exception is for. What a superuser or an admin holds is never compared, so it needs none.
    fn whom(&self, allow: &Allow, scope: &Scope) -> Vec<Grantee> {
        let mut whom = allow.role.among(self.snapshot.state.roles.keys());
        whom.retain(|who| who.role().is_none_or(|role| !scope.trusted.contains(role)));
        whom
    }

    /// CONNECT on a database that somebody has by PUBLIC or as a member, and so would lose with that, though no entry names him.
    fn comes_in(&self, allow: &Allow, who: &Grantee, now: &Now<'_>) -> Option<(Subject, Grantee)> {
        let Allowed::Rights { on, privileges, .. } = &allow.what else { return None };
        if on.schema.is_some() || !privileges.contains(Privileges::CONNECT) {
            return None;
        }
        let today = now.get(&on.database)?;
        let inherited = Inherited::of(self.snapshot, self.snapshot.state.memberships.iter());
        let has = effective(&inherited, who.role()?, &[&today.held.acl]).contains(Privileges::CONNECT);
        has.then(|| ((on.database.clone(), None), who.clone()))
    }

    /// Attributes that stay, of a role of the layout, too. Is there any?
    fn attributes(&mut self, allow: &Allow, whom: &[Grantee], scope: &Scope, state: &mut State) -> bool {
        let Allowed::Attributes(attributes) = &allow.what else { return false };
        let mut any = false;
        for role in whom.iter().filter_map(Grantee::role) {
            let Some(now) = self.snapshot.state.roles.get(role) else { continue };
            for attribute in attributes.iter().filter(|attribute| attribute.of(now)) {
                any = true;
                self.attributes.entry(role.clone()).or_default().insert(*attribute);
                if let Some(wanted) = state.roles.get_mut(role).filter(|_| scope.roles.contains(role)) {
                    attribute.give(wanted);
                }
            }
        }
        any
    }

    /// What is there of what one exception names.
    fn found(&self, allow: &Allow, who: &Grantee, now: &Now<'_>) -> Found {
        let mut found = Found::default();
        match &allow.what {
            Allowed::MemberOf(of) => {
                let this = |m: &Membership| m.role == *of && Some(&m.member) == who.role();
                for (membership, options) in self.snapshot.state.memberships.iter().filter(|(m, _)| this(m)) {
                    found.member(self.kept_edge(membership), *options);
                }
            }
            Allowed::Rights { on, privileges, future, everywhere } => {
                let Some(database) = now.get(&on.database) else { return found };
                found.look_on(database, on, (who, *privileges));
                if let (true, Some(schema)) = (*future, &on.schema) {
                    found.look_later(database, (&on.database, schema), (who, *privileges));
                }
                let there = who.role().is_none_or(|role| self.snapshot.state.roles.contains_key(role));
                if *everywhere && there && database.presence != Presence::Open {
                    // a database that isn't open yet has what every database has before it is closed
                    let given = privileges.intersection(Privileges::CONNECT | Privileges::TEMPORARY);
                    found.give((on.database.clone(), None), who, given);
                }
            }
            Allowed::Attributes(_) => {}
        }
        found
    }

    /// Whom somebody else let in stays by our word: from 16 on his own membership couldn't go otherwise.
    fn kept_edge(&self, membership: &Membership) -> Membership {
        if self.trusts(&membership.grantor) || self.keeps_grantor(&membership.role, &membership.grantor) {
            return membership.clone();
        }
        Membership { grantor: self.snapshot.membership_grantor(&membership.role), ..membership.clone() }
    }

    /// Does an exception keep the grantor as a member of the role? Then what it grants to others stands, and it goes on granting.
    fn keeps_grantor(&self, role: &Name, grantor: &Name) -> bool {
        self.layout.allows_by_end().0.into_iter().any(|allow| {
            let this = matches!(&allow.what, Allowed::MemberOf(of) if of == role);
            this && allow.role.among(std::iter::once(grantor)).iter().any(|who| who.role() == Some(grantor))
        })
    }

    fn note_allowed(&mut self, allow: &Allow, (found, matches): (&Found, bool), now: &Now<'_>) {
        let unread = |on: &On| now.get(&on.database).is_some_and(|database| database.presence == Presence::Closed);
        let admin = if found.memberships.values().any(|options| options.admin) { ", with ADMIN OPTION" } else { "" };
        let further = match &allow.what {
            Allowed::Rights { on, .. } if found.is_empty() && unread(on) => String::new(),
            _ if found.is_empty() && matches => String::new(),
            _ if found.is_empty() && matches!(allow.role, AllowedRole::Family(_)) => ": matches nothing now".into(),
            _ if found.is_empty() => ": matches nothing any more; remove it".into(),
            Allowed::Rights { on, privileges, .. } => lets_everybody_in(allow, (on, *privileges), now),
            Allowed::MemberOf(_) | Allowed::Attributes(_) => String::new(),
        };
        self.notes.push(format!("allowed: {}{admin} {}{further}", allow.said(), allow.because()));
    }

    /// A member that doesn't inherit connects by a right of its own, and then becomes the role.
    fn homes_of(&self, kept: &Found) -> Needs {
        let homes = super::homes(self.layout);
        let home =
            |m: &Membership| Some(((homes.get(&m.role)?.database.clone(), None), Grantee::Role(m.member.clone())));
        kept.memberships.keys().filter_map(home).collect()
    }

    /// Who came in by PUBLIC, or as a member of a role that loses it, is let in by name.
    fn give_what_closes(&self, needs: &Needs, now: &Now<'_>, scope: &Scope, state: &mut State) {
        let memberships = &self.snapshot.state.memberships;
        let foreign = |m: &Membership| !scope.roles.contains(&m.role) && !scope.roles.contains(&m.member);
        let stay = memberships.iter().filter(|(m, _)| foreign(m)).chain(&state.memberships);
        let (before, after) = (Inherited::of(self.snapshot, memberships.iter()), Inherited::of(self.snapshot, stay));
        let mut given = Found::default();
        for (subject, who) in needs {
            let Grantee::Role(role) = who else { continue };
            let (Some(today), Some(wanted)) = (of_now(now, subject), holding(&state.databases, subject)) else {
                continue;
            };
            let need = needed(subject);
            // what the trusted have is in no wanted ACL, and stays
            let trusted = today.acl.without(|grantee, _| grantee.role().is_none_or(|r| !scope.trusted.contains(r)));
            let stays = effective(&after, role, &[&wanted.acl, &trusted]).contains(need);
            if !stays && effective(&before, role, &[&today.acl]).contains(need) {
                given.rights.entry(subject.clone()).or_default().insert(who.clone(), need);
            }
        }
        given.put(state);
    }
}

/// The routines that an exception names, whoever has EXECUTE on them by whatever way: the layout itself gives it within a service.
fn vouched(allow: &Allow, now: &Now<'_>) -> Vec<(Name, Object)> {
    let Allowed::Rights { on, privileges, .. } = &allow.what else { return Vec::new() };
    let (Some(schema), Some(glob), Some(database)) = (&on.schema, &on.object, now.get(&on.database)) else {
        return Vec::new();
    };
    if !privileges.contains(Privileges::EXECUTE) {
        return Vec::new();
    }
    let routines = matching(database, schema, glob).into_iter().filter(|(object, _)| object.kind.is_routine());
    routines.map(|(object, _)| (on.database.clone(), object.clone())).collect()
}

fn now<'a>(snapshot: &'a Snapshot, wanted: &State) -> Now<'a> {
    let current = |name: &Name, owner: &Name| match snapshot.fresh(name, owner) {
        Some(fresh) => Cow::Owned(fresh),
        None => Cow::Borrowed(&snapshot.state.databases[name]),
    };
    wanted.databases.iter().map(|(name, wanted)| (name.clone(), current(name, &wanted.held.owner))).collect()
}

fn of_now<'n>(now: &'n Now<'_>, subject: &Subject) -> Option<&'n Holding> {
    let database = now.get(&subject.0)?;
    subject.1.as_ref().map_or(Some(&database.held), |object| database.objects.get(object))
}

fn holding<'d>(databases: &'d BTreeMap<Name, Database>, subject: &Subject) -> Option<&'d Holding> {
    let database = databases.get(&subject.0)?;
    subject.1.as_ref().map_or(Some(&database.held), |object| database.objects.get(object))
}

/// Those needs that are held by name, and so are rights like the others.
fn by_name(needs: &Needs, now: &Now<'_>) -> Found {
    let mut found = Found::default();
    for (subject, who) in needs {
        if let Some(holding) = of_now(now, subject) {
            found.right(subject.clone(), holding, (who, needed(subject)));
        }
    }
    found
}

/// An exception for PUBLIC opens the database itself, which its words may not say.
fn lets_everybody_in(allow: &Allow, (on, privileges): (&On, Privileges), now: &Now<'_>) -> String {
    let says_so = on.schema.is_none() && privileges.contains(Privileges::CONNECT);
    let connects = now.get(&on.database).is_some_and(|database| {
        held(&database.held, &database.held.acl, &Grantee::Public).contains(Privileges::CONNECT)
    });
    if allow.role != AllowedRole::One(Grantee::Public) || says_so || !connects {
        return String::new();
    }
    format!("; with it everybody may still connect to {}", on.database.shown())
}

/// What a role has by these ACLs: of its own, by PUBLIC, and from those whose rights it inherits.
fn effective(inherited: &Inherited, role: &Name, acls: &[&Acl]) -> Privileges {
    let roles = inherited.by(role);
    let mine = |grantee: &Grantee| grantee.role().is_none_or(|role| roles.contains(role));
    let entries = acls.iter().flat_map(|acl| acl.entries()).filter(|(grantee, ..)| mine(grantee));
    entries.fold(Privileges::NONE, |all, (.., granted)| all | granted.privileges)
}
