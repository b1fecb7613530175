//! `[service.KEY]`: one application with its database, schemas, roles and logins.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, Kind, Named, Origin};
use super::naming::{Naming, Words, filled_name};
use super::read::{Placed, Sink, Table, Value, path};
use super::{
    At, CreateDatabase, Group, NewTables, Problem, PublicSchema, SearchPath, Service, login, table_rule, uses,
};
use crate::model::Name;

const PUBLIC_SCHEMAS: &[(&str, PublicSchema)] =
    &[("closed", PublicSchema::Closed), ("usage", PublicSchema::Usage), ("open", PublicSchema::Open)];
const NEW_TABLES: &[(&str, NewTables)] =
    &[("write", NewTables::Write), ("read", NewTables::Read), ("none", NewTables::None)];

/// A service on its own; what concerns others is checked later, by the places here.
pub(super) struct Draft {
    pub(super) service: Service,
    pub(super) database: Named,
    pub(super) schemas: Vec<Named>,
    /// The three group roles, then the logins.
    pub(super) roles: Vec<Named>,
    pub(super) public_schema_at: Option<At>,
    pub(super) create_at: Option<At>,
    pub(super) rules: Vec<table_rule::Draft>,
    /// The rules for exactly one table, by its name.
    by_name: BTreeMap<String, Vec<usize>>,
    pub(super) uses: Vec<uses::Draft>,
}

pub(super) fn read(
    sink: &Sink<'_>,
    naming: &Naming,
    maintenance: &Name,
    key: &Placed<String>,
    value: Value<'_>,
) -> Option<Draft> {
    let mut table = value.table(format!("`[{}]`", path(&["service", &key.it])))?;
    let words = Words { service: Some(&key.it), login: None };
    let database = database(&mut table, naming, maintenance, key);
    let schemas = schemas(&mut table, naming, key);
    let mut group = |template: &super::naming::Template, word: &'static str| {
        template.name_or_written((&mut table, word), words, &key.at, format!("the {word} role of `{}`", key.it))
    };
    let groups = [group(&naming.ddl, "ddl"), group(&naming.dml, "dml"), group(&naming.ro, "ro")];
    let logins = table.get("login").map(|value| login::read_all(sink, naming, &key.it, value)).unwrap_or_default();
    let rules = table.get("table").map(|value| table_rule::read_all(sink, &key.it, value)).unwrap_or_default();
    let uses = table.get("uses").map(|value| uses::read_all(sink, &key.it, value)).unwrap_or_default();
    let mut service = bare(key, &database, &schemas, &groups);
    let (public_schema_at, create_at) = settings(&mut table, &mut service);
    table.finish();
    let roles = groups.into_iter().chain(logins.iter().flat_map(|draft| draft.named.clone())).collect();
    service.logins = logins.into_iter().map(|draft| (draft.login.key.clone(), draft.login)).collect();
    Some(Draft {
        service,
        database,
        schemas,
        roles,
        public_schema_at,
        create_at,
        by_name: by_name(&rules),
        rules,
        uses,
    })
}

fn by_name(rules: &[table_rule::Draft]) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, draft) in rules.iter().enumerate().filter(|(_, draft)| draft.rule.table.is_exact()) {
        if let Some(name) = draft.rule.table.name.exact() {
            found.entry(name.to_owned()).or_default().push(index);
        }
    }
    found
}

