//! `uses`: one service's access to another's tables.

use std::collections::BTreeMap;

use super::Resolver;
use super::roles::consumers;
use super::rules::{Access, Rules, WRITE, relations_of};
use crate::layout::{Problem, Service, TablePattern, UsedTables, Uses};
use crate::model::{Database, Name, Object, Privileges};

/// What other services' roles have in one database.
#[derive(Default)]
pub(super) struct Guests {
    /// Roles that connect here without being of a service of this database.
    pub(super) connect: Vec<Name>,
    /// By schema.
    pub(super) usage: BTreeMap<Name, Vec<Name>>,
    pub(super) tables: BTreeMap<Object, BTreeMap<Name, Privileges>>,
}

impl Guests {
    fn admit(&mut self, role: &Name, schemas: impl IntoIterator<Item = Name>) {
        self.connect.push(role.clone());
        for schema in schemas {
            self.usage.entry(schema).or_default().push(role.clone());
        }
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
                let (Some(provider), UsedTables::Named(patterns)) =
                    (services.iter().find(|s| s.key == uses.service), &uses.tables)
                else {
                    continue; // another database's; or all tables, which is a membership
                };
                self.named(&mut guests, (consumer, provider), (uses, patterns), (database, rules));
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
                    guests.give(table, role, uses.privileges);
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

/// The schemas that patterns without stars in their schema may mean.
fn schemas_meant(provider: &Service, patterns: &[TablePattern]) -> Vec<Name> {
    let meant = |schema: &&Name| {
        patterns.iter().any(|p| p.schema.as_ref().is_none_or(|glob| glob.matches(schema.as_str())))
    };
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
