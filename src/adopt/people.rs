//! Which roles are a service's groups and logins. A role that has the same in several services is none of theirs: it stays
//! as it is, by exceptions.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Login, Service};
use super::ground::{Ground, Plot, may_be_declared};
use super::share::{self, Share};
use super::{Wish, keys};
use crate::layout::{Auth, Group, NewTables, PublicSchema, SearchPath};
use crate::model::{Acl, Database, Grantee, Name, Privileges, Role, SettingKey, Snapshot, State, Ties, list_elements};

/// The groups that were found, and the plot of each.
type Groups = BTreeMap<Name, (Group, usize)>;

struct Settler<'a> {
    snapshot: &'a Snapshot,
    ground: &'a Ground,
    /// By plot.
    shares: Vec<BTreeMap<&'a Name, Share>>,
    /// Names of roles that are there, or promised.
    taken: BTreeSet<String>,
}

pub(super) fn settle<'a>(snapshot: &'a Snapshot, ground: &'a Ground, wish: &Wish) -> Draft {
    let taken = snapshot.state.roles.keys().map(|name| name.as_str().to_owned()).collect();
    let shares = |plot: &'a Plot| share::of_plot(plot, &snapshot.state.databases[&plot.database]);
    let shares = ground.plots.iter().map(shares).collect();
    let mut settler = Settler { snapshot, ground, shares, taken };
    let groups = settler.groups();
    let logins = settler.logins(&groups);
    let services = settler.services(&groups, &logins);
    let mut draft = Draft {
        day: wish.day.clone(),
        maintenance: wish.maintenance.clone(),
        provisioner: Some(ground.provisioner.clone()),
        admins: ground.admins.clone(),
        inspector: None,
        services,
        allows: vec![],
        notes: vec![],
    };
    draft.inspector = inspector(snapshot, ground, &draft);
    draft
}

