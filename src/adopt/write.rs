//! The file: what a person would write, in the order of docs/layout.md, with nothing that is the default anyway.

use super::draft::{Draft, Login, Rule, Service, Uses};
use super::{allows, toml};
use crate::layout::{Auth, Group, NewTables, PublicSchema, SearchPath};
use crate::model::{Name, Snapshot, escaped};

/// The draft in TOML; `rest` is what a plan would still do.
pub(super) fn text(snapshot: &Snapshot, draft: &Draft, rest: &[String]) -> String {
    let mut out = Lines::default();
    head(&mut out, snapshot, draft, rest);
    cluster(&mut out, draft);
    for service in &draft.services {
        of_service(&mut out, snapshot, draft, service);
    }
    allows::write(&mut out, snapshot, draft);
    tail(&mut out, rest);
    out.0.join("\n") + "\n"
}

#[derive(Default)]
pub(super) struct Lines(Vec<String>);

impl Lines {
    pub(super) fn add(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    /// Names come from outside: a comment may not end before its time.
    pub(super) fn comment(&mut self, text: &str) {
        let line = format!("# {}", escaped(text));
        self.0.push(line.trim_end().to_owned());
    }

    pub(super) fn pair(&mut self, key: &str, value: &str) {
        self.0.push(format!("{key} = {value}"));
    }
}

fn head(out: &mut Lines, snapshot: &Snapshot, draft: &Draft, rest: &[String]) {
    let server = &snapshot.server;
    let version = format!("{}.{}", server.major(), server.version_num % 10_000);
    out.comment(&format!(
        "A running cluster as a layout, found on {} by `pgmoat adopt`, PostgreSQL {version}.",
        draft.day
    ));
    out.comment("");
    out.comment(
        "What the layout itself wouldn't give is kept by an [[allow]], so that nobody loses what he was granted.",
    );
    match rest.len() {
        0 => out.comment("The cluster is as this layout says: `pgmoat plan` has nothing to do."),
        1 => out.comment("One thing isn't so yet: see the end of the file."),
        n => out.comment(&format!("{n} things aren't so yet: see the end of the file.")),
    }
    if rest.iter().any(|line| line.ends_with(']')) {
        out.comment("What no exception can keep is marked there with its [hazard].");
    }
    out.comment("How to go on (docs/adopt.md): read the exceptions, give each a last day (`until`) or drop it, and look at `pgmoat plan` each time.");
    if !draft.notes.is_empty() {
        out.comment("");
    }
    draft.notes.iter().for_each(|note| out.comment(&format!("note: {note}")));
}

fn cluster(out: &mut Lines, draft: &Draft) {
    out.add("");
    out.add("[cluster]");
    if draft.maintenance.as_str() != "postgres" {
        out.pair("database", &toml::name(&draft.maintenance));
    }
    if let Some(provisioner) = &draft.provisioner {
        out.pair("provisioner", &toml::name(provisioner));
    }
    if !draft.admins.is_empty() {
        out.pair("admins", &toml::list(draft.admins.iter().map(toml::name)));
    }
    if let Some(inspector) = &draft.inspector {
        out.pair("inspector", &toml::name(inspector));
    }
}

fn of_service(out: &mut Lines, snapshot: &Snapshot, draft: &Draft, service: &Service) {
    out.add("");
    let schemas: Vec<String> = service.schemas.iter().map(Name::shown).collect();
    let plural = if schemas.len() == 1 { "schema" } else { "schemas" };
    out.comment(&format!(
        "{} {} in database {}, where most is {}'s",
        plural,
        schemas.join(", "),
        service.database.shown(),
        service.owner.shown()
    ));
    for (role, what) in [(&service.ddl, "owns"), (&service.dml, "writes"), (&service.ro, "reads")] {
        if !snapshot.state.roles.contains_key(role) {
            out.comment(&format!("{} is yet to be made: no group {what} for this service alone", role.shown()));
        }
    }
    out.add(format!("[service.{}]", toml::key(&service.key)));
    names(out, service);
    settings(out, service);
    logins(out, service);
    service.rules.iter().for_each(|r| rule(out, draft, service, r));
    service.uses.iter().for_each(|u| uses(out, draft, service, u));
}

fn names(out: &mut Lines, service: &Service) {
    let key = service.key.as_str();
    if service.database.as_str() != key {
        out.pair("database", &toml::name(&service.database));
    }
    if service.schemas.iter().map(Name::as_str).ne([key]) {
        out.pair("schemas", &toml::list(service.schemas.iter().map(toml::name)));
    }
    for (word, role) in [("ddl", &service.ddl), ("dml", &service.dml), ("ro", &service.ro)] {
        if role.as_str() != format!("{key}_{word}") {
            out.pair(word, &toml::name(role));
        }
    }
}

fn settings(out: &mut Lines, service: &Service) {
    if !service.extensions.is_empty() {
        let names = service.extensions.iter().map(|name| toml::string(name.as_str()));
        out.pair("extensions", &toml::list(names));
    }
    if !service.temporary {
        out.pair("temporary", "false");
    }
    if service.search_path == SearchPath::Server {
        out.pair("search_path", "\"server\"");
    }
    match service.public_schema {
        PublicSchema::Closed => {}
        PublicSchema::Usage => out.pair("public_schema", "\"usage\""),
        PublicSchema::Open => out.pair("public_schema", "\"open\""),
    }
    if service.create_schemas {
        out.pair("create_schemas", "true");
    }
    match service.new_tables {
        NewTables::Write => {}
        NewTables::Read => out.pair("new_tables", "\"read\""),
        NewTables::None => out.pair("new_tables", "\"none\""),
    }
}

fn logins(out: &mut Lines, service: &Service) {
    let default = |login: &Login| {
        login.name.as_str() == format!("{}_{}", service.key, login.key)
            && login.connection_limit < 0
            && login.settings.is_empty()
            && login.auth == Auth::Password
    };
    let (short, long): (Vec<&Login>, Vec<&Login>) = service.logins.iter().partition(|login| default(login));
    let title = format!("service.{}.login", toml::key(&service.key));
    if !short.is_empty() {
        out.add(format!("[{title}]"));
    }
    for login in short {
        out.pair(&toml::key(&login.key), &toml::string(group(login.group)));
    }
    for login in long {
        out.add(format!("[{title}.{}]", toml::key(&login.key)));
        out.pair("role", &toml::string(group(login.group)));
        if login.name.as_str() != format!("{}_{}", service.key, login.key) {
            out.pair("name", &toml::name(&login.name));
        }
        if login.connection_limit >= 0 {
            out.pair("connection_limit", &login.connection_limit.to_string());
        }
        if !login.settings.is_empty() {
            let each =
                login.settings.iter().map(|(key, value)| format!("{} = {}", toml::key(key), toml::string(value)));
            out.pair("settings", &format!("{{ {} }}", each.collect::<Vec<_>>().join(", ")));
        }
        if login.auth == Auth::Iam {
            out.pair("auth", "\"iam\"");
        }
    }
}

fn group(group: Group) -> &'static str {
    match group {
        Group::Ddl => "ddl",
        Group::Dml => "dml",
        Group::Ro => "ro",
    }
}

