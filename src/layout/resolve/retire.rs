//! Which roles and databases of the server leave, and what stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use super::clouds;
use crate::layout::{At, Layout, Problem, RetiredService};
use crate::model::{Dependent, Hold, Name, Presence, Retire, Retired, Server, Snapshot, State};

/// What `[retire]` names and the server still has: needed before everything that hangs on it can be read.
#[must_use]
pub fn retire(layout: &Layout, server: &Server, state: &State) -> Retire {
    let mut found = Retire::default();
    let heir = || layout.cluster.provisioner.as_ref().unwrap_or(&server.user).clone();
    for role in &layout.retire.roles {
        let retired = Retired { to: role.reassign_to.0.clone(), service: None };
        found.roles.insert(role.name.clone(), retired);
    }
    for service in &layout.retire.services {
        let to = service.reassign_to.as_ref().map_or_else(heir, |(to, _)| to.clone());
        let logins = service.logins.clone().unwrap_or_else(|| logins(layout, state, service));
        for role in service.groups.iter().cloned().chain(logins) {
            let retired = Retired { to: to.clone(), service: Some(service.key.clone()) };
            found.roles.entry(role).or_insert(retired);
        }
        found.databases.extend(service.drop_database.iter().map(|name| (name.clone(), service.key.clone())));
    }
    found.roles.retain(|role, _| state.roles.contains_key(role));
    found.databases.retain(|database, _| state.databases.contains_key(database));
    found
}

/// The members of the group roles, directly or through one another, that are named like the service's logins. NOLOGIN ones
/// too: that is what a run that was killed has left, and what a login with two slots is.
fn logins(layout: &Layout, state: &State, service: &RetiredService) -> Vec<Name> {
    let (declared, clouds) = (layout.roles(), clouds::known(state));
    let ours = |name: &Name| {
        let cluster = &layout.cluster;
        let trusted = cluster.admins.contains(name) || cluster.provisioner.as_ref() == Some(name);
        let known = !state.roles.contains_key(name) || clouds.contains(name);
        service.pattern.matches(name.as_str()) && !declared.contains_key(name) && !trusted && !known
    };
    let mut found: BTreeSet<Name> = service.groups.iter().cloned().collect();
    loop {
        let members = state.memberships.keys().filter(|m| found.contains(&m.role) && !found.contains(&m.member));
        let more: Vec<Name> = members.map(|m| m.member.clone()).filter(ours).collect();
        if more.is_empty() {
            return found.into_iter().filter(|name| !service.groups.contains(name)).collect();
        }
        found.extend(more);
    }
}

/// What stands in the way of leaving.
pub(super) fn problems(layout: &Layout, snapshot: &Snapshot, retire: &Retire) -> Vec<Problem> {
    let places = Places::of(layout, retire);
    let mut problems = Vec::new();
    for (role, retired) in &retire.roles {
        problems.extend(trusted(snapshot, role).map(|why| {
            places.problem(
                "retired-trusted",
                role,
                (format!("the role `{}` can't be retired: {why}", role.shown()), None),
            )
        }));
        problems.extend(heir(layout, snapshot, retire, &retired.to).map(|message| Problem {
            at: places.heir(role),
            label: "it is to get what the role owns".into(),
            ..places.problem("no-reassign-to", role, (message, None))
        }));
    }
    problems.extend(snapshot.retiring.prepared.iter().filter(|(role, _)| retire.has(role)).map(|(role, gid)| {
        let message = format!("the role `{}` has left the transaction {gid:?} prepared", role.shown());
        let help = "finish it first, in its database: COMMIT PREPARED or ROLLBACK PREPARED (see pg_prepared_xacts)";
        places.problem("retired-prepared", role, (message, Some(help.into())))
    }));
    problems.extend(closed(snapshot, retire, &places));
    problems.extend(snapshot.retiring.dependents.iter().filter_map(|dependent| {
        let (message, help) = owned(snapshot, retire, dependent)?;
        Some(places.problem("retired-owner", &dependent.role, (message, Some(help))))
    }));
    problems
}

fn trusted(snapshot: &Snapshot, role: &Name) -> Option<&'static str> {
    let (server, roles) = (&snapshot.server, &snapshot.state.roles);
    match role {
        _ if *role == server.bootstrap || roles.get(role).is_some_and(|role| role.superuser) => {
            Some("it is a superuser")
        }
        _ if *role == server.user => Some("pgmoat is connected as this role"),
        _ if role.as_str().starts_with("pg_") => Some("it is PostgreSQL's own"),
        _ if clouds::known(&snapshot.state).contains(role) => Some("it is the cloud's own"),
        _ => None,
    }
}

fn heir(layout: &Layout, snapshot: &Snapshot, retire: &Retire, to: &Name) -> Option<String> {
    if retire.has(to) {
        return Some(format!("`reassign_to` names `{}`, which is retired itself", to.shown()));
    }
    let known = layout.roles().contains_key(to) || snapshot.state.roles.contains_key(to);
    let predefined = to.as_str().starts_with("pg_");
    (!known || predefined).then(|| format!("`reassign_to` names `{}`, which can own nothing here", to.shown()))
}