impl Settler<'_> {
    fn state(&self) -> &State {
        &self.snapshot.state
    }

    fn candidates(&self, login: bool) -> impl Iterator<Item = (&Name, &Role)> {
        let state = self.state();
        let fits = move |(name, role): &(&Name, &Role)| {
            role.login == login && may_be_declared(state, &self.ground.trusted, name)
        };
        state.roles.iter().filter(fits)
    }

    /// The first plot of a role that owns several: a role is one service's.
    fn plot_of_owner(&self, role: &Name) -> Option<usize> {
        self.ground.plots.iter().position(|plot| plot.owner == *role)
    }

    fn shares(&self, role: &Name) -> Vec<Share> {
        self.shares.iter().map(|shares| shares.get(role).copied().unwrap_or_default()).collect()
    }

    fn groups(&self) -> Groups {
        let mut groups = Groups::new();
        let mut others = Vec::new();
        for (name, _) in self.candidates(false) {
            match self.plot_of_owner(name) {
                Some(plot) => {
                    groups.insert(name.clone(), (Group::Ddl, plot));
                }
                None => others.push((name, self.shares(name))),
            }
        }
        let (writing, reading): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|(_, shares)| shares.iter().any(Share::is_dml));
        for (group, candidates) in [(Group::Dml, writing), (Group::Ro, reading)] {
            let mut best: BTreeMap<usize, (Share, &Name)> = BTreeMap::new();
            for (name, shares) in candidates {
                let Some(plot) = home(&shares, group) else { continue };
                if group == Group::Ro && !shares[plot].is_whole_ro() {
                    continue;
                }
                let better = best.get(&plot).is_none_or(|(share, _)| shares[plot] > *share);
                if better {
                    best.insert(plot, (shares[plot], name));
                }
            }
            groups.extend(best.into_iter().map(|(plot, (_, name))| (name.clone(), (group, plot))));
        }
        groups
    }

    /// Who owns, who is a member, or who has by itself what a group would have. Whom the group is a member of stays a stranger:
    /// that membership is kept, and no server takes a circle.
    fn logins(&self, groups: &Groups) -> BTreeMap<Name, (Group, usize)> {
        let mut logins = BTreeMap::new();
        let mut ties = Ties::of(self.state().memberships.keys());
        for (name, role) in self.candidates(true) {
            let owner = self.plot_of_owner(name).map(|plot| (Group::Ddl, plot));
            let others = || {
                let memberships = self.state().memberships.keys().filter(|m| m.member == *name);
                let member = memberships.filter_map(|m| groups.get(&m.role)).min().copied();
                member.or_else(|| self.by_itself(name)).filter(|_| is_plain(role))
            };
            let Some(part) = owner.or_else(others) else { continue };
            // a new group is a member of nothing
            if let Some((group, _)) = groups.iter().find(|(_, found)| **found == part) {
                if ties.way(group, name).is_some() {
                    continue;
                }
                ties.tie(group, name);
            }
            logins.insert(name.clone(), part);
        }
        logins
    }

    fn by_itself(&self, role: &Name) -> Option<(Group, usize)> {
        let shares = self.shares(role);
        if shares.iter().any(Share::is_dml) {
            return Some((Group::Dml, home(&shares, Group::Dml)?));
        }
        Some((Group::Ro, home(&shares, Group::Ro)?))
    }

    fn services(&mut self, groups: &Groups, logins: &BTreeMap<Name, (Group, usize)>) -> Vec<Service> {
        let mut taken = BTreeSet::new();
        let mut services = Vec::new();
        for (at, plot) in self.ground.plots.iter().enumerate() {
            let first = !self.ground.plots[..at].iter().any(|other| other.database == plot.database);
            let alone = self.ground.plots.iter().filter(|other| other.database == plot.database).count() == 1;
            let key = keys::service(plot, alone, &taken);
            taken.insert(key.clone());
            let mut group = |group: Group, suffix: &str| {
                let found = groups.iter().find(|(_, part)| **part == (group, at)).map(|(name, _)| name.clone());
                let name = found.unwrap_or_else(|| keys::role(&key, suffix, &self.taken));
                self.taken.insert(name.as_str().to_owned());
                name
            };
            let (ddl, dml, ro) = (group(Group::Ddl, "ddl"), group(Group::Dml, "dml"), group(Group::Ro, "ro"));
            let members = logins.iter().filter(|(_, (_, plot))| *plot == at).map(|(name, (group, _))| (name, *group));
            let mut service = Service {
                logins: self.of_service(&key, members),
                key,
                database: plot.database.clone(),
                schemas: plot.schemas.clone(),
                owner: plot.owner.clone(),
                ddl,
                dml,
                ro,
                extensions: BTreeSet::new(),
                temporary: true,
                create_schemas: false,
                public_schema: PublicSchema::Open,
                search_path: SearchPath::Server,
                new_tables: NewTables::Write,
                rules: vec![],
                uses: vec![],
            };
            self.of_database(&mut service, first);
            self.of_paths(&mut service);
            services.push(service);
        }
        services
    }

    fn of_service<'b>(&self, service: &str, members: impl Iterator<Item = (&'b Name, Group)>) -> Vec<Login> {
        let mut taken = BTreeSet::new();
        let mut logins = Vec::new();
        for (name, group) in members {
            let key = keys::login(service, name, &taken);
            taken.insert(key.clone());
            let settings = &self.state().settings;
            let own = settings.iter().filter(|(key, _)| key.role.as_ref() == Some(name) && key.database.is_none());
            let own = own.filter(|(key, _)| may_be_set(&key.parameter));
            let iam = self.state().memberships.keys().any(|m| m.member == *name && m.role.as_str() == "rds_iam");
            logins.push(Login {
                key,
                name: name.clone(),
                group,
                connection_limit: self.state().roles[name].connection_limit,
                settings: own.map(|(key, value)| (key.parameter.clone(), value.clone())).collect(),
                auth: if iam { Auth::Iam } else { Auth::Password },
            });
        }
        logins
    }

    /// Where all logins that declare no path of their own look into the service's schemas and then `public`, the layout says so, in their order.
    fn of_paths(&self, service: &mut Service) {
        let path = |login: &Login| {
            let key = SettingKey {
                database: Some(service.database.clone()),
                role: Some(login.name.clone()),
                parameter: "search_path".into(),
            };
            self.state().settings.get(&key).map(|path| list_elements(path))
        };
        let mut others = service.logins.iter().filter(|login| !login.settings.contains_key("search_path"));
        let Some(Some(first)) = others.next().map(path) else { return };
        if others.any(|login| path(login).as_ref() != Some(&first)) {
            return;
        }
        let public = Name::of_server("public");
        let mut schemas: Vec<Name> = first.iter().map(|schema| Name::of_server(schema)).collect();
        if !service.schemas.contains(&public) && schemas.pop() != Some(public) {
            return;
        }
        let (mut found, mut own) = (schemas.clone(), service.schemas.clone());
        found.sort();
        own.sort();
        if found == own {
            service.schemas = schemas;
            service.search_path = SearchPath::Schemas;
        }
    }

    /// What the database's ACL and its extensions say; the extensions are all the first service's.
    fn of_database(&self, service: &mut Service, first: bool) {
        let database = &self.state().databases[&service.database];
        let acl = &database.held.acl;
        let has = |role: &Name, privilege| acl.held_by(&Grantee::Role(role.clone())).contains(privilege);
        let temporary = [&service.dml, &service.ro].into_iter().any(|role| has(role, Privileges::TEMPORARY));
        let known = [&service.dml, &service.ro].into_iter().any(|role| has(role, Privileges::CONNECT));
        service.temporary = temporary || !known || acl.held_by(&Grantee::Public).contains(Privileges::TEMPORARY);
        let creates = |role: &Name| has(role, Privileges::CREATE) || database.held.owner == *role;
        service.create_schemas =
            creates(&service.ddl) || !self.ground.trusted.contains(&service.owner) && creates(&service.owner);
        if first {
            let found = database.extensions.iter().filter(|name| name.as_str() != "plpgsql");
            service.extensions = found.filter(|name| self.snapshot.available.contains_key(*name)).cloned().collect();
        }
    }
}