impl Draft {
    /// The rules for exactly the table of this name, in whatever schema.
    pub(super) fn rules_of(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The service with what the checks have resolved.
    pub(super) fn finished(self) -> Service {
        let tables = self.rules.into_iter().map(|draft| draft.rule).collect();
        let uses = self.uses.into_iter().map(|draft| draft.uses).collect();
        Service { tables, uses, ..self.service }
    }
}

const SEARCH_PATHS: &[(&str, SearchPath)] = &[("schemas", SearchPath::Schemas), ("server", SearchPath::Server)];

/// Everything but names, logins, rules and uses; gives the places of `public_schema` and `create`.
fn settings(table: &mut Table<'_>, service: &mut Service) -> (Option<At>, Option<At>) {
    let extensions = table.get("extensions").map(Value::strings).unwrap_or_default();
    service.extensions = extensions.iter().map(|text| names::written(table.sink, Kind::Extension, text)).collect();
    service.temporary = table.get("temporary").and_then(Value::boolean).unwrap_or(true);
    service.create_schemas = table.get("create_schemas").and_then(Value::boolean).unwrap_or(false);
    let public_schema = table.get("public_schema");
    service.public_schema =
        public_schema.and_then(|value| value.one_of(PUBLIC_SCHEMAS)).unwrap_or(PublicSchema::Closed);
    let search_path = table.get("search_path").and_then(|value| value.one_of(SEARCH_PATHS));
    service.search_path = search_path.unwrap_or(SearchPath::Schemas);
    let create = table.get("create");
    service.create = create.map(create_database).unwrap_or_default();
    writers(table, service);
    (public_schema.map(|value| value.at()), create.map(|value| value.at()))
}

/// The names, and the default of everything else.
fn bare(key: &Placed<String>, database: &Named, schemas: &[Named], [ddl, dml, ro]: &[Named; 3]) -> Service {
    Service {
        key: key.it.clone(),
        database: database.name.clone(),
        schemas: schemas.iter().map(|schema| schema.name.clone()).collect(),
        extensions: BTreeSet::new(),
        temporary: true,
        public_schema: PublicSchema::Closed,
        search_path: SearchPath::Schemas,
        single_writer: None,
        create_schemas: false,
        new_tables: NewTables::Write,
        create: CreateDatabase::default(),
        ddl: ddl.name.clone(),
        dml: dml.name.clone(),
        ro: ro.name.clone(),
        logins: BTreeMap::new(),
        tables: Vec::new(),
        uses: Vec::new(),
        at: key.at.clone(),
    }
}

fn database(table: &mut Table<'_>, naming: &Naming, maintenance: &Name, key: &Placed<String>) -> Named {
    let sink = table.sink;
    let words = Words { service: Some(&key.it), login: None };
    let what = format!("the database of `{}`", key.it);
    let mut named = match table.get("database") {
        None => naming.database.name(sink, words, &key.at, what),
        Some(value) => {
            let name = value.string().map(|text| filled_name(sink, Kind::Database, &text, words));
            Named { name: name.unwrap_or_else(names::stand_in), what, origin: Origin::written(&value.at()) }
        }
    };
    if !names::is_stand_in(&named.name) && named.name == *maintenance {
        let (at, also) = (named.origin.at.clone(), named.origin.also());
        let message = format!("the maintenance database `{}` can't be a service's", maintenance.shown());
        let label = "pgmoat connects to it first, as everybody may".to_owned();
        let help = Some("name another one in `[cluster]`: `database = \"…\"`".to_owned());
        sink.push(Problem { code: "maintenance-database", message, at, label, also, help });
        named.name = names::stand_in();
    }
    named
}

fn schemas(table: &mut Table<'_>, naming: &Naming, key: &Placed<String>) -> Vec<Named> {
    let sink = table.sink;
    let words = Words { service: Some(&key.it), login: None };
    let what = format!("a schema of `{}`", key.it);
    let Some(value) = table.get("schemas") else {
        return vec![naming.schema.name(sink, words, &key.at, what)];
    };
    let texts = value.strings();
    if matches!(value.raw(), toml::de::DeValue::Array(array) if array.is_empty()) {
        sink.report("empty-list", &value.at(), "`schemas` is empty".to_owned(), "expected at least one schema");
    }
    let named = |text: &Placed<String>| {
        let name = filled_name(sink, Kind::Schema, text, words);
        Named { name, what: what.clone(), origin: Origin::written(&text.at) }
    };
    texts.iter().map(named).collect()
}

/// `single_writer` and `new_tables`, which can contradict each other.
fn writers(table: &mut Table<'_>, service: &mut Service) {
    let single = table.get("single_writer").and_then(|value| Some((value.boolean()?, value.at())));
    let new_tables = table.get("new_tables");
    let chosen = new_tables.and_then(|value| value.one_of(NEW_TABLES));
    service.single_writer = single.filter(|(single, _)| *single).map(|(_, at)| at);
    let default = if service.single_writer.is_some() { NewTables::Read } else { NewTables::Write };
    service.new_tables = chosen.unwrap_or(default);
    if let (Some(NewTables::Write), Some(value), Some(single)) = (chosen, new_tables, &service.single_writer) {
        table.sink.push(Problem {
            code: "new-tables-many-writers",
            message: "`new_tables = \"write\"` contradicts `single_writer = true`".to_owned(),
            at: value.at(),
            label: "every new table would have many writers".to_owned(),
            also: Some((single.clone(), "one writer a table, says this".to_owned())),
            help: Some("expected `read`, the default here, or `none`".to_owned()),
        });
    }
}

fn create_database(value: Value<'_>) -> CreateDatabase {
    let Some(mut table) = value.table("`create`".to_owned()) else {
        return CreateDatabase::default();
    };
    let sink = table.sink;
    let mut text = |key: &'static str| {
        let text = table.get(key)?.string()?;
        if text.it.is_empty() || text.it.contains('\0') {
            let message = format!("`{key}` is empty or holds a NUL byte");
            sink.report("create-option", &text.at, message, "leave the key out for the server's default");
        }
        Some(text)
    };
    let encoding = text("encoding").map(|text| text.it);
    let locale = text("locale").map(|text| text.it);
    let template = table.get("template").and_then(Value::string);
    let template = template.map(|text| names::written(sink, Kind::Template, &text));
    table.finish();
    CreateDatabase { encoding, locale, template }
}

impl Service {
    /// The role of a group.
    #[must_use]
    pub fn group(&self, group: Group) -> &Name {
        match group {
            Group::Ddl => &self.ddl,
            Group::Dml => &self.dml,
            Group::Ro => &self.ro,
        }
    }

    /// The logins that are members of a group.
    pub fn logins_of(&self, group: Group) -> impl Iterator<Item = &super::Login> {
        self.logins.values().filter(move |login| login.group == group)
    }
}
