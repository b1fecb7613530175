//! The layout's inspector may connect and nothing else, and sees all that the answer needs.

use serde_json::{Value, json};

use super::{IN_SYNC, SHOP, codes, json, shop};
use crate::cluster::Cluster;
use crate::run::Output;

/// Everything that leads through a wall, and a role that leaves.
fn everything() -> (Cluster, u32) {
    let cluster = shop();
    let mut session = cluster.sql("postgres");
    let mut statements = String::new();
    for line in include_str!("everything.sql").lines().chain(["\\connect postgres"]) {
        let Some(database) = line.strip_prefix("\\connect ") else {
            if !line.starts_with("--") {
                statements.push_str(line);
                statements.push('\n');
            }
            continue;
        };
        // one by one: what can't run in a transaction needs its own
        statements.split_inclusive(";\n").for_each(|statement| session.run(statement));
        statements.clear();
        session = cluster.sql(database);
    }
    let version: u32 = session.one("SHOW server_version_num").parse().expect("a number");
    if version >= 150_000 {
        session.run("GRANT SET ON PARAMETER session_replication_role TO metabase");
    }
    if version >= 160_000 {
        session.run("GRANT pg_create_subscription TO metabase; GRANT CREATE ON DATABASE orders TO metabase");
        cluster.sql("orders").run("ALTER SUBSCRIPTION fed OWNER TO metabase");
    }
    cluster.layout(&format!("{SHOP}\n[retire]\nroles = [{{ name = \"old\", reassign_to = \"orders_ddl\" }}]\n"));
    (cluster, version / 10_000)
}

/// Whose plan it is stands in it.
fn but_for_whose(mut plan: Value) -> Value {
    plan["target"].as_object_mut().expect("a target").remove("acting_as");
    plan
}

#[test]
fn it_finds_what_a_superuser_finds() {
    let (mut cluster, major) = everything();
    let ask = |cluster: &Cluster, args: &str, code: i32| {
        let output: Output = cluster.pgmoat(args).end().code(code).err("");
        assert!(!output.out.contains("sesame"), "{args} shows a secret of the catalog");
        json(&output.out)
    };
    let all = |cluster: &Cluster| {
        let plan = but_for_whose(but_for_look(ask(cluster, "plan --format json", 3)));
        let proof = but_for_look(ask(cluster, "prove --format json", 4));
        let mut drift = but_for_look(ask(cluster, "drift --format json", 4));
        drift["plan"] = but_for_whose(drift["plan"].take());
        assert_eq!((&drift["plan"], &drift["proof"]), (&plan, &proof));
        let mut snapshot = but_for_look(ask(cluster, "inspect", 0));
        let server = snapshot["server"].as_object_mut().expect("a server");
        let parameters = server.remove("superuser_parameters").expect("parameters");
        server.remove("user").expect("a user");
        server.remove("superuser");
        (drift, snapshot, parameters)
    };
    let (drift, snapshot, parameters) = all(&cluster);
    cluster.user = "pgmoat_ci";
    let (by_inspector, snapshot_by_inspector, known) = all(&cluster);
    // as whom a mapping goes to a server superusers alone see, so there the inspector knows that it doesn't know
    let (mapped, drift) = but_for_mappings(drift);
    let (warned, by_inspector) = but_for_mappings(by_inspector);
    assert_eq!(mapped, [("metabase".to_owned(), "error".to_owned())]);
    assert_eq!(warned, ["PUBLIC", "metabase"].map(|role| (role.to_owned(), "unseen".to_owned())));
    assert_eq!(by_inspector, drift, "the inspector's answer is another");
    assert_eq!(but_for_users(snapshot_by_inspector), but_for_users(snapshot), "the inspector reads something else");
    // pg_settings hides from him the parameters whose values are superusers' alone; pgmoat knows their names
    let names = |value: &Value| value.as_array().expect("names").clone();
    assert!(names(&known).iter().all(|name| names(&parameters).contains(name)));

    let found = codes(&drift);
    for code in EXPECTED {
        assert!(found.iter().any(|found| found == code), "{code} isn't found: {found:?}");
    }
    assert_eq!(found.iter().any(|code| code == "parameter"), major >= 15);
    assert_eq!(found.iter().any(|code| code == "subscription"), major >= 16);
}

/// What everything.sql makes, on every version.
const EXPECTED: &[&str] = &[
    "cascade",
    "changes-roles",
    "column-access",
    "definer-function",
    "event-trigger",
    "foreign-code",
    "foreign-role",
    "foreign-server",
    "inherited-table",
    "large-object",
    "login-owns",
    "owner-view",
    "planted-default",
    "planted-setting",
    "predefined-role",
    "replication",
    "rule",
    "second-writer",
    "shadowing",
    "system-right",
    "trigger-function",
    "trigger-privilege",
    "undeclared-access",
    "undeclared-connect",
    "unsafe-definer",
    "untrusted-language",
];

