//! `export ecs` with the stores of AWS: full ARNs, by what the store says of entries without what they hold.

use pgmoat::db::Environment;
use pgmoat::secrets::{AwsOptions, Entry, Store};
use serde_json::{Value, json};

use crate::aws::Server;
use crate::run::Run;
use crate::shape;

const LAYOUT: &str = r#"
[service.orders.login]
app = "dml"
"read-only" = "ro"
[service.billing.login]
app = "dml"
[service.billing.login.token]
role = "ro"
auth = "iam"
[secrets]
name  = "prod/{service}/{login}"
store = "#;

const ENTRIES: [&str; 3] = ["prod/billing/app", "prod/orders/app", "prod/orders/read-only"];

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn store(server: &Server, kind: &str) -> Store {
    let vars = server.environment().into_iter().collect();
    let environment = Environment { vars, home: None, os_user: None };
    let options = AwsOptions::default();
    let opened = if kind == "aws-ssm" {
        Store::ssm(options, &environment)
    } else {
        Store::secrets_manager(options, &environment)
    };
    opened.expect("a store")
}

fn entry(password: &str) -> Entry {
    Entry {
        engine: "postgres".into(),
        host: "db.example.com".into(),
        port: 5432,
        dbname: "orders".into(),
        username: "orders_app".into(),
        password: password.to_owned().into(),
        sslmode: None,
    }
}

/// A layout, and a server with some of its entries; all calls so far forgotten.
fn world(kind: &str, entries: &[&str]) -> (Server, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pgmoat.toml"), format!("{LAYOUT}\"{kind}\"\n")).expect("written");
    let server = Server::start();
    let store = store(&server, kind);
    for name in entries {
        block_on(store.create(name, &entry("sesame"))).expect("created");
    }
    server.world().calls.clear();
    (server, folder)
}

fn ecs(server: &Server, folder: &tempfile::TempDir, args: &str) -> Run {
    let run = Run::new(folder.path()).args("export ecs").args(args);
    server.environment().iter().fold(run, |run, (name, value)| run.env(name, value))
}

fn exported(server: &Server, folder: &tempfile::TempDir, args: &str) -> Value {
    let output = ecs(server, folder, args).end().code(0).err("");
    shape::check("ecs", &output.out);
    serde_json::from_str(&output.out).expect("JSON")
}

/// Only what tells of an entry was asked.
#[track_caller]
fn asked_no_value(server: &Server) {
    let world = server.world();
    assert!(!world.calls.is_empty());
    for call in &world.calls {
        let (_, operation) = call.target.split_once('.').expect("service.Operation");
        assert!(["DescribeSecret", "DescribeParameters", "ListTagsForResource"].contains(&operation), "{call:?}");
    }
}

#[test]
fn secrets_by_full_arn_and_key() {
    let (server, folder) = world("aws-secretsmanager", &ENTRIES);
    let arn = |name: &str| format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-Ab3dEf");
    let secret = |variable: &str, from: String| json!({ "name": variable, "valueFrom": from });
    assert_eq!(
        exported(&server, &folder, "--account 123456789012 --region eu-west-1"),
        json!({
            "billing": [secret("DATABASE_URL", arn("prod/billing/app") + ":url::")],
            "orders": [
                secret("APP_DATABASE_URL", arn("prod/orders/app") + ":url::"),
                secret("READ_ONLY_DATABASE_URL", arn("prod/orders/read-only") + ":url::"),
            ],
        })
    );
    assert_eq!(
        exported(&server, &folder, "orders.app --key all --key password"),
        json!({ "orders": [
            secret("DATABASE_SECRET", arn("prod/orders/app")),
            secret("DATABASE_PASSWORD", arn("prod/orders/app") + ":password::"),
        ]})
    );
    asked_no_value(&server);
    let elsewhere = ecs(&server, &folder, "--account 123456789013").end().code(1).out("");
    let _ = elsewhere.err_has(&["the entry is elsewhere: arn:aws:", "hint: "]);
}

#[test]
fn parameters_by_arn() {
    let (server, folder) = world("aws-ssm", &ENTRIES);
    let arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/prod/billing/app";
    let expected = json!({ "billing": [{ "name": "DATABASE_URL", "valueFrom": arn }] });
    assert_eq!(exported(&server, &folder, "billing"), expected);
    asked_no_value(&server);
}

#[test]
fn a_value_is_asked_for_not_even_in_a_rotation() {
    for kind in ["aws-secretsmanager", "aws-ssm"] {
        let (server, folder) = world(kind, &ENTRIES);
        let store = store(&server, kind);
        let held = block_on(store.describe(ENTRIES[1])).expect("asked").expect("there");
        block_on(store.settle(ENTRIES[1], &held)).expect("settled");
        block_on(store.write_pending(ENTRIES[1], &entry("other"))).expect("written");
        server.world().calls.clear();
        let document = exported(&server, &folder, "orders.app").to_string();
        assert!(document.contains("prod/orders/app") && !document.contains("pending"), "{document}");
        asked_no_value(&server);
    }
}

#[test]
fn an_entry_that_isnt_there_yet() {
    for kind in ["aws-secretsmanager", "aws-ssm"] {
        let (server, folder) = world(kind, &ENTRIES[..1]);
        let output = ecs(&server, &folder, "").end().code(1).out("");
        let said = [
            "no entry yet for 2 logins",
            "orders.app: prod/orders/app",
            "orders.read-only",
            "hint: pgmoat apply makes",
        ];
        let _ = output.err_has(&said);
        let _ = exported(&server, &folder, "billing");
    }
    // a run that died has left a secret without a version
    let (server, folder) = world("aws-secretsmanager", &ENTRIES);
    server.world().secrets.0.get_mut(ENTRIES[0]).expect("there").versions.clear();
    let _ = ecs(&server, &folder, "billing").end().code(1).err_has(&["no entry yet for 1 login", "billing.app"]);
    // or a parameter that is only pending
    let (server, folder) = world("aws-ssm", &ENTRIES);
    server.world().parameters.0.remove("/prod/billing/app").expect("there");
    let _ = ecs(&server, &folder, "billing").end().code(1).out("").err_has(&["no entry yet for 1 login"]);
}

#[test]
fn somebody_elses_entry_is_said() {
    let (server, folder) = world("aws-secretsmanager", &ENTRIES);
    server.world().secrets.0.get_mut(ENTRIES[0]).expect("there").tags.clear();
    let output = ecs(&server, &folder, "billing").end().code(0);
    let _ =
        output.err_has(&["warning: billing.app: the entry prod/billing/app isn't pgmoat's: it has no tag managed-by"]);
}
