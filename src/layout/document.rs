//! The files as one document: syntax, sections, and what comes out.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::DeTable;

use super::naming::Naming;
use super::read::{Placed, Sink, Table, Value};
use super::{Allow, At, Cluster, Layout, Problem, Problems, Retire, Secrets, Service, SourceFile};
use super::{allow, check, check_allow, check_lookalike, cluster, problem, retire, secret_places, secrets, service};

/// Reads the files as one layout; `env` is what `{env}` stands for.
///
/// # Errors
/// Everything that is wrong with it, at once. While a file isn't TOML, only that: what else it says isn't known.
pub fn parse(files: Vec<SourceFile>, env: Option<&str>) -> Result<Layout, Problems> {
    match read(&files, env) {
        Ok((Parts { cluster, services, allows, secrets, retire }, warnings)) => {
            let digest = digest(&files, env);
            Ok(Layout { cluster, services, allows, secrets, retire, today: None, warnings, digest, sources: files })
        }
        Err(problems) => Err(Problems::new(files, problems)),
    }
}

/// What a layout declares.
struct Parts {
    cluster: Cluster,
    services: BTreeMap<String, Service>,
    allows: Vec<Allow>,
    secrets: Option<Secrets>,
    retire: Retire,
}

/// Returns what the files declare, with warnings.
fn read(files: &[SourceFile], env: Option<&str>) -> Result<(Parts, Vec<Problem>), Vec<Problem>> {
    let mut broken = Vec::new();
    let mut documents = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let (document, errors) = DeTable::parse_recoverable(&file.text);
        broken.extend(syntax(index, &file.text, &errors));
        documents.push(document);
    }
    if !broken.is_empty() {
        return Err(broken);
    }
    let sink = Sink::new(env);
    let parts = whole(&sink, &documents);
    let problems = sink.into_problems();
    if problems.is_empty() { Ok(parts) } else { Err(problems) }
}

/// The first error of each line, since what follows on it is mostly an echo. An array that is never closed echoes to
/// the end of the file: of errors inside arrays, the first.
fn syntax(file: usize, text: &str, errors: &[toml::de::Error]) -> Vec<Problem> {
    let mut placed: Vec<_> = errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    placed.sort_by_key(|(span, _)| (span.start, span.end));
    let mut problems: Vec<Problem> = Vec::new();
    let (mut next_line, mut array) = (0, false);
    for (bytes, message) in placed {
        // The parser's words.
        let in_array = message.contains("array");
        if bytes.start < next_line || (in_array && array) {
            continue;
        }
        next_line = text
            .get(bytes.start..)
            .and_then(|rest| rest.find('\n'))
            .map_or(text.len() + 1, |end| bytes.start + end + 1);
        array |= in_array;
        let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
        let label = if expected.is_empty() { String::new() } else { format!("expected {expected}") };
        let help = in_array.then(|| "if all is right here: is the array before this closed by `]`?".to_owned());
        let (message, at) = (format!("not TOML: {what}"), At { file, bytes });
        problems.push(Problem { code: "syntax", message, at, label, also: None, help });
    }
    problems
}

/// The top level of all files together.
#[derive(Default)]
struct Sections<'a> {
    cluster: Option<Value<'a>>,
    naming: Option<Value<'a>>,
    secrets: Option<Value<'a>>,
    retire: Option<Value<'a>>,
    services: BTreeMap<String, (Placed<String>, Value<'a>)>,
    /// `[[allow]]` of every file.
    allows: Vec<allow::Draft>,
    /// The first `service`, whatever it holds.
    service: Option<At>,
    /// A `service` that is no table is reported already.
    unreadable: bool,
}

