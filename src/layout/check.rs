//! What only the layout as a whole can tell: names that collide, writers and services that don't exist.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Named, is_stand_in};
use super::read::{Placed, Sink};
use super::service::Draft;
use super::{At, Problem, TablePattern, UsedTables, cluster, uses};
use crate::model::{Name, Privileges};

type Drafts = BTreeMap<String, Draft>;

/// Checks everything, and fills in the writers.
pub(super) fn whole(sink: &Sink<'_>, cluster: &cluster::Draft, drafts: &mut Drafts) {
    roles(sink, cluster, drafts);
    databases(sink, drafts);
    let writers = writers(sink, drafts);
    for (key, draft) in drafts.iter_mut() {
        for rule in &mut draft.rules {
            rule.rule.writer = writers.get(&(key.clone(), rule.rule.at.bytes.start)).cloned();
        }
    }
    for draft in drafts.values() {
        rules(sink, draft);
        for one in &draft.uses {
            used(sink, drafts, draft, one);
        }
    }
}

/// Roles and logins share one namespace over the cluster.
fn roles(sink: &Sink<'_>, cluster: &cluster::Draft, drafts: &Drafts) {
    let services = drafts.values().flat_map(|draft| &draft.roles);
    let mut own: Vec<&Named> = services.chain(&cluster.inspector).filter(|named| !is_stand_in(&named.name)).collect();
    own.sort_by_key(|named| (named.origin.at.file, named.origin.at.bytes.start));
    let mut first: BTreeMap<&Name, &Named> = BTreeMap::new();
    for trusted in cluster.trusted.iter().filter(|named| !is_stand_in(&named.name)) {
        first.entry(&trusted.name).or_insert(trusted);
    }
    let mut templates = BTreeSet::new();
    for named in own {
        if let Some(first) = first.get(&named.name) {
            same_name(sink, "role", first, named, &mut templates);
        } else {
            first.insert(&named.name, named);
        }
    }
}

/// Two things that resolve to one name. Where both come from one key, the templates are at fault, and are named once.
fn same_name(sink: &Sink<'_>, kind: &str, first: &Named, second: &Named, templates: &mut BTreeSet<usize>) {
    let message = format!("two {kind}s are named `{}`: {} and {}", second.name.shown(), first.what, second.what);
    let (mut at, mut also) = (second.origin.at.clone(), Some((first.origin.at.clone(), first.what.clone())));
    if first.origin.at == second.origin.at {
        let mut written = [&second.origin, &first.origin].into_iter().filter_map(|origin| origin.template.clone());
        at = written.next().unwrap_or(at);
        also = written.next().map(|at| (at, "the other template".to_owned()));
        if !templates.insert(at.bytes.start) {
            return;
        }
    }
    let help = second.origin.template.is_none().then(|| "`[naming]` can give one of them another name".to_owned());
    let help = help.filter(|_| kind == "role");
    sink.push(Problem { code: "duplicate-name", message, at, label: second.what.clone(), also, help });
}

/// Services may share a database if each has its own schemas in it and they agree about what belongs to the database.
fn databases(sink: &Sink<'_>, drafts: &Drafts) {
    let mut shared: BTreeMap<&Name, Vec<&Draft>> = BTreeMap::new();
    for draft in drafts.values() {
        shared.entry(&draft.database.name).or_default().push(draft);
    }
    for (database, mut drafts) in shared {
        drafts.sort_by_key(|draft| (draft.service.at.file, draft.service.at.bytes.start));
        schemas(sink, &drafts);
        if !is_stand_in(database) {
            agreement(sink, database, &drafts);
        }
    }
}

fn schemas(sink: &Sink<'_>, drafts: &[&Draft]) {
    let mut templates = BTreeSet::new();
    let mut first: BTreeMap<(&Name, Option<&str>), &Named> = BTreeMap::new();
    for draft in drafts {
        // A service whose database couldn't be read shares it with nobody.
        let alone = is_stand_in(&draft.database.name).then_some(draft.service.key.as_str());
        for schema in draft.schemas.iter().filter(|named| !is_stand_in(&named.name)) {
            if let Some(first) = first.get(&(&schema.name, alone)) {
                same_name(sink, "schema", first, schema, &mut templates);
            } else {
                first.insert((&schema.name, alone), schema);
            }
        }
    }
}

