//! plans/secrets as a team runs it: on a real server, with a store of AWS's kind. plans/secrets/exports.txt has the exports that
//! then are right, to the byte; its own lines `$ pgmoat export …` are what is run, and `UPDATE_GOLDEN=1` writes the rest anew.
//! Not covered: AWS itself, and the address of the example, which leads nowhere: services find the server on this machine.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pgmoat::throwaway::Options;

use crate::aws::Server;
use crate::cluster::{Cluster, NOTHING, Sql};
use crate::run::{Output, Run};
use crate::shape;

/// Each must be there.
const EXPORTS: [&str; 5] = ["ecs", "iam", "pgbouncer", "hba", "terraform"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/secrets")
}

fn read(file: &str) -> String {
    fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The example's layout, and its `before.sql` run, on a server that asks services for passwords.
fn shop() -> Cluster {
    let cluster = Cluster::with(&Options { tcp: true, ..Options::default() });
    for (index, part) in read("before.sql").split("\\connect ").enumerate() {
        let (database, script) = if index == 0 { ("postgres", part) } else { part.split_once('\n').expect("a name") };
        let sql = cluster.sql(database);
        // one at a time, since a database can't be made in a transaction
        script.split_inclusive(";\n").for_each(|statement| sql.run(statement));
    }
    let port = format!("port    = {}", cluster.server.port());
    let mut layout = read("layout.toml");
    for (theirs, ours) in [
        ("shop-{env}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com", "127.0.0.1"),
        ("port    = 5432", port.as_str()),
        ("sslmode = \"verify-full\"", "sslmode = \"disable\""),
    ] {
        assert_eq!(layout.matches(theirs).count(), 1, "{theirs}");
        layout = layout.replace(theirs, ours);
    }
    cluster.layout(&layout);
    cluster
}

fn pgmoat(cluster: &Cluster, store: &Server, args: &str) -> Run {
    let run = cluster.pgmoat(args).env("PGMOAT_ENV", "prod");
    store.environment().iter().fold(run, |run, (name, value)| run.env(name, value))
}

/// By its URL, as a service has it.
fn role_of(store: &Server, entry: &str) -> String {
    let world = store.world();
    let current = world.secrets.0[entry].versions.values().find(|version| version.labels.contains("AWSCURRENT"));
    let text = current.and_then(|version| version.value.clone()).expect("a value");
    drop(world);
    let entry: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    Sql::open(entry["url"].as_str().expect("a URL")).one("select session_user::text")
}

/// Does it log in with the password that before.sql gave it?
fn logs_in_as_before(cluster: &Cluster, role: &str, database: &str) -> bool {
    let port = cluster.server.port();
    let conninfo =
        format!("host=127.0.0.1 port={port} user={role} dbname={database} password='from before' sslmode=disable");
    match Sql::attempt_open(&conninfo) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.sqlstate(), Some("28P01"), "{role}: {error:?}");
            false
        }
    }
}

#[test]
fn the_example_as_a_team_runs_it() {
    let (cluster, store) = (shop(), Server::start());
    let _ = pgmoat(&cluster, &store, "plan").end().code(3).err("");
    assert!(store.world().calls.is_empty(), "a plan asked the store: {:?}", store.world().calls);

    let entries = [
        ("billing.app", "billing_app", "prod/finance/billing"),
        ("billing.migrate", "billing_migrate", "prod/billing/migrate"),
        ("orders.app", "orders_app_a", "prod/orders/app"),
        ("orders.migrate", "orders_migrate_a", "prod/orders/migrate"),
        ("orders.worker", "orders_worker", "prod/orders/worker"),
    ];
    let applied = pgmoat(&cluster, &store, "apply --yes --allow all").end().code(0).err(
        "warning: no entry in the store: billing.cron; they were there before, and adopt = true gives each a new password with one\n",
    );
    for (login, role, entry) in entries {
        assert!(applied.out.contains(&format!("{login}: {role} has its password, in arn:aws:")), "{applied}");
        assert_eq!(role_of(&store, entry), role);
        let world = store.world();
        let secret = &world.secrets.0[entry];
        assert_eq!(secret.kms_key.as_deref(), Some("alias/prod-db"));
        let tags: Vec<String> = secret.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(tags, ["managed-by=pgmoat", "stage=prod", "team=shop"]);
    }
    assert_eq!(store.world().secrets.0.len(), entries.len());
    // who is to be left alone is, and so are the containers that have a password from before
    for (role, database) in [("orders_app", "orders"), ("orders_app_clone", "orders"), ("billing_cron", "billing")] {
        assert!(logs_in_as_before(&cluster, role, database), "{role}");
    }
    assert!(!logs_in_as_before(&cluster, "orders_worker", "orders"));
    let _ = pgmoat(&cluster, &store, "plan").end().code(0).out_has(&[NOTHING]);
    exports(&cluster, &store);
}

fn exports(cluster: &Cluster, store: &Server) {
    let golden = read("exports.txt");
    let commands: Vec<&str> = golden.lines().filter_map(|line| line.strip_prefix("$ pgmoat export ")).collect();
    let of = |kind: &str| commands.iter().any(|command| command.split(' ').next() == Some(kind));
    assert!(EXPORTS.into_iter().all(of), "not each of {EXPORTS:?}: {commands:?}");
    // for the addresses of the example, and not for ours
    let layout = cluster.write("layout.toml", read("layout.toml"));
    let mut text = String::new();
    for command in commands {
        let Output { out, err, .. } =
            pgmoat(cluster, store, &format!("export {command}")).env("PGMOAT_LAYOUT", &layout).end().code(0);
        shape::check(command, &out);
        write!(text, "$ pgmoat export {command}\n{}{err}\n", without_verifiers(&out)).expect("a string");
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(folder().join("exports.txt"), &text).expect("written");
        return;
    }
    let diff = similar::TextDiff::from_lines(&golden, &text).unified_diff().to_string();
    assert!(golden == text, "exports.txt is something else; UPDATE_GOLDEN=1 writes it anew\n{diff}");
}

/// They are others on each server.
fn without_verifiers(text: &str) -> String {
    let mut parts = text.split("SCRAM-SHA-256$");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| format!("{text}SCRAM-SHA-256$…{}", &part[part.find('"').expect("its end")..]))
}
