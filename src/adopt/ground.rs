//! Which schemas make a service, by who owns what they hold; and who is trusted with everything.

use std::collections::{BTreeMap, BTreeSet};

use super::Wish;
use super::share::{WRITES, is_own};
use crate::layout::resolve::cloud_roles;
use crate::model::{Database, Kind, Name, Object, Snapshot, State};

/// Schemas of one database that become one service.
#[derive(Debug, Clone)]
pub(super) struct Plot {
    pub(super) database: Name,
    pub(super) schemas: Vec<Name>,
    /// Who owns most of what they hold.
    pub(super) owner: Name,
}

#[derive(Debug)]
pub(super) struct Ground {
    pub(super) plots: Vec<Plot>,
    pub(super) provisioner: Name,
    pub(super) admins: BTreeSet<Name>,
    /// Superusers, the clouds' own roles, admins, the provisioner.
    pub(super) trusted: BTreeSet<Name>,
    pub(super) notes: Vec<String>,
}

pub(super) fn survey(snapshot: &Snapshot, wish: &Wish) -> Ground {
    let state = &snapshot.state;
    let clouds = cloud_roles(state);
    let superuser = |name: &Name| state.roles[name].superuser || clouds.contains(name);
    let mut trusted: BTreeSet<Name> = state.roles.keys().filter(|name| superuser(name)).cloned().collect();
    trusted.insert(snapshot.server.bootstrap.clone());
    let creates_roles = |name: &&Name| state.roles[*name].create_role && !trusted.contains(*name) && !is_own(name);
    let mut admins: BTreeSet<Name> = state.roles.keys().filter(creates_roles).cloned().collect();
    trusted.extend(admins.iter().cloned());
    let mut notes = Vec::new();
    let mut plots = Vec::new();
    for name in snapshot.contents.keys() {
        let database = &state.databases[name];
        if *name == wish.maintenance {
            notes.extend(of_maintenance(name, database));
        } else {
            plots.extend(plots_of(name, database, &trusted, &mut notes));
        }
    }
    let provisioner = provisioner(snapshot, &plots, &trusted);
    admins.remove(&provisioner);
    trusted.insert(provisioner.clone());
    Ground { plots, provisioner, admins, trusted, notes }
}

/// Who owns most of the databases without being a service; the bootstrap superuser, where each service owns its own.
fn provisioner(snapshot: &Snapshot, plots: &[Plot], trusted: &BTreeSet<Name>) -> Name {
    let services: BTreeSet<&Name> = plots.iter().map(|plot| &plot.owner).filter(|o| !trusted.contains(*o)).collect();
    let clouds = cloud_roles(&snapshot.state);
    let databases: BTreeSet<&Name> = plots.iter().map(|plot| &plot.database).collect();
    let owners = databases.into_iter().map(|name| &snapshot.state.databases[name].held.owner);
    let common =
        most_common(owners.filter(|owner| !services.contains(owner) && !clouds.contains(owner) && !is_own(owner)));
    let server = &snapshot.server;
    let bootstrap = if clouds.contains(&server.bootstrap) { &server.user } else { &server.bootstrap };
    common.unwrap_or(bootstrap).clone()
}

fn most_common<'a>(names: impl Iterator<Item = &'a Name>) -> Option<&'a Name> {
    let mut counts: BTreeMap<&Name, usize> = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    // of equals the first by name
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

/// What makes two schemas of a database one service: one owner; or, where that is somebody trusted, the same writers.
type Mark<'a> = (Option<&'a Name>, BTreeSet<&'a Name>);

fn plots_of(name: &Name, database: &Database, trusted: &BTreeSet<Name>, notes: &mut Vec<String>) -> Vec<Plot> {
    let mut marks: BTreeMap<Mark<'_>, Plot> = BTreeMap::new();
    let schemas: BTreeSet<&Name> = database.objects.keys().map(|object| &object.schema).collect();
    for schema in schemas {
        let holds = database.in_schema(schema).any(|(object, _)| object.kind != Kind::Schema);
        let Some(owner) = owner(database, schema).filter(|_| holds || schema.as_str() != "public") else { continue };
        let is_trusted = trusted.contains(owner) || is_own(owner);
        let writers = if is_trusted { writers(database, schema, trusted) } else { BTreeSet::new() };
        if is_trusted && writers.is_empty() {
            notes.push(format!(
                "{}: the schema {} is {}'s, and nobody else writes in it: no service has it, and it is left as it is",
                name.shown(),
                schema.shown(),
                owner.shown()
            ));
            continue;
        }
        let mark = ((!is_trusted).then_some(owner), writers);
        let plot = Plot { database: name.clone(), schemas: vec![], owner: owner.clone() };
        marks.entry(mark).or_insert(plot).schemas.push(schema.clone());
    }
    let mut plots: Vec<Plot> = marks.into_values().collect();
    plots.sort_by(|a, b| a.schemas.cmp(&b.schemas));
    plots
}

/// Who owns most of what a schema holds; of an empty one, the schema.
fn owner<'a>(database: &'a Database, schema: &'a Name) -> Option<&'a Name> {
    let own = database.objects.get(&Object::schema(schema)).map(|held| &held.owner);
    let alone =
        |(object, held): &(&Object, &crate::model::Holding)| object.kind != Kind::Schema && held.follows.is_none();
    let mut counts: BTreeMap<&Name, usize> = BTreeMap::new();
    database.in_schema(schema).filter(alone).for_each(|(_, held)| *counts.entry(&held.owner).or_default() += 1);
    let most =
        counts.iter().rev().max_by_key(|(owner, count)| (**count, Some(**owner) == own)).map(|(owner, _)| *owner);
    most.or(own)
}

/// The roles without everybody's trust that may write in a schema, today or on later tables.
fn writers<'a>(database: &'a Database, schema: &'a Name, trusted: &BTreeSet<Name>) -> BTreeSet<&'a Name> {
    let relations = database.in_schema(schema).filter(|(object, _)| object.kind.is_relation());
    let today = relations.flat_map(|(_, held)| held.acl.entries());
    let later = database.defaults.iter().filter(|(key, _)| key.schema.as_ref() == Some(schema));
    let all = today.chain(later.flat_map(|(_, acl)| acl.entries()));
    all.filter(|(_, _, granted)| !granted.privileges.intersection(WRITES).is_empty())
        .filter_map(|(grantee, ..)| grantee.role())
        .filter(|role| !trusted.contains(*role) && !is_own(role))
        .collect()
}

fn of_maintenance(name: &Name, database: &Database) -> Option<String> {
    let objects = database.objects.keys().filter(|object| object.kind != Kind::Schema);
    let relations = objects.filter(|object| object.kind.is_relation()).count();
    (relations > 0).then(|| {
        let tables = if relations == 1 { "1 table or view".into() } else { format!("{relations} tables and views") };
        format!(
            "{}: the maintenance database holds {tables}, and can't be a service's: move them to another",
            name.shown()
        )
    })
}

/// Does the cluster know the role, and could a layout declare it?
pub(super) fn may_be_declared(state: &State, trusted: &BTreeSet<Name>, role: &Name) -> bool {
    state.roles.contains_key(role) && !trusted.contains(role) && !is_own(role)
}