/// The one plot in which a role is as the group; of several the one that gives it later objects, too.
fn home(shares: &[Share], group: Group) -> Option<usize> {
    let is = |share: &Share| if group == Group::Dml { share.is_dml() } else { share.is_ro() };
    let only = |fits: &dyn Fn(&Share) -> bool| {
        let mut found = shares.iter().enumerate().filter(|(_, share)| is(share) && fits(share)).map(|(at, _)| at);
        found.next().filter(|_| found.next().is_none())
    };
    only(&|_| true).or_else(|| only(&|share| share.writes_later || share.reads_later))
}

/// A layout would take these attributes away, so a login that has them stays a stranger.
fn is_plain(role: &Role) -> bool {
    !(role.create_db || role.create_role || role.replication || role.bypass_rls)
}

/// As the layout takes it; `role` is pgmoat's own.
fn may_be_set(parameter: &str) -> bool {
    let first = parameter.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let rest = parameter.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    first && rest && !["role", "session_authorization"].contains(&parameter.to_ascii_lowercase().as_str())
}

/// A login that may connect to every database of a service, and has nothing else.
fn inspector(snapshot: &Snapshot, ground: &Ground, draft: &Draft) -> Option<Name> {
    let state = &snapshot.state;
    let managed: BTreeSet<&Name> = draft.services.iter().map(|service| &service.database).collect();
    let connects =
        |who: &Grantee| managed.iter().all(|name| state.databases[*name].held.acl.held_by(who) == Privileges::CONNECT);
    let nothing_else = |name: &Name, who: &Grantee| {
        let named = |acl: &Acl| acl.entries().any(|(grantee, grantor, _)| grantee == who || grantor == name);
        let inside = |database: &Database| {
            database.objects.values().any(|held| held.owner == *name || named(&held.acl))
                || database.columns.values().any(|acl| named(acl))
                || database.defaults.iter().any(|(key, acl)| key.role == *name || named(acl))
        };
        !state.memberships.keys().any(|m| m.member == *name || m.role == *name)
            && !state.settings.keys().any(|key| key.role.as_ref() == Some(name))
            && !state.databases.values().any(inside)
    };
    let fits = |(name, role): &(&Name, &Role)| {
        let who = Grantee::Role((*name).clone());
        let plain = Role { login: true, ..Role::PLAIN };
        **role == plain
            && may_be_declared(state, &ground.trusted, name)
            && draft.login(name).is_none()
            && connects(&who)
            && nothing_else(name, &who)
    };
    state.roles.iter().find(fits).map(|(name, _)| name.clone())
}
