//! A server that writes down all it can, a store, an administrator with a password, and a search of everything that came out.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use pgmoat::secrets::{Entry, ExposeSecret as _, SecretString, Verifier};
use pgmoat::throwaway::Options;

use crate::aws::signature::Key;
use crate::aws::{self, Call};
use crate::cluster::{Cluster, Sql};
use crate::known::Known;
use crate::processes::Watch;
use crate::run::{Output, Run};

/// The administrator's. It holds what connection strings, URLs, JSON and SQL each write in another way.
pub(crate) const OURS: &str = "s3ntinel of/the:boss@home%20'\\#\"end";
/// Of somebody who has typed it into the arguments, where everybody may see it: but not what else we do with it.
pub(crate) const TYPED: &str = "s3ntinel-typed-by-hand-as-argument";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Folder,
    SecretsManager,
    ParameterStore,
}

pub(crate) struct House {
    pub(crate) cluster: Cluster,
    pub(crate) aws: aws::Server,
    pub(crate) kind: Kind,
    known: RefCell<Known>,
    /// What was called, and both streams.
    heard: RefCell<Vec<(String, Output)>>,
    watch: Watch,
}

pub(crate) const SERVICES: &str = "
[service.orders.login.app]
role = \"dml\"
[service.orders.login.worker]
role     = \"dml\"
rotation = \"alternating\"
[service.orders.login.migrate]
role     = \"ddl\"
rotation = \"alternating\"
[service.orders.login.bi]
role = \"ro\"
auth = \"external\"
[service.billing.login.app]
role = \"dml\"
";

/// All that a server may write down of what it is told.
const TALKS: &[(&str, &str)] = &[
    ("log_statement", "all"),
    ("log_min_messages", "debug1"),
    ("log_min_error_statement", "debug5"),
    ("log_error_verbosity", "verbose"),
    ("log_connections", "on"),
    ("log_disconnections", "on"),
    ("log_parameter_max_length", "-1"),
    ("log_parameter_max_length_on_error", "-1"),
    ("shared_preload_libraries", "pg_stat_statements"),
    ("pg_stat_statements.track", "all"),
    ("pg_stat_statements.save", "on"),
];

impl House {
    pub(crate) fn new(kind: Kind) -> House {
        let settings = TALKS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let cluster = Cluster::with(&Options { settings, tcp: true, ..Options::default() });
        let mut known = Known::default();
        known.learn("the administrator's password", OURS);
        for key in [Key::lasting(), Key::of_session()] {
            known.learn("the secret key", &key.secret);
            key.session.iter().for_each(|token| known.learn("the session token", token));
        }
        let admin = cluster.sql("postgres");
        admin.run("CREATE EXTENSION pg_stat_statements SCHEMA public");
        for (role, password) in [("boss", OURS), ("typist", TYPED)] {
            let verifier = Verifier::of(&SecretString::from(password)).expect("a verifier");
            admin.run(&format!("CREATE ROLE {role} LOGIN SUPERUSER PASSWORD '{}'", verifier.text()));
        }
        let (known, heard) = (RefCell::new(known), RefCell::default());
        let house = House { cluster, aws: aws::Server::start(), kind, known, heard, watch: Watch::start() };
        house.layout("");
        house
    }

    /// The layout with more in `[secrets]`.
    pub(crate) fn layout(&self, more: &str) {
        let store = match self.kind {
            Kind::Folder => "file",
            Kind::SecretsManager => "aws-secretsmanager",
            Kind::ParameterStore => "aws-ssm",
        };
        self.cluster.layout(&format!(
            "[cluster]\nadmins = [\"boss\", \"typist\"]\n[secrets]\nstore = \"{store}\"\nname = \"{{service}}/{{login}}\"\n\
             host = \"127.0.0.1\"\nport = {}\nsslmode = \"disable\"\n{more}\n{SERVICES}",
            self.cluster.server.port()
        ));
    }

    pub(crate) fn admin(&self) -> Sql {
        self.cluster.sql("postgres")
    }

    /// The program, as talkative as it gets, with everything secret in its environment. Nothing is connected to yet.
    pub(crate) fn bare(&self, args: &str) -> Run {
        let key = Key::of_session();
        let run = self.cluster.bare().args(args).args("-v").env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
        let run = self.aws.environment().into_iter().fold(run, |run, (name, value)| run.env(&name, value));
        let run = run.env("AWS_ACCESS_KEY_ID", key.id).env("AWS_SECRET_ACCESS_KEY", key.secret);
        run.env("AWS_SESSION_TOKEN", key.session.expect("a token"))
    }

