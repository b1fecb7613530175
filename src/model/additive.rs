//! `mode = "additive"`: what is there, and what the layout gives besides. Nobody loses anything.

use std::sync::Arc;

use super::{
    Acl, Database, DefaultKey, Grantee, Holding, Kind, MembershipOptions, Name, Object, Presence, Role, State,
};

impl State {
    /// This state with all that the wanted one gives, and without taking anything from anybody: owners, attributes and
    /// settings stay as they are. What is yet to be made is made as the layout wants it, since nobody has anything there.
    #[must_use]
    pub fn with_added(&self, wanted: &Self, server_version_num: u32) -> Self {
        let mut state = self.clone();
        for (name, role) in &wanted.roles {
            let more = self.roles.get(name).map_or(*role, |now| more(*now, *role));
            state.roles.insert(name.clone(), more);
        }
        for (membership, options) in &wanted.memberships {
            let now = state.memberships.entry(membership.clone()).or_insert(*options);
            let either = |now: bool, wanted: bool| now || wanted;
            *now = MembershipOptions {
                admin: either(now.admin, options.admin),
                inherit: either(now.inherit, options.inherit),
                set: either(now.set, options.set),
            };
        }
        for (key, value) in &wanted.settings {
            // whose sessions act as another role from tomorrow on can't do what they did as themselves, nor who finds other names
            let acts_already = |role: &Name| self.roles.get(role).is_some_and(|role| role.login);
            let steers = ["role", "search_path"].contains(&key.parameter.as_str()) && key.database.is_some();
            if !steers && key.parameter != "role" || !key.role.as_ref().is_some_and(acts_already) {
                state.settings.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        for (name, database) in &wanted.databases {
            let more = match self.databases.get(name) {
                Some(now) if now.presence == Presence::Open => self.more_in(now, database, server_version_num),
                _ => database.clone(),
            };
            state.databases.insert(name.clone(), more);
        }
        state
    }

    fn more_in(&self, now: &Database, wanted: &Database, server_version_num: u32) -> Database {
        let mut more = now.clone();
        let mut shapes = Shapes { server_version_num, last: None };
        more.held = shapes.holding(Kind::Database, &now.held, &wanted.held);
        more.extensions.extend(wanted.extensions.iter().cloned());
        for (object, holding) in &wanted.objects {
            let holding = match now.objects.get(object) {
                // its owner would have to go first, and stays
                Some(now) if is_public(object) && now.owner != holding.owner => continue,
                Some(now) => shapes.holding(object.kind, now, holding),
                None => holding.clone(),
            };
            more.objects.insert(object.clone(), holding);
        }
        for (key, acl) in &wanted.columns {
            let owners = now.objects.get(&key.0).zip(wanted.objects.get(&key.0));
            let Some((was, will)) = owners.map(|(now, wanted)| (&now.owner, &wanted.owner)) else { continue };
            let before = now.columns.get(key).map_or_else(Acl::default, |acl| Acl::clone(acl));
            more.columns.insert(key.clone(), Arc::new(union(before, &acl.transfer(will, was))));
        }
        for key in now.defaults.keys().chain(wanted.defaults.keys()) {
            let of = |database: &Database| database.defaults.get(key).cloned().unwrap_or_else(|| key.built_in());
            let (before, after) = (of(now), of(wanted));
            let closes = key.schema.is_none() && self.is_idle(&key.role, now);
            let before = if closes { without_built_in(&before, key) } else { before };
            more.defaults.insert(key.clone(), union(before, &after));
        }
        more.defaults.retain(|key, acl| *acl != key.built_in());
        more
    }

    /// Nobody has worked as this role, so nobody misses what its later functions would have given to PUBLIC. A dead run of
    /// ours leaves roles like that.
    fn is_idle(&self, role: &Name, database: &Database) -> bool {
        self.roles.get(role).is_none_or(|role| !role.login)
            && !self.memberships.keys().any(|membership| membership.role == *role)
            && !database.objects.values().any(|holding| holding.owner == *role)
    }
}

fn is_public(object: &Object) -> bool {
    object.kind == Kind::Schema && object.name.as_str() == "public"
}

/// Every attribute that either has, and the higher limit.
fn more(now: Role, wanted: Role) -> Role {
    let limit = |limit: i32| if limit < 0 { i32::MAX } else { limit };
    let higher = if limit(wanted.connection_limit) > limit(now.connection_limit) { wanted } else { now };
    Role {
        login: now.login || wanted.login,
        superuser: now.superuser || wanted.superuser,
        create_db: now.create_db || wanted.create_db,
        create_role: now.create_role || wanted.create_role,
        inherit: now.inherit || wanted.inherit,
        replication: now.replication || wanted.replication,
        bypass_rls: now.bypass_rls || wanted.bypass_rls,
        connection_limit: higher.connection_limit,
    }
}

fn union(mut acl: Acl, more: &Acl) -> Acl {
    for (grantee, grantor, granted) in more.entries() {
        acl.add(grantee.clone(), grantor.clone(), granted);
    }
    acl
}

/// What is built in for PUBLIC then stays only if the layout wants it.
fn without_built_in(acl: &Acl, key: &DefaultKey) -> Acl {
    let built_in = key.built_in();
    acl.without(|grantee, grantor| !built_in.granted(grantee, grantor).privileges.is_empty())
}

/// Thousands of objects share owners and ACLs: each pair is put together once.
struct Shapes {
    server_version_num: u32,
    last: Option<(Kind, Holding, Holding, Arc<Acl>)>,
}

impl Shapes {
    fn holding(&mut self, kind: Kind, now: &Holding, wanted: &Holding) -> Holding {
        let same = |a: &Holding, b: &Holding| Arc::ptr_eq(&a.acl, &b.acl) && a.owner == b.owner;
        let acl = match &self.last {
            Some((of, before, after, acl)) if *of == kind && same(before, now) && same(after, wanted) => {
                Arc::clone(acl)
            }
            _ => Arc::new(self.acl(kind, now, wanted)),
        };
        self.last = Some((kind, now.clone(), wanted.clone(), Arc::clone(&acl)));
        Holding { owner: now.owner.clone(), acl, follows: now.follows.clone() }
    }

    /// Rights are granted by whoever owns the thing now. The ddl role, which would own it, gets all there is to be granted.
    fn acl(&self, kind: Kind, now: &Holding, wanted: &Holding) -> Acl {
        let mut acl = union(Acl::clone(&now.acl), &wanted.acl.transfer(&wanted.owner, &now.owner));
        if now.owner != wanted.owner && kind != Kind::Database {
            acl.grant(Grantee::Role(wanted.owner.clone()), &now.owner, kind.privileges(self.server_version_num));
        }
        acl
    }
}
