//! The layout against a server's inventory: patterns become tables, declarations become owners, ACLs and memberships.

mod acting;
mod allow;
mod circles;
mod clouds;
mod databases;
mod defaults;
mod found;
mod inherited;
mod objects;
mod passwords;
mod public_schema;
mod retire;
mod roles;
mod rules;
mod trusted;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

pub use acting::as_provisioner;
pub use clouds::cloud_roles;
pub use retire::retire;

use super::{At, Layout, Mode, Problem, PublicSchema};
use crate::model::{Attribute, Desired, Grantee, Home, Name, Object, Ruled, Scope, Server, Snapshot, State};

/// Makes the layout's meaning concrete.
///
/// # Errors
/// What can be wrong only in the light of the server: a role of the layout is a superuser, a table has two writers.
pub fn resolve(layout: &Layout, snapshot: &Snapshot) -> Result<Desired, Vec<Problem>> {
    // what follows would speak of another cluster
    other_cluster(layout, &snapshot.server).map_or(Ok(()), |problem| Err(vec![problem]))?;
    let mut problems = Vec::new();
    let mut scope = scope(layout, snapshot, &mut problems);
    let retire = retire::retire(layout, &snapshot.server, &snapshot.state);
    problems.extend(retire::problems(layout, snapshot, &retire));
    scope.retired = retire.roles.keys().cloned().collect();
    problems.extend(no_provisioner(layout, snapshot));
    problems.extend(locked_out(layout, snapshot));
    let mut resolver = Resolver {
        layout,
        snapshot,
        known: clouds::known(&snapshot.state),
        problems,
        pending: BTreeSet::new(),
        ruled: BTreeMap::new(),
        vouched: BTreeMap::new(),
        attributes: BTreeMap::new(),
        notes: retire::notes(layout, snapshot, &retire),
    };
    resolver.note_makers(&scope);
    resolver.note_passwords();
    let mut state = State {
        roles: roles::roles(layout),
        memberships: resolver.memberships(),
        settings: roles::settings(layout),
        databases: scope.databases.keys().map(|name| (name.clone(), resolver.database(name, &scope))).collect(),
    };
    // an additive layout takes nothing, so there is nothing to keep: only an exclusive one would
    let declared = (layout.cluster.mode == Mode::Additive).then(|| state.clone());
    let ended = resolver.keep(&scope, &mut state);
    resolver.refuse_circles(&scope, &state);
    if !resolver.problems.is_empty() {
        return Err(resolver.problems);
    }
    let mut desired = Desired {
        state,
        exclusive: None,
        pending: resolver.pending.into_iter().collect(),
        notes: resolver.notes,
        homes: homes(layout),
        create: layout.services.values().map(|s| (s.database.clone(), s.create.clone())).collect(),
        maintenance: layout.cluster.database.clone(),
        schemas: layout
            .services
            .values()
            .flat_map(|s| s.schemas.iter().map(|schema| ((s.database.clone(), schema.clone()), s.key.clone())))
            .collect(),
        ended,
        scope,
        retire,
        admins: layout.cluster.admins.iter().chain(&layout.cluster.provisioner).cloned().collect(),
        ruled: resolver.ruled,
        vouched: resolver.vouched,
        attributes: resolver.attributes,
        uses: uses::declared(layout),
    };
    if let Some(declared) = declared {
        let more = desired.current(snapshot).with_added(&declared, snapshot.server.version_num);
        desired.exclusive = Some(std::mem::replace(&mut desired.state, more));
    }
    Ok(desired)
}

/// Returns the problem that this is another cluster than the one that the layout is for.
#[must_use]
pub fn other_cluster(layout: &Layout, server: &Server) -> Option<Problem> {
    let wanted = layout.cluster.system_identifier.as_ref()?;
    let found = &server.system_identifier;
    (wanted != found).then(|| Problem {
        code: "other-cluster",
        message: format!("this is another cluster: its system identifier is {found}"),
        at: layout.cluster.system_identifier_at.clone().unwrap_or(At { file: 0, bytes: 0..0 }),
        label: format!("the layout is for {wanted}"),
        also: None,
        help: None,
    })
}

/// What every part of the resolution sees, and where it leaves what it found.
struct Resolver<'a> {
    layout: &'a Layout,
    snapshot: &'a Snapshot,
    /// Trusted without being named.
    known: BTreeSet<Name>,
    problems: Vec<Problem>,
    pending: BTreeSet<String>,
    ruled: BTreeMap<(Name, Object), Ruled>,
    vouched: BTreeMap<(Name, Object), BTreeSet<Grantee>>,
    attributes: BTreeMap<Name, BTreeSet<Attribute>>,
    notes: Vec<String>,
}