fn agreement(sink: &Sink<'_>, database: &Name, drafts: &[&Draft]) {
    let Some((first, others)) = drafts.split_first() else {
        return;
    };
    let disagree = |key: &str, draft: &Draft, at: &Option<At>, other: &Option<At>| {
        let place = |draft: &Draft, at: &Option<At>| at.clone().unwrap_or_else(|| draft.database.origin.at.clone());
        let says = |at: &Option<At>| {
            if at.is_some() { "says this" } else { "leaves it at the default" }
        };
        let (one, two) = (&draft.service.key, &first.service.key);
        sink.push(Problem {
            code: "shared-database",
            message: format!("`{two}` and `{one}` share the database `{}`, but not `{key}`", database.shown()),
            at: place(draft, at),
            label: format!("`{one}` {}", says(at)),
            also: Some((place(first, other), format!("`{two}` {}", says(other)))),
            help: Some(format!("write the same `{key}` in both")),
        });
    };
    for draft in others {
        if draft.service.public_schema != first.service.public_schema {
            disagree("public_schema", draft, &draft.public_schema_at, &first.public_schema_at);
        }
        if draft.service.create != first.service.create {
            disagree("create", draft, &draft.create_at, &first.create_at);
        }
    }
}

type Writer = (String, String);

/// Who writes what: by the service, and where the rule stands in its file.
fn writers(sink: &Sink<'_>, drafts: &Drafts) -> BTreeMap<(String, usize), Writer> {
    let mut found = BTreeMap::new();
    for (key, draft) in drafts {
        for rule in &draft.rules {
            let writer = rule.writer.as_ref().and_then(|writer| login_of(sink, drafts, draft, writer));
            found.extend(writer.map(|writer| ((key.clone(), rule.rule.at.bytes.start), writer)));
        }
    }
    found
}

/// `worker`, or `billing.app`.
fn login_of(sink: &Sink<'_>, drafts: &Drafts, draft: &Draft, text: &Placed<String>) -> Option<Writer> {
    let own = &draft.service;
    if own.logins.contains_key(&text.it) {
        return Some((own.key.clone(), text.it.clone()));
    }
    let (service, login) = match text.it.split_once('.') {
        Some((service, login)) => (declared(sink, drafts, "`writer`", service, &text.at)?, login),
        None => (draft, text.it.as_str()),
    };
    let found = has_login(sink, service, login, &text.at);
    found.then(|| (service.service.key.clone(), login.to_owned()))
}

fn has_login(sink: &Sink<'_>, draft: &Draft, login: &str, at: &At) -> bool {
    let logins = &draft.service.logins;
    if !logins.contains_key(login) {
        let message = format!("`{}` has no login `{login}`", draft.service.key);
        sink.report("unknown-login", at, message, sink.suggest(login, logins.keys().map(String::as_str)));
    }
    logins.contains_key(login)
}

fn declared<'d>(sink: &Sink<'_>, drafts: &'d Drafts, who: &str, key: &str, at: &At) -> Option<&'d Draft> {
    let found = drafts.get(key);
    if found.is_none() {
        let message = format!("{who} names the service `{key}`, which the layout doesn't declare");
        sink.report("unknown-service", at, message, sink.suggest(key, drafts.keys().map(String::as_str)));
    }
    found
}

/// The rules of one service, among themselves.
fn rules(sink: &Sink<'_>, draft: &Draft) {
    type Place<'d> = (Option<&'d str>, &'d super::table_rule::Draft);
    let mut exact: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
    for rule in &draft.rules {
        let known = known_schema(sink, draft, &rule.rule.table);
        if let (Some(single), Some(write)) = (&draft.service.single_writer, &rule.dml_writes) {
            let keyword = write.it.keywords();
            sink.push(Problem {
                code: "many-writers",
                message: format!("{keyword} goes to every dml login, against `single_writer = true`"),
                at: write.at.clone(),
                label: "expected a `writer` for this table, or SELECT alone".to_owned(),
                also: Some((single.clone(), "one writer a table, says this".to_owned())),
                help: None,
            });
        }
        let table = &rule.rule.table;
        if let (Some(name), true) = (table.name.exact(), known && table.is_exact()) {
            let schema = table.schema.as_ref().and_then(super::Glob::exact);
            exact.entry(name).or_default().push((schema, rule));
        }
    }
    for places in exact.values() {
        let mut first: BTreeMap<Option<&str>, &super::table_rule::Draft> = BTreeMap::new();
        for (schema, rule) in places {
            if let Some(other) = first.insert(*schema, rule) {
                same_table(sink, "duplicate-table", other, rule);
            }
        }
        let Some(anywhere) = first.get(&None) else { continue };
        for rule in first.iter().filter(|(schema, _)| schema.is_some()).map(|(_, rule)| rule) {
            if let (Some(one), Some(two)) = (&anywhere.rule.writer, &rule.rule.writer)
                && one != two
            {
                same_table(sink, "two-writers", anywhere, rule);
            }
        }
    }
}

