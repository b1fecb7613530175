//! Code that a plan takes over: objects that execute something, made by a role beyond the wall of the role that gets them.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Context;
use super::step::{ObjectRef, StepCode};
use super::{Hazard, build};
use crate::diff::{Change, Retirement, Target};
use crate::model::{AdoptableCode, CodeIdentity, Desired, Grantee, Kind, Name, Object, Snapshot, Thing};

/// The code that was read, by database and identity.
#[derive(Default)]
pub(super) struct Adoptables<'a> {
    objects: BTreeMap<(&'a Name, &'a CodeIdentity), &'a AdoptableCode>,
    /// By type and identity of `pg_identify_object`.
    things: BTreeMap<(&'a Name, &'a str, &'a str), &'a AdoptableCode>,
}

/// What an object brings along to its new owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Carried<'a> {
    Nothing,
    Code(&'a AdoptableCode),
    /// It may execute something, and the snapshot doesn't tell.
    Unread,
}

impl<'a> Adoptables<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        let mut found = Self::default();
        let in_schemas =
            snapshot.contents.iter().filter_map(|(name, contents)| Some((name, contents.adoptable.as_ref()?)));
        let of_retired =
            snapshot.retiring.code.iter().flat_map(|(name, codes)| codes.iter().map(move |code| (name, code)));
        let all = in_schemas.flat_map(|(name, adoptable)| adoptable.code.iter().map(move |code| (name, code)));
        for (database, code) in all.chain(of_retired) {
            found.objects.insert((database, &code.identity), code);
            found.things.insert((database, &code.thing.0, &code.thing.1), code);
        }
        found
    }

    /// Returns the code of these roles in a database.
    fn owned_by(&self, database: &Name, owner: &Name) -> Vec<&'a AdoptableCode> {
        let owned = self.objects.iter().filter(|((name, _), code)| *name == database && code.owner == *owner);
        owned.map(|(_, code)| *code).collect()
    }
}

impl<'a> Context<'a> {
    /// Whether the old owner stands beyond the wall of the role that gets something: it is neither trusted nor a role of the
    /// same service, also not one that leaves the service. The owner of a database acts as `pg_database_owner` in it.
    pub(super) fn is_beyond(&self, database: &Name, from: &Name, to: &Name) -> bool {
        let owner = self.snapshot.state.databases.get(database).map(|database| &database.held.owner);
        let from = if from.as_str() == "pg_database_owner" { owner.unwrap_or(from) } else { from };
        let service = self.service_of_role(to);
        let same = service.is_some() && self.service_of_role(from) == service;
        from != to && !same && !self.is_trusted(from)
    }

    /// Whether a schema is taken from a service or a stranger. An owner of the database that no service declares may
    /// create and own schemas there.
    pub(super) fn takes_schema(&self, target: &Target, (from, to): (&Name, &Name)) -> bool {
        let Target::Object(database, Object { kind: Kind::Schema, .. }) = target else { return false };
        let owner = self.snapshot.state.databases.get(database).map(|database| &database.held.owner);
        let owns_database = owner == Some(from) || from.as_str() == "pg_database_owner";
        let of_service = |role: &Name| self.service_of_role(role).is_some();
        let declared = owner.filter(|_| owns_database).is_none_or(of_service);
        declared && self.is_beyond(database, from, to)
    }

    /// Returns what an object of a state brings along.
    pub(super) fn carried(&self, target: &Target, (from, to): (&Name, &Name)) -> Carried<'a> {
        let Target::Object(database, object) = target else { return Carried::Nothing };
        if matches!(object.kind, Kind::Database | Kind::Schema | Kind::Sequence) || !self.is_beyond(database, from, to)
        {
            return Carried::Nothing;
        }
        self.carried_by(database, &CodeIdentity::Object(object.clone()), to)
    }

    /// Returns what an object of any class brings along to a ddl role that gets it from beyond the wall.
    pub(super) fn carried_by(&self, database: &Name, identity: &CodeIdentity, to: &Name) -> Carried<'a> {
        let Some(contents) = self.snapshot.contents.get(database) else { return Carried::Nothing };
        if let Some(code) = self.adoptables().objects.get(&(database, identity)) {
            return Carried::Code(code);
        }
        let read = contents.adoptable.as_ref().is_some_and(|read| read.has_asked(identity.schema(), to));
        if read { Carried::Nothing } else { Carried::Unread }
    }

    /// Returns what an operator, a conversion and their like bring along.
    pub(super) fn carried_move(&self, database: &Name, thing: &Thing, (from, to): (&Name, &Name)) -> Carried<'a> {
        let Some(schema) = thing.schema.clone().filter(|_| may_execute(&thing.kind)) else { return Carried::Nothing };
        if !self.is_beyond(database, from, to) {
            return Carried::Nothing;
        }
        let (kind, identity) = (thing.kind.clone(), thing.identity.clone());
        self.carried_by(database, &CodeIdentity::Other { schema, kind, identity }, to)
    }

    /// Returns what something of a role that leaves brings along.
    pub(super) fn carried_thing(&self, database: &Name, thing: &Thing, (from, to): (&Name, &Name)) -> Carried<'a> {
        if !self.is_beyond(database, from, to) {
            return Carried::Nothing;
        }
        match self.adoptables().things.get(&(database, &thing.kind, &thing.identity)) {
            Some(code) => Carried::Code(code),
            None if self.snapshot.retiring.code.contains_key(database) || !may_execute(&thing.kind) => Carried::Nothing,
            None => Carried::Unread,
        }
    }

    /// Returns all code that a role which leaves gives away in a database.
    pub(super) fn carried_of(&self, database: &Name, (from, to): (&Name, &Name)) -> Vec<Carried<'a>> {
        if !self.is_beyond(database, from, to) {
            return vec![];
        }
        if !self.snapshot.retiring.code.contains_key(database) {
            return vec![Carried::Unread];
        }
        self.adoptables().owned_by(database, from).into_iter().map(Carried::Code).collect()
    }
}

