//! Table by table: the one login that writes it, or what dml has on it, where that isn't what `new_tables` says.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Rule, Service};
use super::share::{ROWS, WRITES, is_own};
use crate::access::{Access, Session, Subject};
use crate::layout::{Group, NewTables};
use crate::model::{Contents, Database, Future, Grantee, Holding, Kind, Name, Object, Privileges, Snapshot};

pub(super) fn add(snapshot: &Snapshot, draft: &mut Draft) {
    let access = Access::of(&snapshot.state, snapshot.server.version_num);
    let whole = draft.clone();
    for service in &mut draft.services {
        let database = &snapshot.state.databases[&service.database];
        let contents = &snapshot.contents[&service.database];
        let mut sequences: BTreeMap<&Object, Vec<&Object>> = BTreeMap::new();
        contents
            .sequences
            .iter()
            .for_each(|(sequence, owned)| sequences.entry(&owned.table).or_default().push(sequence));
        let dml = snapshot.state.roles.contains_key(&service.dml);
        let dml = dml.then(|| access.session(&service.dml, &service.database));
        let look = Look { database, contents, sequences, draft: &whole, dml };
        let found = look.tables(service);
        service.new_tables = look.new_tables(service, &found);
        let default = default(service.new_tables);
        let rules: Vec<Rule> = found.iter().filter_map(|found| rule(found, default)).collect();
        let own = look.own_rules(&found, &rules, default);
        service.rules = rules.into_iter().chain(own).collect();
    }
}

/// A table or view, and what is there.
struct Found {
    table: Object,
    writer: Option<(Name, Privileges)>,
    /// What dml has of its own; none where nobody is dml yet.
    dml: Option<Privileges>,
    /// The same, with what it has by others; of a group that is there.
    effective: Option<Privileges>,
    /// dml takes no numbers from a sequence of this table.
    no_numbers: bool,
}

pub(super) fn default(new_tables: NewTables) -> Privileges {
    match new_tables {
        NewTables::Write => Privileges::SELECT | WRITES,
        NewTables::Read => Privileges::SELECT,
        NewTables::None => Privileges::NONE,
    }
}

fn rule(found: &Found, default: Privileges) -> Option<Rule> {
    if let Some((writer, privileges)) = found.writer.clone() {
        return Some(Rule { table: found.table.clone(), writer: Some(writer), privileges });
    }
    let dml = found.dml?;
    // TRUNCATE alone is kept by one exception for all tables rather than by a rule for each
    let like = |privileges: Privileges| privileges.minus(Privileges::TRUNCATE) == default;
    let numbers = found.no_numbers && !default.contains(Privileges::INSERT);
    if (like(dml) || found.effective.is_some_and(like)) && !numbers {
        return None;
    }
    Some(Rule { table: found.table.clone(), writer: None, privileges: dml })
}

struct Look<'a> {
    database: &'a Database,
    contents: &'a Contents,
    /// The sequences that belong to the columns of a table.
    sequences: BTreeMap<&'a Object, Vec<&'a Object>>,
    draft: &'a Draft,
    /// None: the role is yet to be made.
    dml: Option<Session<'a>>,
}