fn same_table(sink: &Sink<'_>, code: &'static str, a: &super::table_rule::Draft, b: &super::table_rule::Draft) {
    let (first, second) = if a.rule.at.bytes.start < b.rule.at.bytes.start { (a, b) } else { (b, a) };
    let shown = second.rule.table.shown();
    let place = |draft: &super::table_rule::Draft| match (code, &draft.writer) {
        ("two-writers", Some(writer)) => (writer.at.clone(), format!("`{}` here", writer.it)),
        _ => (draft.rule.at.clone(), "here".to_owned()),
    };
    let message = match code {
        "two-writers" => format!("the table `{shown}` has two writers"),
        _ => format!("the table `{shown}` has two rules"),
    };
    let (at, label) = place(second);
    sink.push(Problem { code, message, at, label, also: Some(place(first)), help: None });
}

/// A schema that a table's name spells out must be one of the service's.
fn known_schema(sink: &Sink<'_>, draft: &Draft, table: &TablePattern) -> bool {
    let Some(glob) = &table.schema else { return true };
    let schemas = &draft.service.schemas;
    // One that was refused is reported already.
    if schemas.iter().any(|schema| is_stand_in(schema) || glob.matches(schema.as_str())) {
        return true;
    }
    let shown = glob.shown();
    let message = format!("`{}` has no schema `{shown}`", draft.service.key);
    let label = sink.suggest(&shown, schemas.iter().map(Name::as_str));
    sink.report("unknown-schema", &table.at, message, label);
    false
}

fn used(sink: &Sink<'_>, drafts: &Drafts, consumer: &Draft, one: &uses::Draft) {
    for login in &one.logins {
        has_login(sink, consumer, &login.it, &login.at);
    }
    let Some(provider) = declared(sink, drafts, "`uses`", &one.service.it, &one.service.at) else {
        return;
    };
    if provider.service.key == consumer.service.key {
        let message = format!("`{}` uses itself", consumer.service.key);
        sink.report("uses-itself", &one.uses.at, message, "expected another service; its own tables it has anyway");
        return;
    }
    let UsedTables::Named(tables) = &one.uses.tables else {
        return;
    };
    for table in tables {
        let known = known_schema(sink, provider, table);
        if let Some(write) = one.writes.as_ref().filter(|_| known && table.is_exact()) {
            second_writer(sink, provider, (consumer, one), table, write);
        }
    }
}

/// A write on a table that another login alone may write.
fn second_writer(
    sink: &Sink<'_>,
    provider: &Draft,
    (consumer, one): (&Draft, &uses::Draft),
    table: &TablePattern,
    write: &Placed<Privileges>,
) {
    let same = |a: &TablePattern, b: &TablePattern| {
        a.name == b.name && (a.schema.is_none() || b.schema.is_none() || a.schema == b.schema)
    };
    // Not over all rules for each name: a service may have thousands of both.
    let Some(name) = table.name.exact() else { return };
    for index in provider.rules_of(name) {
        let rule = &provider.rules[*index];
        let Some((service, login)) = rule.rule.writer.as_ref().filter(|_| same(table, &rule.rule.table)) else {
            continue;
        };
        let logins = one.uses.logins.as_deref().unwrap_or_default();
        if *service == consumer.service.key && !logins.is_empty() && logins.iter().all(|key| key == login) {
            continue;
        }
        let (what, keyword) = (table.shown(), write.it.keywords());
        sink.push(Problem {
            code: "second-writer",
            message: format!("{keyword} on `{what}` would make a second writer besides `{service}.{login}`"),
            at: table.at.clone(),
            label: format!("{keyword} is asked for this table"),
            also: Some((rule.rule.at.clone(), format!("written by `{service}.{login}` alone"))),
            help: None,
        });
    }
}
