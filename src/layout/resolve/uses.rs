//! `uses`: one service's access to another's tables.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use super::roles::consumers;
use super::rules::{Access, Rules, WRITE, of_use, relations_of};
use crate::layout::{Layout, Problem, Service, TablePattern, UsedTables, Uses};
use crate::model::{Database, Name, Object, Privileges, Use};

/// What other services' roles have in one database.
#[derive(Default)]
pub(super) struct Guests {
    /// Roles that connect here without being of a service of this database.
    pub(super) connect: Vec<Name>,
    /// By schema.
    pub(super) usage: BTreeMap<Name, Vec<Name>>,
    pub(super) tables: BTreeMap<Object, BTreeMap<Name, Privileges>>,
    /// By the provider's key: the roles that have SELECT on every table, now and later.
    readers: BTreeMap<String, BTreeSet<Name>>,
}

impl Guests {
    fn admit(&mut self, role: &Name, schemas: impl IntoIterator<Item = Name>) {
        self.connect.push(role.clone());
        for schema in schemas {
            self.usage.entry(schema).or_default().push(role.clone());
        }
    }

    /// The roles that have SELECT on every table of a service without being its own.
    pub(super) fn readers(&self, provider: &Service) -> impl Iterator<Item = &Name> {
        self.readers.get(&provider.key).into_iter().flatten()
    }

    fn give(&mut self, table: &Object, role: &Name, privileges: Privileges) {
        let held = self.tables.entry(table.clone()).or_default().entry(role.clone()).or_default();
        *held = *held | privileges;
    }
}

impl Resolver<'_> {
    /// Everybody from outside who is let in by the services of this database.
    pub(super) fn guests(&mut self, services: &[&Service], database: &Database, rules: &Rules) -> Guests {
        let mut guests = Guests::default();
        let layout = self.layout;
        for consumer in layout.services.values() {
            for uses in &consumer.uses {
                let Some(provider) = services.iter().find(|s| s.key == uses.service) else { continue };
                match &uses.tables {
                    UsedTables::All => all(&mut guests, (consumer, provider), uses),
                    UsedTables::Named(patterns) => {
                        self.named(&mut guests, (consumer, provider), (uses, patterns), (database, rules));
                    }
                }
            }
        }
        for service in services {
            foreign_writers(&mut guests, service, database, rules);
        }
        guests
    }

    fn named(
        &mut self,
        guests: &mut Guests,
        (consumer, provider): (&Service, &Service),
        (uses, patterns): (&Uses, &[TablePattern]),
        (database, rules): (&Database, &Rules),
    ) {
        let roles: Vec<Name> = consumers(consumer, uses).collect();
        for role in &roles {
            guests.admit(role, schemas_meant(provider, patterns));
        }
        let free = Access::Free(provider.new_tables);
        for pattern in patterns {
            let mut found = false;
            for table in relations_of(provider, database) {
                if !pattern.matches(table.schema.as_str(), table.name.as_str()) {
                    continue;
                }
                found = true;
                self.refuse_second_writer(uses, table, rules.of(table, &free), &roles);
                for role in &roles {
                    guests.give(table, role, of_use(table.kind, uses.privileges));
                }
            }
            if !found && pattern.is_exact() {
                let shown = pattern.shown();
                self.pending.insert(format!("{}: {shown}, used by {}, does not exist yet", provider.key, consumer.key));
            }
        }
    }

    fn refuse_second_writer(&mut self, uses: &Uses, table: &Object, access: &Access, roles: &[Name]) {
        let writes = WRITE | Privileges::TRUNCATE;
        let Access::Writer { role, at, .. } = access else { return };
        if uses.privileges.intersection(writes).is_empty() || roles == std::slice::from_ref(role) {
            return;
        }
        self.problems.push(Problem {
            code: "second-writer",
            message: format!("`uses` would write {}, whose only writer is {}", table.shown(), role.shown()),
            at: uses.at.clone(),
            label: format!("asks for {}", uses.privileges.keywords()),
            also: Some((at.clone(), "the writer is declared here".into())),
            help: Some("ask for SELECT, or make this login the writer".into()),
        });
    }
}

/// Returns each `uses` with the roles to which it grants.
pub(super) fn declared(layout: &Layout) -> Vec<Use> {
    let of = |consumer: &Service, uses: &Uses| Use {
        consumer: consumer.key.clone(),
        provider: uses.service.clone(),
        database: layout.services[&uses.service].database.clone(),
        roles: consumers(consumer, uses).collect(),
        trusts_code: uses.trusts_code,
    };
    let uses = layout.services.values().flat_map(|service| service.uses.iter().map(move |uses| of(service, uses)));
    uses.chain(layout.services.values().flat_map(|provider| writers(layout, provider))).collect()
}

/// The writer of a table that is another service's login uses that table, too.
fn writers<'a>(layout: &'a Layout, provider: &'a Service) -> impl Iterator<Item = Use> + 'a {
    provider.tables.iter().filter_map(|rule| rule.writer.as_ref()).filter(|(key, _)| *key != provider.key).filter_map(
        |(key, login)| {
            let login = layout.services.get(key)?.logins.get(login)?;
            Some(Use {
                consumer: key.clone(),
                provider: provider.key.clone(),
                database: provider.database.clone(),
                roles: BTreeSet::from([login.name.clone()]),
                trusts_code: false,
            })
        },
    )
}

/// `["*"]`: SELECT on each table by itself, since membership in the ro role would bring EXECUTE and sequences, too.
fn all(guests: &mut Guests, (consumer, provider): (&Service, &Service), uses: &Uses) {
    for role in consumers(consumer, uses) {
        guests.admit(&role, provider.schemas.iter().cloned());
        guests.readers.entry(provider.key.clone()).or_default().insert(role);
    }
}

/// The schemas that patterns without stars in their schema may mean.
fn schemas_meant(provider: &Service, patterns: &[TablePattern]) -> Vec<Name> {
    let meant =
        |schema: &&Name| patterns.iter().any(|p| p.schema.as_ref().is_none_or(|glob| glob.matches(schema.as_str())));
    provider.schemas.iter().filter(meant).cloned().collect()
}

/// A table's writer that belongs to another service connects, and reads what it writes: UPDATE and DELETE of chosen rows
/// need SELECT.
fn foreign_writers(guests: &mut Guests, service: &Service, database: &Database, rules: &Rules) {
    let free = Access::Free(service.new_tables);
    for table in relations_of(service, database) {
        let Access::Writer { role, service: of, privileges, .. } = rules.of(table, &free) else { continue };
        if *of == service.key {
            continue;
        }
        guests.admit(role, [table.schema.clone()]);
        if !privileges.intersection(Privileges::UPDATE | Privileges::DELETE).is_empty() {
            guests.give(table, role, Privileges::SELECT);
        }
    }
}