/// Whether an object of this type can be code or carry it, as `pg_identify_object` names types.
fn may_execute(kind: &str) -> bool {
    const NEVER: [&str; 10] = [
        "schema",
        "sequence",
        "large object",
        "database",
        "tablespace",
        "collation",
        "server",
        "publication",
        "text search configuration",
        "text search dictionary",
    ];
    !NEVER.contains(&kind)
}

/// Adds the hazard where one of these carries code.
pub(super) fn hazards(mut hazards: Vec<Hazard>, carried: &[Carried<'_>]) -> Vec<Hazard> {
    if carried.iter().any(|carried| *carried != Carried::Nothing) {
        hazards.push(Hazard::AdoptsCode);
    }
    hazards
}

/// Returns the definitions as a step has them.
pub(super) fn code(database: &Name, carried: &[Carried<'_>]) -> Vec<StepCode> {
    let one = |carried: &Carried<'_>| match carried {
        Carried::Code(code) => Some(StepCode {
            object: match &code.identity {
                CodeIdentity::Object(object) => ObjectRef::of(database, object),
                CodeIdentity::Other { schema, kind, identity } => ObjectRef {
                    kind: kind.clone(),
                    database: Some(database.clone()),
                    schema: Some(schema.clone()),
                    name: identity.clone(),
                },
            },
            owner: code.owner.clone(),
            definition: code.definition.clone(),
        }),
        _ => None,
    };
    carried.iter().filter_map(one).collect()
}

/// Returns why the code is a danger: whose it is, and who may use it after the same plan.
pub(super) fn why(context: &Context<'_>, (from, to): (&Name, &Name), granted: &BTreeSet<String>) -> String {
    let whose = match context.service_of_role(from) {
        Some(service) => format!("{} of service {service}", from.shown()),
        None if context.desired.retire.has(from) => format!("{}, which is retired,", from.shown()),
        None => format!("{}, which the layout doesn't know,", from.shown()),
    };
    let granted = granted.iter().cloned().collect::<Vec<_>>().join("; ");
    let granted = if granted.is_empty() { String::new() } else { format!("; the same plan grants {granted}") };
    format!("{whose} wrote the code, and it belongs to {} from then on{granted}", to.shown())
}

/// Returns what these changes grant on each object: `EXECUTE to orders_dml`.
pub(super) fn granted(changes: &[Change]) -> BTreeMap<&Target, BTreeSet<String>> {
    let mut granted: BTreeMap<&Target, BTreeMap<_, BTreeSet<&Grantee>>> = BTreeMap::new();
    for change in changes {
        if let Change::Grant { target, grantee, privileges, .. } = change {
            granted.entry(target).or_default().entry(*privileges).or_default().insert(grantee);
        }
    }
    let shown = |grantees: BTreeSet<&Grantee>| grantees.into_iter().map(Grantee::shown).collect::<Vec<_>>().join(", ");
    let texts = granted.into_iter().map(|(target, by_privileges)| {
        let text = |(privileges, grantees): (crate::model::Privileges, _)| {
            format!("{} to {}", privileges.keywords(), shown(grantees))
        };
        (target, by_privileges.into_iter().map(text).collect())
    });
    texts.collect()
}

/// By database, the objects that change hands from beyond a wall, each with its definition; none where it executes nothing.
pub type Definitions = BTreeMap<Name, BTreeMap<CodeIdentity, Option<String>>>;

/// Returns the definitions that a plan shows, for the objects that it gives to another owner. They must be the same after its steps.
#[must_use]
pub fn definitions(snapshot: &Snapshot, desired: &Desired) -> Definitions {
    let changes =
        build::within(super::changes(snapshot, desired, &super::current(snapshot, desired)), snapshot, desired);
    let context = Context::new(&changes, snapshot, desired);
    let mut found = Definitions::new();
    let mut add = |database: &Name, carried: Carried<'_>| {
        if let Carried::Code(code) = carried {
            let all = found.entry(database.clone()).or_default();
            all.insert(code.identity.clone(), Some(code.definition.clone()));
        }
    };
    let mut silent: Vec<(&Name, &Object)> = Vec::new();
    for change in &changes {
        match change {
            Change::Own { target: target @ Target::Object(database, object), from, to } => {
                match context.carried(target, (from, to)) {
                    Carried::Nothing if context.is_beyond(database, from, to) => silent.push((database, object)),
                    carried => add(database, carried),
                }
            }
            Change::Move { database, thing, from, to } => {
                add(database, context.carried_move(database, thing, (from, to)));
            }
            Change::Retire(Retirement::Hand { database: Some(database), thing, from, to }) => {
                add(database, context.carried_thing(database, thing, (from, to)));
            }
            Change::Retire(Retirement::HandAll { database, from, to, .. }) => {
                context.carried_of(database, (from, to)).into_iter().for_each(|carried| add(database, carried));
            }
            _ => {}
        }
    }
    for (database, object) in silent {
        found.entry(database.clone()).or_default().insert(CodeIdentity::Object(object.clone()), None);
    }
    found
}
