//! Who may write which table: `table` rules, what partitions inherit, and views that write for their caller.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use crate::layout::{At, NewTables, Problem, Service, TableRule};
use crate::model::{Contents, Database, Kind, Name, Object, Privileges, Ruled};

pub(super) const WRITE: Privileges = Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE);

/// Who may do what with one table or view, besides its owner and the readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Access {
    /// No rule names it.
    Free(NewTables),
    /// A rule without a writer: dml has this.
    Dml(Privileges),
    /// Exactly one login has this.
    Writer { role: Name, service: String, privileges: Privileges, at: At },
    /// A view over tables of different writers: nobody writes through it.
    Nobody,
}

impl Access {
    /// What the service's dml role has.
    pub(super) fn dml(&self) -> Privileges {
        match self {
            Self::Free(NewTables::Write) => Privileges::SELECT | WRITE,
            Self::Free(NewTables::None) => Privileges::NONE,
            Self::Free(NewTables::Read) | Self::Writer { .. } | Self::Nobody => Privileges::SELECT,
            Self::Dml(privileges) => *privileges,
        }
    }

    /// What a rule without a writer gives to dml.
    fn without_writer(&self) -> Option<Privileges> {
        match self {
            Self::Dml(privileges) => Some(*privileges),
            _ => None,
        }
    }

    fn same_writer(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Writer { role: a, .. }, Self::Writer { role: b, .. }) if a == b)
    }
}

/// The access to every relation of a service's schemas in one database, where it isn't the service's default.
pub(super) struct Rules {
    special: BTreeMap<Object, Access>,
}

impl Rules {
    pub(super) fn of<'a>(&'a self, relation: &Object, free: &'a Access) -> &'a Access {
        self.special.get(relation).unwrap_or(free)
    }

    /// The tables of which a rule says who writes them.
    pub(super) fn ruled(&self) -> impl Iterator<Item = (&Object, Ruled)> {
        self.special.iter().filter_map(|(relation, access)| match access {
            Access::Writer { role, privileges, .. } => {
                Some((relation, Ruled { writer: Some(role.clone()), privileges: *privileges }))
            }
            Access::Dml(privileges) => Some((relation, Ruled { writer: None, privileges: *privileges })),
            Access::Free(_) | Access::Nobody => None,
        })
    }
}