fn whole<'a>(sink: &'a Sink<'a>, documents: &'a [Spanned<DeTable<'a>>]) -> (Parts, Vec<Problem>) {
    let mut sections = Sections::default();
    for (file, document) in documents.iter().enumerate() {
        let mut root = Table::root(sink, file, document.get_ref());
        once(&mut sections.cluster, root.get("cluster"), "cluster");
        once(&mut sections.naming, root.get("naming"), "naming");
        once(&mut sections.secrets, root.get("secrets"), "secrets");
        once(&mut sections.retire, root.get("retire"), "retire");
        if let Some(value) = root.get("service") {
            services(&mut sections, value);
        }
        sections.allows.extend(root.get("allow").into_iter().flat_map(|value| allow::read_all(sink, value)));
        root.finish();
    }
    let cluster = cluster::read(sink, sections.cluster);
    let mut naming = Naming::read(sink, sections.naming);
    let secrets = secrets::read(sink, sections.secrets).map(|draft| {
        naming.secret = Some((draft.secrets.store, draft.name));
        naming.adopt = draft.secrets.adopt;
        draft.secrets
    });
    if sections.services.is_empty() && !sections.unreadable {
        let at = sections.service.unwrap_or(At { file: 0, bytes: 0..0 });
        sink.push(Problem {
            code: "no-service",
            message: "the layout declares no service".to_owned(),
            at,
            label: "expected `[service.NAME]`".to_owned(),
            also: None,
            help: Some("the smallest one: `[service.orders.login]` and below it `app = \"dml\"`".to_owned()),
        });
    }
    let database = &cluster.cluster.database;
    let mut drafts: BTreeMap<String, service::Draft> = BTreeMap::new();
    for (name, (key, value)) in sections.services {
        drafts.extend(service::read(sink, &naming, database, &key, value).map(|draft| (name, draft)));
    }
    check::whole(sink, &cluster, &mut drafts);
    let logins = drafts.iter().flat_map(|(key, draft)| draft.service.logins.values().map(|l| (key.as_str(), l)));
    secret_places::check(sink, secrets.as_ref(), logins);
    check_allow::whole(sink, &cluster, &drafts, &sections.allows);
    let retire = retire::read(sink, &naming, sections.retire);
    retire::check(sink, &retire, &cluster, &drafts);
    let mut warnings = check_lookalike::whole(&cluster, &drafts, &sections.allows);
    problem::sort(&mut warnings);
    let databases = drafts.values().map(|draft| draft.database.name.clone()).collect();
    let allows = sections.allows.into_iter().flat_map(|draft| draft.finished(&databases)).collect();
    let services = drafts.into_iter().map(|(key, draft)| (key, draft.finished())).collect();
    (Parts { cluster: cluster.cluster, services, allows, secrets, retire: retire.finished() }, warnings)
}

/// A section that may stand in one file only.
fn once<'a>(place: &mut Option<Value<'a>>, value: Option<Value<'a>>, key: &str) {
    let Some(value) = value else { return };
    let Some(first) = place else {
        *place = Some(value);
        return;
    };
    value.sink.push(Problem {
        code: "duplicate-section",
        message: format!("`[{key}]` stands in two files"),
        at: value.key_at(),
        label: "here again".to_owned(),
        also: Some((first.key_at(), "first here".to_owned())),
        help: Some("the files are one layout: join the two sections".to_owned()),
    });
}

fn services<'a>(sections: &mut Sections<'a>, value: Value<'a>) {
    let Some(table) = value.table("`[service]`".to_owned()) else {
        sections.unreadable = true;
        return;
    };
    sections.service.get_or_insert(value.key_at());
    for (key, value) in table.entries() {
        let Some((first, _)) = sections.services.get(&key.it) else {
            sections.services.insert(key.it.clone(), (key, value));
            continue;
        };
        value.sink.push(Problem {
            code: "duplicate-service",
            message: format!("the service `{}` stands in two files", key.it),
            at: key.at.clone(),
            label: "here again".to_owned(),
            also: Some((first.at.clone(), "first here".to_owned())),
            help: Some("a service belongs into one file".to_owned()),
        });
    }
}

/// Each text with its length before it, so that no two layouts have the same bytes.
fn digest(files: &[SourceFile], env: Option<&str>) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    for file in files {
        add(&file.text);
    }
    // No text has this length, so that `--env` can't be taken for a file.
    if let Some(env) = env {
        hash.update(u64::MAX.to_be_bytes());
        hash.update(env);
    }
    format!("sha256:{:x}", hash.finalize())
}