fn rule(out: &mut Lines, draft: &Draft, service: &Service, rule: &Rule) {
    let table = toml::table(&rule.table, service.schemas.len() > 1);
    out.add(format!("[service.{}.table.{}]", toml::key(&service.key), toml::key(&table)));
    let usual = super::share::WRITES;
    if let Some((of, login)) = rule.writer.as_ref().and_then(|writer| draft.login(writer)) {
        let own = of.key == service.key;
        let writer = if own { login.key.clone() } else { format!("{}.{}", of.key, login.key) };
        out.pair("writer", &toml::string(&writer));
        if rule.privileges == usual {
            return;
        }
    }
    out.pair("privileges", &toml::privileges(rule.privileges));
}

fn uses(out: &mut Lines, draft: &Draft, consumer: &Service, uses: &Uses) {
    let several = draft.services.iter().any(|s| s.key == uses.provider && s.schemas.len() > 1);
    out.add(format!("[[service.{}.uses]]", toml::key(&consumer.key)));
    out.pair("service", &toml::string(&uses.provider));
    let tables = uses.tables.as_ref().map(|tables| tables.iter().map(|t| toml::string(&toml::table(t, several))));
    out.pair("tables", &tables.map_or_else(|| "[\"*\"]".into(), toml::list));
    if uses.privileges != crate::model::Privileges::SELECT {
        out.pair("privileges", &toml::privileges(uses.privileges));
    }
    if !uses.logins.is_empty() {
        let keys = uses.logins.iter().filter_map(|role| draft.login(role)).map(|(_, login)| toml::string(&login.key));
        out.pair("logins", &toml::list(keys));
    }
}

fn tail(out: &mut Lines, rest: &[String]) {
    if rest.is_empty() {
        return;
    }
    out.add("");
    out.comment("What this layout says and the cluster isn't yet; `pgmoat plan -v` shows the SQL:");
    rest.iter().for_each(|line| out.comment(&format!("  {line}")));
}