fn scope(layout: &Layout, snapshot: &Snapshot, problems: &mut Vec<Problem>) -> Scope {
    let mut scope = Scope { roles: roles::roles(layout).into_keys().collect(), ..Scope::default() };
    let mut trusted = clouds::known(&snapshot.state);
    for role in scope.roles.intersection(&trusted) {
        let at = role_place(layout, role);
        problems.push(Problem {
            code: "trusted-role",
            message: format!(
                "the role `{}` is a superuser or the cloud's own, and pgmoat never changes such roles",
                role.shown()
            ),
            at,
            label: "resolves to that role".into(),
            also: None,
            help: Some("choose another name under [naming], or take SUPERUSER from the role first".into()),
        });
    }
    trusted.extend(layout.cluster.admins.iter().cloned());
    trusted.extend(layout.cluster.provisioner.clone());
    trusted.extend([snapshot.server.bootstrap.clone(), snapshot.server.user.clone()]);
    trusted.extend(snapshot.server.login.clone());
    scope.trusted = trusted.difference(&scope.roles).cloned().collect();
    let server = &snapshot.server;
    scope.implicit = (server.has_membership_options() && !server.superuser).then(|| server.bootstrap.clone());
    for service in layout.services.values() {
        let database = scope.databases.entry(service.database.clone()).or_default();
        database.schemas.extend(service.schemas.iter().cloned());
        database.extensions.extend(service.extensions.iter().cloned());
        database.public |= service.public_schema != PublicSchema::Open;
    }
    scope
}

/// The provisioner is the one role of a layout that pgmoat doesn't make: who made it would own it.
fn no_provisioner(layout: &Layout, snapshot: &Snapshot) -> Option<Problem> {
    let (name, at) = (layout.cluster.provisioner.as_ref()?, layout.cluster.provisioner_at.clone()?);
    if snapshot.state.roles.contains_key(name) {
        return None;
    }
    Some(Problem {
        code: "no-provisioner",
        message: format!("the provisioner `{}` is no role of this server", name.shown()),
        at,
        label: "it is to own the databases".into(),
        also: None,
        help: Some(format!("make it once: CREATE ROLE {} NOLOGIN CREATEROLE CREATEDB", name.quoted())),
    })
}

/// CONNECT is asked of who logs in, not of the role that he acts as: where he doesn't inherit from the provisioner, he would have
/// it through PUBLIC alone, and lose it.
fn locked_out(layout: &Layout, snapshot: &Snapshot) -> Option<Problem> {
    let login = snapshot.server.login.as_ref().filter(|login| layout.cluster.inspector.as_ref() != Some(login))?;
    let (provisioner, at) = (layout.cluster.provisioner.as_ref()?, layout.cluster.provisioner_at.clone()?);
    if acting::login_inherits(snapshot) {
        return None;
    }
    let (member, role) = (login.quoted(), provisioner.quoted());
    let with = if snapshot.server.has_membership_options() { " WITH INHERIT TRUE, SET TRUE" } else { "" };
    Some(Problem {
        code: "locked-out",
        message: format!("`{}` would lose CONNECT on the databases that `{}` owns", login.shown(), provisioner.shown()),
        at,
        label: format!("{} logs in, and doesn't inherit its rights", login.shown()),
        also: None,
        help: Some(format!(
            "let it inherit them: GRANT {role} TO {member}{with}; before 16, ALTER ROLE {member} INHERIT"
        )),
    })
}

/// The login or else the service that declares a role.
fn role_place(layout: &Layout, role: &Name) -> At {
    let of_service = |s: &super::Service| {
        let login = s.logins.values().find(|l| l.roles().any(|one| one == role)).map(|l| l.at.clone());
        login.or_else(|| [&s.ddl, &s.dml, &s.ro].contains(&role).then(|| s.at.clone()))
    };
    let inspector = || layout.cluster.inspector_at.clone();
    layout.services.values().find_map(of_service).or_else(inspector).unwrap_or(At { file: 0, bytes: 0..0 })
}

fn homes(layout: &Layout) -> BTreeMap<Name, Home> {
    let mut homes = BTreeMap::new();
    for s in layout.services.values() {
        let home = |part| Home { service: s.key.clone(), database: s.database.clone(), part };
        homes.extend([(&s.ddl, "ddl"), (&s.dml, "dml"), (&s.ro, "ro")].map(|(role, part)| (role.clone(), home(part))));
        let logins = s.logins.values().flat_map(|login| login.roles());
        homes.extend(logins.map(|role| (role.clone(), home("login"))));
    }
    homes
}
