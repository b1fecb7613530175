//! A database, the objects in it, and its default privileges.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::acl::{self, Entries};
use super::{Change, Target, merge};
use crate::model::{Acl, Database, DefaultKey, Granted, Grantee, Holding, Kind, Name, Object, Presence, Privileges};

pub(super) fn database(name: &Name, from: &Database, to: &Database, changes: &mut Vec<Change>) {
    if from.presence != to.presence && to.presence == Presence::Open {
        let owner = from.held.owner.clone();
        changes.push(Change::OpenDatabase { database: name.clone(), owner, from: from.presence });
    }
    held(&Target::Database(name.clone()), &from.held, &to.held, &Columns::new(), changes);
    for extension in to.extensions.difference(&from.extensions) {
        changes.push(Change::CreateExtension { database: name.clone(), extension: extension.clone() });
    }
    objects(name, from, to, changes);
    merge(&from.things, &to.things, |thing, before, after| {
        let (Some(from), Some(to)) = (before, after) else { return };
        if from != to {
            let (database, thing, from, to) = (name.clone(), thing.clone(), from.clone(), to.clone());
            changes.push(Change::Move { database, thing, from, to });
        }
    });
    merge(&from.defaults, &to.defaults, |key, before, after| {
        let built_in = key.built_in();
        default(name, key, before.unwrap_or(&built_in), after.unwrap_or(&built_in), changes);
    });
}

fn objects(name: &Name, from: &Database, to: &Database, changes: &mut Vec<Change>) {
    let mut columns: BTreeMap<&Object, Columns<'_>> = BTreeMap::new();
    for ((object, column), acl) in &from.columns {
        columns.entry(object).or_default().entry(column).or_default().0 = Some(acl);
    }
    for ((object, column), acl) in &to.columns {
        columns.entry(object).or_default().entry(column).or_default().1 = Some(acl);
    }
    let none = Columns::new();
    let mut same = Same::default();
    merge(&from.objects, &to.objects, |object, before, after| {
        let Some(after) = after else { return };
        let columns = columns.get(object).unwrap_or(&none);
        if columns.is_empty() && before.is_some_and(|before| same.holds(before, after)) {
            return;
        }
        let target = Target::Object(name.clone(), object.clone());
        if let Some(before) = before {
            let found = changes.len();
            held(&target, before, after, columns, changes);
            // a sequence that follows its table to another owner makes no change either, and isn't equal
            if changes.len() == found && before.owner == after.owner {
                same.remember(before, after);
            }
        } else if object.kind == Kind::Schema {
            let (schema, owner) = (object.name.clone(), after.owner.clone());
            changes.push(Change::CreateSchema { database: name.clone(), schema, owner });
            held(&target, &Holding::new(after.owner.clone(), Acl::default()), after, columns, changes);
        }
    });
}

/// The ACLs of an object's columns, before and after.
type Columns<'a> = BTreeMap<&'a Name, (Option<&'a Arc<Acl>>, Option<&'a Arc<Acl>>)>;

/// Thousands of tables share one owner and one ACL: a pair that was found equal once isn't compared again.
#[derive(Default)]
struct Same<'a> {
    last: Option<(&'a Holding, &'a Holding)>,
}

impl<'a> Same<'a> {
    fn holds(&self, before: &Holding, after: &Holding) -> bool {
        let Some((b, a)) = self.last else { return false };
        Arc::ptr_eq(&b.acl, &before.acl)
            && Arc::ptr_eq(&a.acl, &after.acl)
            && b.owner == before.owner
            && a.owner == after.owner
    }

    fn remember(&mut self, before: &'a Holding, after: &'a Holding) {
        self.last = Some((before, after));
    }
}

fn held(target: &Target, before: &Holding, after: &Holding, columns: &Columns<'_>, changes: &mut Vec<Change>) {
    let moves = before.owner != after.owner;
    let owner = &after.owner;
    let moved = |acl: &Acl| if moves { acl.transfer(&before.owner, owner) } else { acl.clone() };
    if moves && before.follows.is_none() {
        let (from, to) = (before.owner.clone(), after.owner.clone());
        changes.push(Change::Own { target: target.clone(), from, to });
    }
    let acl = moved(&before.acl);
    let revokes = acl::compare(&Entries { target, owner, from: &acl, to: &after.acl }, changes);
    if let Target::Object(database, object) = target {
        let nothing = Arc::new(Acl::default());
        for (column, (was, will)) in columns {
            // REVOKE on the table takes the same grantor's column rights along (ExecGrant_Relation in aclchk.c)
            let acl = moved(was.unwrap_or(&nothing));
            let gone = |grantee: &Grantee, grantor: &Name| acl::gone(&revokes, grantee, grantor);
            let left = acl::subtract(&acl, gone);
            let target = Target::Column(database.clone(), object.clone(), (*column).clone());
            acl::compare(&Entries { target: &target, owner, from: &left, to: will.unwrap_or(&nothing) }, changes);
        }
    }
}

fn default(database: &Name, key: &DefaultKey, before: &Acl, after: &Acl, changes: &mut Vec<Change>) {
    let grantees: std::collections::BTreeSet<&Grantee> =
        before.entries().chain(after.entries()).map(|(grantee, _, _)| grantee).collect();
    for grantee in grantees {
        let (was, will) = (before.granted(grantee, &key.role), after.granted(grantee, &key.role));
        let missing = will.privileges.minus(was.privileges);
        let excess = Granted {
            privileges: was.privileges.minus(will.privileges),
            grantable: was.grantable.minus(will.grantable).intersection(will.privileges),
        };
        let (database, key, grantee) = (database.clone(), key.clone(), grantee.clone());
        if missing != Privileges::NONE {
            let (database, key, grantee) = (database.clone(), key.clone(), grantee.clone());
            changes.push(Change::GrantDefault { database, key, grantee, privileges: missing });
        }
        if !excess.privileges.is_empty() || !excess.grantable.is_empty() {
            let (privileges, options) = (excess.privileges, excess.grantable);
            changes.push(Change::RevokeDefault { database, key, grantee, privileges, options });
        }
    }
}