impl Look<'_> {
    fn tables(&self, service: &Service) -> Vec<Found> {
        let inside = service.schemas.iter().flat_map(|schema| self.database.in_schema(schema));
        let mut found: Vec<Found> = inside
            .filter(|(object, _)| object.kind.is_relation())
            .map(|(object, held)| self.table(service, object, held))
            .collect();
        // a partition has its parent's writer, and a view that of what it shows
        let written: BTreeSet<Object> = found.iter().filter(|f| f.writer.is_some()).map(|f| f.table.clone()).collect();
        for found in found.iter_mut().filter(|found| self.takes_its_writer(&found.table, &written)) {
            (found.writer, found.dml) = (None, None);
        }
        found
    }

    /// Partitions and views that are as `new_tables` says, over a table that isn't: else they would have the table's rule.
    fn own_rules(&self, found: &[Found], rules: &[Rule], default: Privileges) -> Vec<Rule> {
        let without_writer = rules.iter().filter(|rule| rule.writer.is_none());
        let ruled: BTreeSet<Object> = without_writer.map(|rule| rule.table.clone()).collect();
        let named: BTreeSet<&Object> = rules.iter().map(|rule| &rule.table).collect();
        let plain = found.iter().filter(|found| found.dml.is_some() && !named.contains(&found.table));
        let under = plain.filter(|found| !ruled.is_empty() && self.takes_its_writer(&found.table, &ruled));
        let rule = |found: &Found| Rule { table: found.table.clone(), writer: None, privileges: default };
        under.map(rule).collect()
    }

    fn table(&self, service: &Service, table: &Object, held: &Holding) -> Found {
        let own = |role: &Name| held.acl.held_by(&Grantee::Role(role.clone())).intersection(ROWS);
        let dml = if self.dml.is_some() { Some(own(&service.dml)) } else { of_dml_logins(service, &own) };
        let effective = self.dml.as_ref().map(|session| session.held(Subject::Object(table)).intersection(ROWS));
        let dml_role = Grantee::Role(service.dml.clone());
        let lacks = |sequence: &&Object| {
            let acl = self.database.objects.get(*sequence).map(|held| &held.acl);
            acl.is_some_and(|acl| acl.held_by(&dml_role) == Privileges::SELECT)
        };
        Found {
            table: table.clone(),
            writer: self.writer(held).filter(|_| dml == Some(Privileges::SELECT)),
            dml,
            effective,
            no_numbers: self.dml.is_some() && self.sequences.get(table).into_iter().flatten().any(lacks),
        }
    }

    /// The only one who writes, if it is a login of the layout.
    fn writer(&self, held: &Holding) -> Option<(Name, Privileges)> {
        let writes = |p: Privileges| !p.intersection(ROWS.minus(Privileges::SELECT)).is_empty();
        let others = held
            .acl
            .entries()
            .filter(|(grantee, _, granted)| grantee.role() != Some(&held.owner) && writes(granted.privileges));
        let writers: BTreeSet<&Grantee> = others.map(|(grantee, ..)| grantee).collect();
        let mut writers = writers.into_iter();
        let (Some(Grantee::Role(only)), None) = (writers.next(), writers.next()) else { return None };
        let (_, login) = self.draft.login(only)?;
        let held = held.acl.held_by(&Grantee::Role(only.clone()));
        let privileges = held.intersection(ROWS.minus(Privileges::SELECT));
        (login.group != Group::Ddl && !is_own(only)).then(|| (only.clone(), privileges))
    }

    fn takes_its_writer(&self, table: &Object, written: &BTreeSet<Object>) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![table]);
        while let Some(next) = open.pop() {
            let parents = self.contents.parents.get(next).into_iter().flatten();
            let behind = self.contents.views.get(next).filter(|view| !view.invoker);
            let above = parents.chain(behind.into_iter().flat_map(|view| &view.relations));
            open.extend(above.filter(|other| seen.insert(*other)));
        }
        seen.into_iter().any(|other| other != table && written.contains(other))
    }

    /// The choice that leaves the fewest rules and the fewest default privileges to change.
    fn new_tables(&self, service: &Service, found: &[Found]) -> NewTables {
        let dml = Grantee::Role(service.dml.clone());
        let later = |schema: &Name| {
            let key = |key: &&crate::model::DefaultKey| {
                key.role == service.ddl && key.schema.as_ref() == Some(schema) && key.future == Future::Tables
            };
            let of = self.database.defaults.iter().find(|(k, _)| key(k)).map(|(_, acl)| acl.held_by(&dml));
            of.unwrap_or(Privileges::NONE).intersection(ROWS.minus(Privileges::TRUNCATE))
        };
        let left = |choice: NewTables| {
            let default = default(choice);
            let tables = found.iter().filter(|found| found.writer.is_none() && found.table.kind != Kind::Sequence);
            let differ = tables.filter(|found| {
                let plain = |privileges: Privileges| privileges.minus(Privileges::TRUNCATE);
                let other = |privileges: Privileges| plain(privileges) != default;
                found.dml.is_some_and(other) && found.effective.is_none_or(other)
            });
            let later = service.schemas.iter().filter(|schema| later(schema) != default);
            differ.count() + if self.dml.is_some() { later.count() } else { 0 }
        };
        let choices = [NewTables::Write, NewTables::Read, NewTables::None];
        choices.into_iter().min_by_key(|choice| left(*choice)).unwrap_or(NewTables::Write)
    }
}

/// Where no group is dml yet: what all of those have who are to be its members.
fn of_dml_logins(service: &Service, own: &dyn Fn(&Name) -> Privileges) -> Option<Privileges> {
    let logins = service.logins.iter().filter(|login| login.group == Group::Dml);
    logins.map(|login| own(&login.name)).reduce(Privileges::intersection)
}