impl Resolver<'_> {
    /// Finds the rule of each relation: named ones first, then what partitions and views take from them.
    pub(super) fn rules(&mut self, services: &[&Service], database: &Database, contents: &Contents) -> Rules {
        let mut special = BTreeMap::new();
        for service in services {
            let relations = || relations_of(service, database);
            for relation in relations() {
                if let Some(access) = self.rule(service, relation) {
                    special.insert(relation.clone(), access);
                }
            }
            self.note_pending(service, database);
        }
        self.inherit(services, contents, &mut special);
        self.through_views(services, contents, &mut special);
        for service in services {
            self.require_writers(service, database, &special);
        }
        Rules { special }
    }

    /// The most specific rule wins; two equally specific ones must agree on the writer.
    fn rule(&mut self, service: &Service, relation: &Object) -> Option<Access> {
        let (schema, name) = (relation.schema.as_str(), relation.name.as_str());
        let matching = service.tables.iter().filter(|rule| rule.table.matches(schema, name));
        let weight = |rule: &TableRule| (rule.table.name.is_exact(), rule.table.schema.is_some());
        let mut best: Vec<&TableRule> = Vec::new();
        for rule in matching {
            match best.first().map(|first| weight(first).cmp(&weight(rule))) {
                Some(std::cmp::Ordering::Greater) => {}
                Some(std::cmp::Ordering::Equal) => best.push(rule),
                _ => best = vec![rule],
            }
        }
        if let [first, .., last] = best.as_slice()
            && (&first.writer, first.privileges) != (&last.writer, last.privileges)
        {
            self.two_rules(relation, &first.at, &last.at);
        }
        best.first().map(|rule| self.access(service, rule, relation.kind))
    }

    fn access(&self, service: &Service, rule: &TableRule, kind: Kind) -> Access {
        let login = |(key, login): &(String, String)| self.layout.services.get(key)?.logins.get(login);
        let privileges = of_use(kind, rule.privileges);
        let Some(writer) = &rule.writer else { return Access::Dml(privileges) };
        match login(writer) {
            Some(login) => {
                Access::Writer { role: login.name.clone(), service: writer.0.clone(), privileges, at: rule.at.clone() }
            }
            // the layout's own check has named it already
            None => Access::Free(service.new_tables),
        }
    }

    /// A partition can be written through its parent, so it has its parent's writer; without one, no more than a rule says of the parent.
    fn inherit(&mut self, services: &[&Service], contents: &Contents, special: &mut BTreeMap<Object, Access>) {
        // what one partition has is no rule for its own partitions: theirs is the whole's
        let named = special.clone();
        for child in contents.parents.keys() {
            let over: Vec<&Access> = ancestors(child, contents).iter().filter_map(|parent| named.get(parent)).collect();
            let Some(inherited) = over.iter().find(|access| matches!(access, Access::Writer { .. })) else {
                let service = services.iter().find(|service| service.schemas.contains(&child.schema));
                let rules = over.iter().filter_map(|access| access.without_writer());
                if let (Some(service), Some(rule)) = (service, rules.reduce(Privileges::intersection)) {
                    let free = Access::Free(service.new_tables).dml();
                    special.entry(child.clone()).or_insert(Access::Dml(free.intersection(rule)));
                }
                continue;
            };
            match special.get(child) {
                Some(Access::Writer { at, .. }) if !special[child].same_writer(inherited) => {
                    let (at, Access::Writer { at: parent, .. }) = (at.clone(), inherited) else { continue };
                    self.two_rules(child, parent, &at);
                }
                Some(_) => {}
                None => {
                    special.insert(child.clone(), (*inherited).clone());
                }
            }
        }
    }

    /// A view with its owner's rights writes what its owner may write, so over a single-writer table of the same
    /// service it has that table's writer, and over tables of different writers none. Over a table of which a rule names no writer, dml
    /// writes through it no more than the rule lets it, unless a rule names the view.
    /// <https://www.postgresql.org/docs/current/rules-privileges.html>
    fn through_views(&mut self, services: &[&Service], contents: &Contents, special: &mut BTreeMap<Object, Access>) {
        for (view, _) in contents.views.iter().filter(|(_, of)| !of.invoker) {
            let Some(service) = services.iter().find(|s| s.schemas.contains(&view.schema)) else { continue };
            let behind = behind(view, contents);
            let mut writers = behind
                .iter()
                .filter(|relation| service.schemas.contains(&relation.schema))
                .filter_map(|relation| special.get(relation).filter(|a| matches!(a, Access::Writer { .. })));
            let Some(first) = writers.next().cloned() else {
                let ours = behind.iter().filter(|relation| service.schemas.contains(&relation.schema));
                let rules = ours.filter_map(|relation| special.get(relation)?.without_writer());
                let free = Access::Free(service.new_tables).dml();
                let less = rules.fold(free, |all, rule| all.minus(WRITE.minus(rule)));
                if less != free {
                    special.entry(view.clone()).or_insert(Access::Dml(less));
                }
                continue;
            };
            let access = if writers.all(|other| other.same_writer(&first)) { first.clone() } else { Access::Nobody };
            match (special.get(view), &first) {
                (Some(Access::Writer { at, .. }), Access::Writer { at: base, .. })
                    if !special[view].same_writer(&access) =>
                {
                    let at = at.clone();
                    self.two_rules(view, base, &at);
                }
                (Some(Access::Writer { .. }), _) => {}
                _ => {
                    special.insert(view.clone(), access);
                }
            }
        }
    }

    fn require_writers(&mut self, service: &Service, database: &Database, special: &BTreeMap<Object, Access>) {
        let Some(at) = &service.single_writer else { return };
        let holds_rows = |o: &&Object| matches!(o.kind, Kind::Table | Kind::PartitionedTable | Kind::ForeignTable);
        let lacks = |o: &&Object| !matches!(special.get(o), Some(Access::Writer { .. } | Access::Dml(_)));
        let tables: Vec<&Object> = relations_of(service, database).filter(holds_rows).filter(lacks).collect();
        if tables.is_empty() {
            return;
        }
        let shown: Vec<String> = tables.iter().take(10).map(|t| t.shown()).collect();
        let more = if tables.len() > 10 { format!(" and {} more", tables.len() - 10) } else { String::new() };
        self.problems.push(Problem {
            code: "no-writer",
            message: format!("no rule gives a writer to {}{more}", shown.join(", ")),
            at: at.clone(),
            label: "every table must have exactly one".into(),
            also: None,
            help: Some(format!("add [service.{}.table.\"{}\"] with `writer`", service.key, tables[0].name.as_str())),
        });
    }

    fn two_rules(&mut self, table: &Object, first: &At, second: &At) {
        self.problems.push(Problem {
            code: "two-writers",
            message: format!("two rules give {} different writers", table.shown()),
            at: second.clone(),
            label: "one rule".into(),
            also: Some((first.clone(), "the other".into())),
            help: Some("a partition has the writer of its parent, a view that of the tables behind it".into()),
        });
    }

    /// A table that the layout names exactly, and no schema of the service has.
    fn note_pending(&mut self, service: &Service, database: &Database) {
        for rule in service.tables.iter().filter(|rule| rule.table.is_exact()) {
            let there = relations_of(service, database)
                .any(|relation| rule.table.matches(relation.schema.as_str(), relation.name.as_str()));
            if !there {
                self.pending.insert(format!("{}: {} does not exist yet", service.key, rule.table.shown()));
            }
        }
    }
}

/// What of the privileges a relation of this kind can do anything with: nobody writes a materialized view, or truncates a view, though GRANT
/// takes it.
pub(super) fn of_use(kind: Kind, privileges: Privileges) -> Privileges {
    match kind {
        Kind::MaterializedView => privileges.minus(WRITE | Privileges::TRUNCATE),
        Kind::View => privileges.minus(Privileges::TRUNCATE),
        _ => privileges,
    }
}

/// The tables and views in a service's schemas.
pub(super) fn relations_of<'a>(service: &'a Service, database: &'a Database) -> impl Iterator<Item = &'a Object> {
    let objects = service.schemas.iter().flat_map(|schema| database.in_schema(schema));
    objects.map(|(object, _)| object).filter(|object| object.kind.is_relation())
}

fn ancestors(child: &Object, contents: &Contents) -> BTreeSet<Object> {
    reachable(child, |object| contents.parents.get(object))
}

fn behind(view: &Object, contents: &Contents) -> BTreeSet<Object> {
    reachable(view, |object| contents.views.get(object).map(|of| &of.relations))
}

fn reachable<'a>(from: &Object, next: impl Fn(&Object) -> Option<&'a BTreeSet<Object>>) -> BTreeSet<Object> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from.clone()]);
    while let Some(object) = open.pop() {
        for further in next(&object).into_iter().flatten() {
            if found.insert(further.clone()) {
                open.push(further.clone());
            }
        }
    }
    found
}