/// Where the layout names a provisioner, the plan is what that one would do, whoever asks; the proof is everybody's.
#[test]
fn it_plans_as_the_provisioner() {
    let mut cluster = Cluster::start();
    cluster.sql("postgres").run(
        "CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB; CREATE ROLE ann LOGIN; GRANT pgmoat_admin TO ann;
         CREATE ROLE metabase LOGIN",
    );
    let mut layout = SHOP.replace("[cluster]\n", "[cluster]\nprovisioner = \"pgmoat_admin\"\n");
    for service in ["orders", "billing"] {
        // on 14 the schema public is the bootstrap superuser's
        let open = format!("[service.{service}]\npublic_schema = \"open\"\n[service.{service}.login]");
        layout = layout.replace(&format!("[service.{service}.login]"), &open);
    }
    cluster.layout(&layout);
    cluster.user = "ann";
    let _ = cluster.pgmoat("apply --yes").end().code(0);
    cluster.sql_as("orders_migrate", "orders").run("SET ROLE orders_ddl; CREATE TABLE orders.jobs (id int, note text)");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    cluster.sql("orders").run(
        "GRANT CONNECT ON DATABASE orders TO metabase; GRANT USAGE ON SCHEMA orders TO metabase;
         GRANT UPDATE ON orders.jobs TO metabase; GRANT pg_read_all_data TO billing_app",
    );
    let drift = |user| {
        cluster.user = user;
        but_for_look(json(&cluster.pgmoat("drift --format json").end().code(4).err("").out))
    };
    let [ann, inspector, superuser] = ["ann", "pgmoat_ci", "postgres"].map(drift);
    assert_eq!(inspector, ann);
    assert_eq!(inspector["plan"]["target"]["acting_as"], "pgmoat_admin");
    assert_eq!(inspector["proof"]["findings"], superuser["proof"]["findings"]);
    let mut found = codes(&inspector);
    // before 15 everybody may create in a schema public that stays open
    found.retain(|code| code != "shadowing");
    assert_eq!(
        found,
        ["other-database", "predefined-role", "second-writer", "undeclared-access", "undeclared-connect"]
    );
}

/// Where PUBLIC may not connect to the maintenance database either, the inspector alone is let in, and that breaks no claim.
#[test]
fn it_may_connect_where_pgmoat_begins() {
    let mut cluster = shop();
    cluster.sql("postgres").run("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC");
    cluster.user = "pgmoat_ci";
    let _ = cluster
        .pgmoat("drift")
        .end()
        .code(1)
        .err_has(&["hint: grant it first: GRANT CONNECT ON DATABASE \"postgres\" TO \"pgmoat_ci\"\n"]);
    cluster.sql("postgres").run("GRANT CONNECT ON DATABASE postgres TO pgmoat_ci");
    let _ = cluster.pgmoat("drift").end().code(0).err("").out_has(&[IN_SYNC]);
}

/// What he may not look into isn't passed over.
#[test]
fn a_closed_door_is_an_error() {
    let mut cluster = shop();
    cluster.user = "pgmoat_ci";
    cluster.sql("postgres").run("REVOKE CONNECT ON DATABASE orders FROM pgmoat_ci");
    let closed = cluster.pgmoat("drift").end().code(1).out("");
    let _ = closed.err_has(&[
        "caused by: database orders\n",
        "hint: grant it first: GRANT CONNECT ON DATABASE \"orders\" TO \"pgmoat_ci\"\n",
    ]);
    cluster.sql("postgres").run("GRANT CONNECT ON DATABASE orders TO pgmoat_ci");
    let _ = cluster.pgmoat("drift").end().code(0).err("");

    // nor is a database of nobody's in which something hangs on a role that leaves
    cluster.layout(&format!("{SHOP}\n[retire]\nroles = [{{ name = \"old\", reassign_to = \"orders_ddl\" }}]\n"));
    cluster.sql("postgres").run("CREATE ROLE old");
    cluster.sql("postgres").run("CREATE DATABASE common");
    cluster
        .sql("common")
        .run("CREATE TABLE public.t (); ALTER TABLE public.t OWNER TO old; REVOKE ALL ON DATABASE common FROM PUBLIC");
    let closed = cluster.pgmoat("drift").end().code(1).out("");
    let _ = closed.err_has(&["hint: grant it first: GRANT CONNECT ON DATABASE \"common\" TO \"pgmoat_ci\"\n"]);
}

/// Who looked, and when.
fn but_for_look(mut document: Value) -> Value {
    document.as_object_mut().expect("a document").remove("look").expect("a look");
    document
}

/// Takes out what is found about mappings of a foreign server, and what counts it with the others.
fn but_for_mappings(mut drift: Value) -> (Vec<(String, String)>, Value) {
    let proof = drift["proof"].as_object_mut().expect("a proof");
    proof.remove("claims").expect("claims");
    let findings = proof["findings"].as_array_mut().expect("findings");
    let is_one = |found: &Value| found["code"] == "foreign-server" && found["privileges"] == json!([]);
    let word = |found: &Value, key: &str| found[key].as_str().expect("a word").to_owned();
    let mapped = findings.iter().filter(|found| is_one(found)).map(|f| (word(f, "principal"), word(f, "severity")));
    let mut mapped: Vec<(String, String)> = mapped.collect();
    findings.retain(|found| !is_one(found));
    let unseen = proof.insert("unseen".to_owned(), json!([])).expect("what wasn't seen");
    for one in unseen.as_array().expect("a list") {
        assert_eq!(one["kind"], "user-mapping", "{one}");
        mapped.push((word(one, "what").split(' ').nth(7).expect("a role").to_owned(), "unseen".to_owned()));
    }
    (mapped, drift)
}

fn but_for_users(mut snapshot: Value) -> Value {
    match &mut snapshot {
        Value::Object(fields) => {
            fields.remove("users");
            for field in fields.values_mut() {
                *field = but_for_users(field.take());
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| *one = but_for_users(one.take())),
        _ => {}
    }
    snapshot
}
