//! Roles, memberships and settings that the layout wants.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use crate::layout::{Auth, Group, Layout, Login, Problem, Rotation, SearchPath, Service};
use crate::model::{Membership, MembershipOptions, Name, Role, SettingKey, Settings, canonical_setting};

/// The role that a cloud makes for logins by IAM token.
const RDS_IAM: &str = "rds_iam";

/// What `initdb` makes.
const PUBLIC: &str = "public";

pub(super) fn roles(layout: &Layout) -> BTreeMap<Name, Role> {
    let login = |limit: Option<i32>| Role { login: true, connection_limit: limit.unwrap_or(-1), ..Role::PLAIN };
    let mut roles = BTreeMap::new();
    for service in layout.services.values() {
        roles.extend([&service.ddl, &service.dml, &service.ro].map(|group| (group.clone(), Role::PLAIN)));
        for one in service.logins.values() {
            // a role without LOGIN is what its slots act as
            let own = match &one.rotation {
                Rotation::Alternating { keep_login: false, .. } => Role::PLAIN,
                _ => login(one.connection_limit),
            };
            roles.insert(one.name.clone(), own);
            roles.extend(one.slots().iter().map(|slot| (slot.clone(), login(one.connection_limit))));
        }
    }
    roles.extend(layout.cluster.inspector.iter().map(|name| (name.clone(), login(None))));
    roles
}

pub(super) fn settings(layout: &Layout) -> Settings {
    let mut settings = Settings::new();
    let has_public = |service: &&Service| service.schemas.iter().any(|schema| schema.as_str() == PUBLIC);
    let taken = layout.services.values().filter(has_public).map(|service| &service.database).collect();
    for service in layout.services.values() {
        for login in service.logins.values() {
            for role in login.logging_in() {
                for (parameter, value) in &login.settings {
                    let key = SettingKey { database: None, role: Some(role.clone()), parameter: parameter.clone() };
                    settings.insert(key, canonical_setting(parameter, value));
                }
                settings.extend(looks_in_schemas((service, login), role, &taken));
                if login.group == Group::Ddl {
                    settings.insert(acts_as(Some(&service.database), role), service.ddl.as_str().into());
                }
            }
            // whichever slot connects, the session is the same role's
            for slot in login.slots() {
                settings.insert(acts_as(None, slot), login.name.as_str().into());
            }
        }
    }
    settings
}

/// `ALTER ROLE app IN DATABASE orders SET search_path = orders, public`: an unqualified name is the service's own, and no schema that is named
/// like a role comes before it.
fn looks_in_schemas(
    (service, login): (&Service, &Login),
    role: &Name,
    taken: &BTreeSet<&Name>,
) -> Option<(SettingKey, String)> {
    let declared = login.settings.keys().any(|parameter| parameter.eq_ignore_ascii_case("search_path"));
    if declared || service.search_path == SearchPath::Server {
        return None;
    }
    let key = SettingKey {
        database: Some(service.database.clone()),
        role: Some(role.clone()),
        parameter: "search_path".into(),
    };
    Some((key, default_path(service, taken)))
}

/// A service's schemas, and then `public`, unless that is a service's in this database, as the server stores a search_path.
fn default_path(service: &Service, taken: &BTreeSet<&Name>) -> String {
    let public = Name::of_server(PUBLIC);
    let rest = (!taken.contains(&service.database)).then_some(&public);
    let schemas: Vec<String> = service.schemas.iter().chain(rest).map(Name::stored).collect();
    canonical_setting("search_path", &schemas.join(", "))
}

/// `ALTER ROLE migrate IN DATABASE orders SET role = orders_ddl`: what a ddl login creates belongs to the ddl role.
/// RESET ROLE and DISCARD ALL return to it, so poolers don't lose it (pg_db_role_setting at session start).
fn acts_as(database: Option<&Name>, role: &Name) -> SettingKey {
    SettingKey { database: database.cloned(), role: Some(role.clone()), parameter: "role".into() }
}

impl Resolver<'_> {
    pub(super) fn memberships(&mut self) -> BTreeMap<Membership, MembershipOptions> {
        let mut wanted: BTreeSet<(Name, Name)> = BTreeSet::new();
        for service in self.layout.services.values() {
            for login in service.logins.values() {
                wanted.insert((service.group(login.group).clone(), login.name.clone()));
                wanted.extend(login.slots().iter().map(|slot| (login.name.clone(), slot.clone())));
                if login.auth == Auth::Iam && self.has_rds_iam(login) {
                    wanted.insert((Name::of_server(RDS_IAM), login.name.clone()));
                }
            }
        }
        wanted.into_iter().map(|(role, member)| (self.edge(role, member), MembershipOptions::PLAIN)).collect()
    }

    /// The edge with the grantor under which it stands, if somebody trusted granted it; else the one that the server
    /// will write down. Before 16 there is one row a pair, and who granted it means nothing.
    fn edge(&self, role: Name, member: Name) -> Membership {
        let grantor = self.snapshot.membership_grantor(&role);
        let own = Membership { role, member, grantor };
        if self.snapshot.state.memberships.contains_key(&own) {
            return own;
        }
        let stands = self
            .snapshot
            .state
            .memberships
            .keys()
            .find(|m| m.role == own.role && m.member == own.member && self.trusts(&m.grantor));
        stands.cloned().unwrap_or(own)
    }

    /// May what this grantor gave stand?
    pub(super) fn trusts(&self, grantor: &Name) -> bool {
        let server = &self.snapshot.server;
        !server.has_membership_options()
            || *grantor == server.bootstrap
            || *grantor == server.user
            || self.layout.cluster.provisioner.as_ref() == Some(grantor)
            || self.layout.cluster.admins.contains(grantor)
            || self.known.contains(grantor)
    }

    fn has_rds_iam(&mut self, login: &Login) -> bool {
        let there = self.snapshot.state.roles.contains_key(&Name::of_server(RDS_IAM));
        if !there {
            self.problems.push(Problem {
                code: "no-rds-iam",
                message: format!("`auth = \"iam\"` needs the role {RDS_IAM}, which this server doesn't have"),
                at: login.at.clone(),
                label: "this login asks for it".into(),
                also: None,
                help: Some("only Amazon RDS and Aurora have it; use password or external elsewhere".into()),
            });
        }
        there
    }
}

/// Who gets what a `uses` declares: the consumer's dml role as a whole, or the logins that it names.
pub(super) fn consumers<'a>(
    service: &'a Service,
    uses: &'a crate::layout::Uses,
) -> Box<dyn Iterator<Item = Name> + 'a> {
    match &uses.logins {
        None => Box::new(std::iter::once(service.dml.clone())),
        Some(keys) => Box::new(keys.iter().filter_map(|key| service.logins.get(key)).map(|login| login.name.clone())),
    }
}
