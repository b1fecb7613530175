//! A plan that was saved, and what has happened since.

use crate::cluster::{APPLIED, Cluster, NOTHING};

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\n";

/// A service's database with two tables, and a saved plan for it.
fn planned() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster.sql("pay").run("CREATE SCHEMA pay; CREATE TABLE pay.bill (); CREATE TABLE pay.item ()");
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3).err("");
    cluster
}

const AGAIN: &str = "hint: make a new plan with `pgmoat plan --out FILE`, and read it again\n";

/// Refused with these words, and nothing was changed.
#[track_caller]
fn is_refused(cluster: &Cluster, parts: &[&str]) {
    let before = cluster.catalog();
    let run = cluster.pgmoat("apply plan.json --yes --allow all").end().code(5).out("");
    assert!(run.err.ends_with(AGAIN), "{run}");
    let _ = run.err_has(parts);
    assert_eq!(cluster.catalog(), before);
}

#[test]
fn is_applied() {
    let cluster = planned();
    let run = cluster.pgmoat("apply plan.json --yes --allow all").end().code(0).err("");
    assert!(run.out.ends_with(APPLIED), "{run}");
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    // a second time there is nothing of it left to do
    is_refused(
        &cluster,
        &["error: the plan is stale: the cluster has changed since it was made\n", "no longer needed: "],
    );
}

#[test]
fn still_needs_consent() {
    let cluster = planned();
    let before = cluster.catalog();
    let _ = cluster.pgmoat("apply plan.json --yes").end().code(5).err_has(&["hazards that weren't allowed"]);
    let _ = cluster.pgmoat("apply plan.json --allow all").end().code(5).err_has(&["there is no terminal to ask on"]);
    assert_eq!(cluster.catalog(), before);
}

#[test]
fn a_table_is_gone() {
    let cluster = planned();
    cluster.sql("pay").run("DROP TABLE pay.item");
    is_refused(&cluster, &["error: the plan is stale", "no longer needed: pay: ", "new: pay: "]);
}

#[test]
fn a_grant_has_come() {
    let cluster = planned();
    cluster.sql("pay").run("GRANT SELECT ON pay.bill TO PUBLIC");
    is_refused(&cluster, &["error: the plan is stale", "new: pay: revoke SELECT on table pay.bill from PUBLIC"]);
}

/// What the plan doesn't touch isn't its concern.
#[test]
fn something_unmanaged_has_changed() {
    let cluster = planned();
    cluster.sql("postgres").run("CREATE ROLE alice LOGIN");
    cluster.sql("postgres").run("CREATE DATABASE elsewhere OWNER alice");
    let _ = cluster.pgmoat("apply plan.json --yes --allow all").end().code(0).err("");
}

#[test]
fn the_layout_has_changed() {
    let cluster = planned();
    cluster.layout(&format!("{LAYOUT}bi = \"ro\"\n"));
    is_refused(&cluster, &["error: the layout isn't the one that the plan was made from\n"]);
}

#[test]
fn it_is_for_another_server() {
    let cluster = planned();
    let plan = cluster.read("plan.json");
    let id = cluster.sql("postgres").one("SELECT system_identifier::text FROM pg_control_system()");
    cluster.write("plan.json", plan.replace(&id, "7000000000000000001"));
    is_refused(&cluster, &["error: the plan was made for another server (its system identifier differs)\n"]);
}

#[test]
fn somebody_has_edited_it() {
    let cluster = planned();
    let plan = cluster.read("plan.json");
    for (from, to) in [
        ("REVOKE", "GRANT"),
        ("\"revokes-access\"", ""),
        ("CREATE ROLE \\\"pay_app\\\" NOLOGIN", "CREATE ROLE \\\"pay_app\\\" SUPERUSER"),
        ("\"from\": \"sha256:", "\"from\": \"sha256:00"),
    ] {
        let edited = plan.replacen(from, to, 1);
        assert_ne!(edited, plan, "{from}");
        cluster.write("plan.json", edited);
        is_refused(&cluster, &["error: "]);
    }
}

#[test]
fn it_is_no_plan() {
    let cluster = planned();
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0);
    let plan = cluster.read("plan.json");
    cluster.write("half.json", &plan[..plan.len() / 2]);
    cluster.write("later.json", plan.replacen("\"format\": 1", "\"format\": 99", 1));
    cluster.write("broken.json", plan.replacen("\"steps\"", "\"stages\"", 1));
    cluster.write("foreign.json", "{\"name\": \"package\"}\n");
    cluster.write("text.json", "not JSON\n");
    cluster.write("empty.json", "");
    cluster.write("binary.json", b"\xff\xfe\x00");
    let before = cluster.catalog();
    for (file, said) in [
        ("half.json", "it isn't JSON"),
        ("later.json", "format 99"),
        ("broken.json", "missing field `steps`"),
        ("foreign.json", "pgmoat didn't write it"),
        ("text.json", "it isn't JSON"),
        ("empty.json", "it isn't JSON"),
        ("binary.json", "failed to read binary.json"),
        ("snapshot.json", "snapshot, not a plan"),
        ("none.json", "failed to read none.json"),
    ] {
        let run = cluster.pgmoat("apply --yes --allow all").arg(file).end().code(1).out("");
        assert!(run.err.starts_with("error: failed to read "), "{run}");
        let _ = run.err_has(&[said]);
    }
    assert_eq!(cluster.catalog(), before);
}

#[test]
fn a_snapshot_is_no_snapshot() {
    let cluster = planned();
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0);
    let snapshot = cluster.read("snapshot.json");
    cluster.write("half.json", &snapshot[..snapshot.len() / 2]);
    cluster.write(
        "later.json",
        snapshot.replacen("\"format\": 1", "\"format\": 99", 1).replacen("\"format\":1", "\"format\":99", 1),
    );
    cluster.write("foreign.json", "{\"name\": \"package\"}\n");
    for (file, said) in [
        ("half.json", "written by `pgmoat inspect`"),
        ("later.json", "format 99"),
        ("foreign.json", "written by `pgmoat inspect`"),
        ("plan.json", "the file holds a plan, not a snapshot"),
        ("none.json", "failed to read none.json"),
    ] {
        let run = cluster.bare().args("plan --snapshot").arg(file).end().code(1).out("");
        assert!(run.err.starts_with("error: failed to read "), "{run}");
        let _ = run.err_has(&[said]);
    }
}