/// Nobody can look into a database that accepts no connections, so what the role has there can't be moved.
fn closed(snapshot: &Snapshot, retire: &Retire, places: &Places<'_>) -> Vec<Problem> {
    let is_closed = |(name, _): &&(Name, Name)| {
        snapshot.state.databases.get(name).is_some_and(|database| database.presence == Presence::Closed)
            && !retire.databases.contains_key(name)
    };
    let problem = |(name, role): &(Name, Name)| {
        let message = format!("what `{}` has in the database `{}` can't be moved", role.shown(), name.shown());
        let help =
            format!("it accepts no connections; ALTER DATABASE {} ALLOW_CONNECTIONS true, or drop it", name.quoted());
        places.problem("retired-closed", role, (message, Some(help)))
    };
    snapshot.retiring.databases.iter().filter(is_closed).map(problem).collect()
}

/// What the heir can't own, or can't be given in the same go.
fn owned(snapshot: &Snapshot, retire: &Retire, dependent: &Dependent) -> Option<(String, String)> {
    let Hold::Owner { superuser_only } = dependent.hold else { return None };
    let (role, thing) = (&dependent.role, &dependent.thing);
    let to = &retire.roles.get(role)?.to;
    let place =
        dependent.database.as_ref().map(|name| format!(" in the database {}", name.shown())).unwrap_or_default();
    let what = format!("the role `{}` owns the {}{place}", role.shown(), thing.shown());
    if superuser_only && !snapshot.state.roles.get(to).is_some_and(|role| role.superuser) {
        let help = format!("only a superuser can own it, and {} is none: give it to one first, or drop it", to.shown());
        return Some((what, help));
    }
    let shares = |other: &Dependent| {
        other.role == *role
            && other.database.is_none()
            && matches!(other.hold, Hold::Owner { .. })
            && !(other.thing.kind == "database"
                && other.thing.schema.as_ref().is_some_and(|d| retire.databases.contains_key(d)))
    };
    let shared = snapshot.retiring.dependents.iter().find(|other| shares(other))?;
    // REASSIGN OWNED, which alone moves an extension, takes shared objects along, and our own transactions would meet there
    (thing.kind == "extension").then(|| {
        let help =
            format!("give the {} to {} first; then pgmoat can move the extension", shared.thing.shown(), to.shown());
        (what, help)
    })
}

/// What a layout names and the server doesn't have any more; and what a file doesn't tell.
pub(super) fn notes(layout: &Layout, snapshot: &Snapshot, retire: &Retire) -> Vec<String> {
    let mut notes = Vec::new();
    let gone = |name: &Name| !snapshot.state.roles.contains_key(name);
    for role in layout.retire.roles.iter().filter(|role| gone(&role.name)) {
        notes.push(format!("retire: there is no role {} (any more), so its entry can go", role.name.shown()));
    }
    for service in &layout.retire.services {
        let left = retire.roles.values().any(|role| role.service.as_ref() == Some(&service.key));
        if !left && !retire.databases.values().any(|key| *key == service.key) {
            let key = &service.key;
            notes.push(format!("retire: nothing of the service {key} is there (any more), so its entry can go"));
        }
    }
    let unknown: Vec<String> =
        retire.roles.keys().filter(|role| !snapshot.retiring.asked.contains(*role)).map(Name::shown).collect();
    if !unknown.is_empty() {
        let list = unknown.join(", ");
        notes.push(format!("retire: the snapshot doesn't say what hangs on {list}; write it anew with this layout"));
    }
    notes
}

/// Where the layout says that a role leaves.
struct Places<'a> {
    of: BTreeMap<&'a Name, &'a At>,
    heirs: BTreeMap<&'a Name, &'a At>,
}

impl<'a> Places<'a> {
    fn of(layout: &'a Layout, retire: &'a Retire) -> Self {
        let mut places = Self { of: BTreeMap::new(), heirs: BTreeMap::new() };
        for (role, retired) in &retire.roles {
            if let Some(service) = layout.retire.services.iter().find(|s| retired.service.as_ref() == Some(&s.key)) {
                places.of.insert(role, &service.at);
                places.heirs.extend(service.reassign_to.as_ref().map(|(_, at)| (role, at)));
            }
        }
        for role in &layout.retire.roles {
            places.of.insert(&role.name, &role.at);
            places.heirs.insert(&role.name, &role.reassign_to.1);
        }
        places
    }

    fn heir(&self, role: &Name) -> At {
        self.heirs.get(role).or_else(|| self.of.get(role)).map_or(At { file: 0, bytes: 0..0 }, |at| (*at).clone())
    }

    fn problem(&self, code: &'static str, role: &Name, (message, help): (String, Option<String>)) -> Problem {
        let at = self.of.get(role).map_or(At { file: 0, bytes: 0..0 }, |at| (*at).clone());
        Problem { code, message, at, label: "retired here".into(), also: None, help }
    }
}