    /// The same, by the administrator.
    pub(crate) fn pgmoat(&self, args: &str) -> Run {
        let run = self.bare(args).env("PGHOST", "127.0.0.1").env("PGPORT", self.cluster.server.port().to_string());
        run.env("PGUSER", "boss").env("PGDATABASE", "postgres").env("PGPASSWORD", OURS)
    }

    /// Runs it, and keeps what it said.
    #[track_caller]
    pub(crate) fn ends(&self, args: &str, code: i32) {
        let output = self.keep(args, self.pgmoat(args).end());
        assert_eq!(output, code, "{args}\n{}", self.heard.borrow().last().expect("heard").1);
    }

    /// What another run said.
    pub(crate) fn keep(&self, args: &str, output: Output) -> i32 {
        self.learn();
        let code = output.code;
        self.heard.borrow_mut().push((args.to_owned(), output));
        code
    }

    /// What has been run so far.
    pub(crate) fn has_run(&self) -> Vec<String> {
        self.heard.borrow().iter().map(|(args, _)| args.clone()).collect()
    }

    pub(crate) fn must_not_show(&self, what: &'static str, secret: &str) {
        self.known.borrow_mut().learn(what, secret);
    }

    /// What is in the store now, and whatever was sent there: that, too, which it didn't take.
    fn learn(&self) {
        let mut known = self.known.borrow_mut();
        for file in files(&self.cluster.folder.path().join("secrets")) {
            let text = std::fs::read_to_string(file).expect("text");
            entry(&text).iter().for_each(|password| known.learn("a password in the folder", password));
        }
        let mut world = self.aws.world();
        for Call { body, .. } in world.calls.drain(..) {
            for value in ["SecretString", "Value"].iter().filter_map(|name| body[*name].as_str()) {
                entry(value).iter().for_each(|password| known.learn("a password sent to AWS", password));
            }
        }
    }

    /// Where one is seen that mustn't be.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.learn();
        let known = self.known.borrow();
        let search = known.search();
        let admin = self.admin();
        // what still waits in memory
        admin.run("CHECKPOINT");
        let mut seen = Vec::new();
        let mut look = |place: &str, bytes: &[u8]| {
            seen.extend(search.found(bytes).into_iter().map(|found| format!("{place}: {found}")));
        };
        for (args, output) in self.heard.borrow().iter() {
            look(&format!("the streams of `{args}`"), format!("{}{}", output.out, output.err).as_bytes());
        }
        for arguments in self.watch.seen() {
            look("the process list", &arguments);
        }
        for query in admin.rows("SELECT query FROM public.pg_stat_statements") {
            look("pg_stat_statements", query.as_bytes());
        }
        look("the server's log", self.cluster.server.log().expect("a log").as_bytes());
        for file in files(&self.cluster.server.data_dir()) {
            look(&file, &std::fs::read(&file).unwrap_or_default());
        }
        for file in files(self.cluster.folder.path()).into_iter().filter(|file| !is_given(file)) {
            look(&file, &std::fs::read(&file).expect("readable"));
        }
        seen
    }

    /// Nothing is, though we know what to look for.
    #[track_caller]
    pub(crate) fn is_silent(&self) {
        let seen = self.seen();
        assert!(seen.is_empty(), "{}", seen.join("\n"));
        // verifiers don't log in, but are nobody's business either
        for (args, output) in self.heard.borrow().iter().filter(|(args, _)| !args.contains("pgbouncer")) {
            assert!(!format!("{}{}", output.out, output.err).contains("SCRAM-SHA-256$"), "{args}\n{output}");
        }
        assert!(self.known.borrow().len() > 30, "hardly anything was looked for");
    }
}

/// The store itself, and what the user wrote.
fn is_given(file: &str) -> bool {
    ["/secrets/", "/.pgpass", "/.pg_service.conf"].iter().any(|given| file.contains(given))
}

fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&entry.path())),
            Ok(kind) if kind.is_file() => drop(found.insert(entry.path().to_string_lossy().into_owned())),
            _ => {}
        }
    }
    found
}

/// The password of an entry, as JSON or as a URL.
fn entry(text: &str) -> Option<String> {
    let text = SecretString::from(text);
    let entry = Entry::from_json(&text).or_else(|_| Entry::from_url(&text, "postgres")).ok()?;
    Some(entry.password.expose_secret().to_owned())
}
