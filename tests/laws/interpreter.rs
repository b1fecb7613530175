//! Carries out changes on a state as PostgreSQL would.

use std::collections::BTreeMap;
use std::sync::Arc;

use pgmoat::diff::{Change, Revoke, Target};
use pgmoat::model::{Acl, Database, DefaultKey, Granted, Grantee, Holding, Name, Object, Presence, Privileges, State};

/// Revokes come last, as in a plan.
pub(crate) fn run(changes: &[Change], mut state: State) -> State {
    let is_last = |change: &&Change| matches!(change, Change::Revoke(_) | Change::RevokeDefault { .. });
    let owners = changes.iter().filter(|change| !is_last(change));
    for change in owners.chain(changes.iter().filter(is_last)) {
        one(change, &mut state);
    }
    state
}

/// Without what is never compared: owners' own rights, and what has no entries.
pub(crate) fn comparable(state: &State) -> State {
    let mut state = state.clone();
    for database in state.databases.values_mut() {
        strip(&mut database.held);
        database.objects.values_mut().for_each(strip);
        database.columns.retain(|(object, _), acl| {
            let owner = &database.objects[object].owner;
            acl.without(|grantee, _| grantee.role() == Some(owner)) != Acl::default()
        });
    }
    state
}

fn strip(held: &mut Holding) {
    held.acl = Arc::new(held.acl.without(|grantee, _| grantee.role() == Some(&held.owner)));
}

fn one(change: &Change, state: &mut State) {
    match change {
        Change::CreateRole { name, role } => drop(state.roles.insert(name.clone(), *role)),
        Change::AlterRole { name, to, .. } => drop(state.roles.insert(name.clone(), *to)),
        Change::Join { membership, options } => drop(state.memberships.insert(membership.clone(), *options)),
        Change::AlterMembership { membership, to, .. } => drop(state.memberships.insert(membership.clone(), *to)),
        Change::Leave { membership, .. } => drop(state.memberships.remove(membership)),
        Change::Set { key, to, .. } => drop(state.settings.insert(key.clone(), to.clone())),
        Change::Reset { key, .. } => drop(state.settings.remove(key)),
        Change::OpenDatabase { database, .. } => inside(state, database).presence = Presence::Open,
        Change::CreateSchema { database, schema, owner } => {
            let held = Holding::new(owner.clone(), Acl::default());
            inside(state, database).objects.insert(Object::schema(schema), held);
        }
        Change::CreateExtension { database, extension } => {
            inside(state, database).extensions.insert(extension.clone());
        }
        Change::Own { target, to, .. } => own(target, to, state),
        Change::Grant { target, owner, grantee, privileges } => {
            change_acl(target, state, |acl| acl.grant(grantee.clone(), owner, *privileges));
        }
        Change::Revoke(revoke) => take(revoke, state),
        Change::GrantDefault { database, key, grantee, privileges } => {
            default(inside(state, database), key, |acl| acl.grant(grantee.clone(), &key.role, *privileges));
        }
        Change::Move { database, thing, to, .. } => {
            inside(state, database).things.insert(thing.clone(), to.clone());
        }
        Change::Retire(_) => panic!("these clusters retire nobody"),
        Change::RevokeDefault { database, key, grantee, privileges, options } => {
            default(inside(state, database), key, |acl| {
                *acl = minus(acl, (grantee, &key.role), *privileges, *privileges | *options);
            });
        }
    }
}

fn inside<'a>(state: &'a mut State, database: &Name) -> &'a mut Database {
    state.databases.get_mut(database).expect("the database is there")
}

/// The columns of a table, and the sequences behind them, go with it.
fn own(target: &Target, to: &Name, state: &mut State) {
    let database = inside(state, target.database());
    let Target::Object(_, object) = target else {
        moved(&mut database.held, to);
        return;
    };
    let from = database.objects[object].owner.clone();
    for (other, held) in &mut database.objects {
        let goes_along = held.follows.as_ref().is_some_and(|table| table.as_ref() == object);
        if other == object || goes_along {
            moved(held, to);
        }
    }
    for ((table, _), acl) in &mut database.columns {
        if table == object {
            *acl = Arc::new(acl.transfer(&from, to));
        }
    }
}

