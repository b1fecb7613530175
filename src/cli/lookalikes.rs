//! Warnings about names on the server that a reader takes for those of the layout.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Context;
use crate::layout::{self, AllowedRole, Layout, Service, SourceFile};
use crate::model::{Database, Grantee, Kind, Name, State, lookalike};

/// More of them are counted: who makes roles can make many.
const SHOWN: usize = 20;

/// The names that share one namespace: the layout's, and those that are there.
struct Namespace<'a> {
    kind: &'static str,
    within: Option<&'a Name>,
    declared: BTreeSet<&'a str>,
    there: BTreeSet<&'a str>,
}

impl Context<'_> {
    /// Warns of roles, databases, schemas and tables on the server whose names look like those of the layout.
    pub(super) fn warn_of_lookalikes(&self, layout: &Layout, state: &State) {
        let lines: Vec<String> = namespaces(layout, state).iter().flat_map(alike).collect();
        lines.iter().take(SHOWN).for_each(|line| self.printer.warning(line));
        if let Some(more) = lines.len().checked_sub(SHOWN + 1) {
            self.printer.warning(&format!("{} more names on the server look like names of the layout", more + 1));
        }
    }

    /// Warns of names in a layout that was written from what is there, and of those that look like one in it.
    pub(super) fn warn_of_adopted(&self, path: Option<&Path>, text: &str, state: &State) {
        let name = path.map_or_else(|| "stdout".to_owned(), |path| path.display().to_string());
        if let Ok(layout) = layout::parse(vec![SourceFile { name, text: text.to_owned() }], None) {
            self.warn(&layout.sources, &layout.warnings);
            self.warn_of_lookalikes(&layout, state);
        }
    }
}

/// A sentence for each name that isn't the layout's and looks like one that is.
fn alike(space: &Namespace<'_>) -> Vec<String> {
    let strangers = space.there.difference(&space.declared);
    let names: Vec<(&str, bool)> =
        space.declared.iter().map(|name| (*name, true)).chain(strangers.map(|name| (*name, false))).collect();
    let within = space.within.map(|database| format!(" in database {}", database.shown())).unwrap_or_default();
    let shown = |name: &str| Name::of_server(name).shown();
    let pairs = lookalike::alike(&names, |(name, _)| name).into_iter();
    let told = pairs.filter(|((_, first), (_, second))| *first && !*second);
    told.map(|((declared, _), (stranger, _))| {
        let (own, other) = lookalike::difference(declared, stranger);
        let kind = space.kind;
        format!(
            "the {kind} {}{within} isn't the layout's, and looks like {}: it has {other} where that has {own}",
            shown(stranger),
            shown(declared),
        )
    })
    .collect()
}

fn namespaces<'a>(layout: &'a Layout, state: &'a State) -> Vec<Namespace<'a>> {
    let services = || layout.services.values();
    let groups = services().flat_map(|service| [&service.ddl, &service.dml, &service.ro]);
    let logins = services().flat_map(|service| service.logins.values());
    let logins = logins.flat_map(|login| login.logging_in().chain([&login.name]));
    let trusted = layout.cluster.admins.iter().chain(&layout.cluster.provisioner).chain(&layout.cluster.inspector);
    // who leaves, or is let in by name, is known
    let leaving = layout.retire.roles.iter().map(|role| &role.name);
    let allowed = layout.allows.iter().filter_map(|allow| match &allow.role {
        AllowedRole::One(Grantee::Role(name)) => Some(name),
        _ => None,
    });
    let roles = groups.chain(logins).chain(trusted).chain(leaving).chain(allowed).map(Name::as_str).collect();
    let databases = services().map(|service| service.database.as_str());
    let databases = databases.chain([layout.cluster.database.as_str()]).collect();
    let mut all = vec![
        Namespace {
            kind: "role",
            within: None,
            declared: roles,
            there: state.roles.keys().map(Name::as_str).collect(),
        },
        Namespace {
            kind: "database",
            within: None,
            declared: databases,
            there: state.databases.keys().map(Name::as_str).collect(),
        },
    ];
    let mut by_database: BTreeMap<&Name, Vec<&Service>> = BTreeMap::new();
    services().for_each(|service| by_database.entry(&service.database).or_default().push(service));
    for (database, services) in by_database {
        if let Some((database, inside)) = state.databases.get_key_value(database) {
            all.push(schemas(database, &services, inside));
            all.extend(tables(database, &services, inside));
        }
    }
    all
}

fn schemas<'a>(database: &'a Name, services: &[&'a Service], inside: &'a Database) -> Namespace<'a> {
    let declared = services.iter().flat_map(|service| service.schemas.iter().map(Name::as_str)).collect();
    let there = inside.objects.keys().filter(|object| object.kind == Kind::Schema);
    let there = there.map(|object| object.name.as_str()).collect();
    Namespace { kind: "schema", within: Some(database), declared, there }
}

/// The tables of each service in a database: those that rules name, and those that are there.
fn tables<'a>(database: &'a Name, services: &[&'a Service], inside: &'a Database) -> Vec<Namespace<'a>> {
    let mut by_schema: BTreeMap<&Name, BTreeSet<&str>> = BTreeMap::new();
    for object in inside.objects.keys().filter(|object| matches!(object.kind, Kind::Table | Kind::View)) {
        by_schema.entry(&object.schema).or_default().insert(object.name.as_str());
    }
    let ruled = services.iter().filter_map(|service| {
        let declared: BTreeSet<&str> = service.tables.iter().filter_map(|rule| rule.table.name.exact()).collect();
        let there = service.schemas.iter().filter_map(|schema| by_schema.get(schema)).flatten().copied().collect();
        (!declared.is_empty()).then_some(Namespace { kind: "table", within: Some(database), declared, there })
    });
    ruled.collect()
}