fn moved(held: &mut Holding, to: &Name) {
    held.acl = Arc::new(held.acl.transfer(&held.owner, to));
    held.owner = to.clone();
}

fn change_acl(target: &Target, state: &mut State, change: impl FnOnce(&mut Acl)) {
    let database = inside(state, target.database());
    let acl = match target {
        Target::Database(_) => &mut database.held.acl,
        Target::Object(_, object) => &mut database.objects.get_mut(object).expect("the object is there").acl,
        Target::Column(_, object, column) => database.columns.entry((object.clone(), column.clone())).or_default(),
    };
    change(Arc::make_mut(acl));
}

/// REVOKE on a table takes the same grantor's rights on its columns along.
fn take(revoke: &Revoke, state: &mut State) {
    change_acl(&revoke.target, state, |acl| revoke_from(acl, revoke));
    let Target::Object(database, object) = &revoke.target else { return };
    for ((table, _), acl) in &mut inside(state, database).columns {
        if table == object {
            revoke_from(Arc::make_mut(acl), revoke);
        }
    }
}

fn revoke_from(acl: &mut Acl, revoke: &Revoke) {
    let before = options(acl);
    *acl = minus(acl, (&revoke.grantee, &revoke.grantor), revoke.privileges, revoke.privileges | revoke.options);
    fall(acl, &before, &revoke.owner);
}

/// `recursive_revoke` in src/backend/utils/adt/acl.c: whoever holds no grant option any more loses what he granted,
/// but for the owner, who has them all.
fn fall(acl: &mut Acl, before: &BTreeMap<Name, Privileges>, owner: &Name) {
    loop {
        let now = options(acl);
        let lost = |role: &Name| {
            let held = now.get(role).copied().unwrap_or_default();
            before.get(role).copied().unwrap_or_default().minus(held)
        };
        let entries: Vec<_> = acl.entries().map(|(to, by, granted)| (to.clone(), by.clone(), granted)).collect();
        let falls = entries
            .into_iter()
            .find(|(_, by, granted)| by != owner && !granted.privileges.intersection(lost(by)).is_empty());
        let Some((grantee, grantor, _)) = falls else { return };
        let gone = lost(&grantor);
        *acl = minus(acl, (&grantee, &grantor), gone, gone);
    }
}

fn options(acl: &Acl) -> BTreeMap<Name, Privileges> {
    let mut options = BTreeMap::<Name, Privileges>::new();
    for (grantee, _, granted) in acl.entries() {
        if let Some(role) = grantee.role() {
            let held = options.entry(role.clone()).or_default();
            *held = *held | granted.grantable;
        }
    }
    options
}

/// The ACL without some privileges, and some grant options, of one entry.
fn minus(acl: &Acl, entry: (&Grantee, &Name), privileges: Privileges, grantable: Privileges) -> Acl {
    let mut left = Acl::default();
    for (grantee, grantor, granted) in acl.entries() {
        let here = (grantee, grantor) == entry;
        let less = |all: Privileges, gone| if here { all.minus(gone) } else { all };
        let (privileges, grantable) = (less(granted.privileges, privileges), less(granted.grantable, grantable));
        left.add(grantee.clone(), grantor.clone(), Granted { privileges, grantable });
    }
    left
}

fn default(database: &mut Database, key: &DefaultKey, change: impl FnOnce(&mut Acl)) {
    let mut acl = database.defaults.remove(key).unwrap_or_else(|| key.built_in());
    change(&mut acl);
    if acl != key.built_in() {
        database.defaults.insert(key.clone(), acl);
    }
}
