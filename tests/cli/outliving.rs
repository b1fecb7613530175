//! What outlives a revoke: prepared transactions, and sessions that are at work.

use pgmoat::throwaway::Options;
use serde_json::Value;

use crate::cluster::{Cluster, NOTHING, Sql, wait_until};

const LAYOUT: &str = "[service.orders]\ndatabase = \"shop\"\n[service.orders.login]\napp = \"dml\"\nmigrate = \"ddl\"\n\
                      [service.billing]\ndatabase = \"shop\"\n[service.billing.login]\napp = \"dml\"\n";

/// The layout is true, with a table.
fn cluster() -> Cluster {
    let cluster = Cluster::with(&Options {
        settings: vec![("max_prepared_transactions".to_owned(), "10".to_owned())],
        ..Options::default()
    });
    cluster.layout(LAYOUT);
    cluster.converge();
    cluster.sql_as("orders_migrate", "shop").run("SET ROLE orders_ddl; CREATE TABLE orders.jobs (id int)");
    let _ = cluster.pgmoat("drift").end().code(0);
    cluster
}

fn reads(cluster: &Cluster) -> bool {
    cluster.sql_as("billing_app", "shop").attempt("SELECT * FROM orders.jobs").is_ok()
}

/// A stranger who was let into the ddl role, and what he left there.
fn guest(cluster: &Cluster) -> Sql {
    cluster
        .sql("postgres")
        .run("CREATE ROLE guest LOGIN; GRANT orders_ddl TO guest; GRANT CONNECT ON DATABASE shop TO guest");
    let guest = cluster.sql_as("guest", "shop");
    guest.run("SET ROLE orders_ddl");
    guest
}

fn findings(cluster: &Cluster, exit: i32) -> Vec<(String, String)> {
    let proof = cluster.pgmoat("prove --format json").end().code(exit).out;
    let proof: Value = serde_json::from_str(&proof).expect("JSON");
    let text = |finding: &Value, key: &str| finding[key].as_str().expect("text").to_owned();
    let findings = proof["findings"].as_array().expect("findings");
    let told = findings.iter().map(|finding| (text(finding, "code"), text(finding, "severity")));
    told.filter(|(_, severity)| severity != "note").collect()
}

const OPENS: &str = "GRANT USAGE ON SCHEMA orders TO PUBLIC; GRANT SELECT ON orders.jobs TO PUBLIC";

#[test]
fn a_prepared_grant_outlives_its_maker() {
    let cluster = cluster();
    let guest = guest(&cluster);
    guest.run(&format!("BEGIN; {OPENS}; PREPARE TRANSACTION 'x'"));
    drop(guest);
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&[
        "goes on: transaction x, which orders_ddl has prepared in shop: rights may wait in it, and COMMIT PREPARED gives them",
        "`apply --allow cuts-sessions` ends these sessions, and rolls back these transactions",
    ]);
    let applied = cluster.pgmoat("apply --yes --allow revokes-access").end().code(0);
    let _ = applied.err_has(&["warning: goes on: transaction x, which orders_ddl has prepared in shop"]);
    let plan = cluster.pgmoat("plan").end().code(0);
    let _ = plan.out_has(&["goes on: transaction x"]);
    let drift = cluster.pgmoat("drift").end().code(4);
    let _ = drift.out_has(&[
        "violated[prepared-transaction]: what orders_ddl did waits in the prepared transaction x in shop",
        "fix: ROLLBACK PREPARED 'x';",
    ]);
    assert!(!reads(&cluster));

    // it is what it is said to be
    let _ = cluster
        .pgmoat("apply --yes --allow cuts-sessions")
        .end()
        .code(0)
        .out_has(&["ended: transaction x of orders_ddl"]);
    assert_eq!(cluster.sql("shop").rows("SELECT gid::text FROM pg_prepared_xacts"), Vec::<String>::new());
    let _ = cluster.pgmoat("drift").end().code(0);
    cluster
        .sql_as("orders_migrate", "shop")
        .run(&format!("SET ROLE orders_ddl; BEGIN; {OPENS}; PREPARE TRANSACTION 'y'"));
    assert!(!reads(&cluster));
    cluster.sql("shop").run("COMMIT PREPARED 'y'");
    assert!(reads(&cluster));
}

#[test]
fn memberships_wait_in_any_database() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE DATABASE other");
    cluster.sql("postgres").run("CREATE ROLE helper LOGIN CREATEROLE; CREATE ROLE guest LOGIN");
    cluster.sql("postgres").run("GRANT orders_ddl TO helper WITH ADMIN OPTION");
    cluster.sql_as("helper", "other").run("BEGIN; GRANT orders_ddl TO guest; PREPARE TRANSACTION 'm'");
    let drift = cluster.pgmoat("drift").end().code(4);
    let _ = drift
        .out_has(&["violated[prepared-transaction]: what helper did waits in the prepared transaction m in other"]);
    // it keeps its locks, and nothing but its end gives them back
    let apply = cluster.pgmoat("apply --yes --allow revokes-access --lock-timeout 100ms").end();
    if apply.code != 0 {
        let _ = apply.err_has(&["it may be in the way: transaction m, which helper has prepared in other"]);
    }
    let _ = cluster
        .pgmoat("apply --yes --allow cuts-sessions,revokes-access")
        .end()
        .code(0)
        .out_has(&["ended: transaction m of helper"]);
    cluster.sql("postgres").run("ALTER ROLE helper NOCREATEROLE");
    let _ = cluster.pgmoat("drift").end().code(0);
}

/// What is rolled back before the first step stays so, and is said.
#[test]
fn an_apply_that_fails_names_what_it_has_ended() {
    let cluster = cluster();
    cluster.sql("shop").run("ALTER TABLE orders.jobs OWNER TO postgres");
    let opens = "GRANT USAGE ON SCHEMA orders TO PUBLIC";
    cluster
        .sql_as("orders_migrate", "shop")
        .run(&format!("SET ROLE orders_ddl; BEGIN; {opens}; PREPARE TRANSACTION 'x'"));
    let blocker = cluster.sql("shop");
    blocker.run("BEGIN; LOCK TABLE orders.jobs");
    let apply = cluster.pgmoat("apply --yes --allow all --lock-timeout 100ms").end().code(1);
    let _ = apply.out_has(&["ended: transaction x of orders_ddl"]).err_has(&[
        "was refused by the server; nothing was changed\n",
        "\n  except that it ended before: transaction x of orders_ddl\n",
    ]);
    assert_eq!(cluster.sql("shop").rows("SELECT gid::text FROM pg_prepared_xacts"), Vec::<String>::new());
    drop(blocker);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
}

#[test]
fn two_phase_commit_of_an_application_is_a_warning() {
    let cluster = cluster();
    let app = cluster.sql_as("orders_app", "shop");
    app.run("BEGIN; INSERT INTO orders.jobs VALUES (1); PREPARE TRANSACTION 'xa-1'");
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    assert_eq!(findings(&cluster, 0), [("prepared-transaction".to_owned(), "warning".to_owned())]);
    let _ = cluster.pgmoat("drift").end().code(0).out_has(&["in sync, with 1 warning"]);
    // whoever coordinates it decides, and nobody else
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    app.run("COMMIT PREPARED 'xa-1'");
    assert_eq!(app.one("SELECT count(*)::text FROM orders.jobs"), "1");

    // a snapshot says it too; where nobody has asked for it in a minute, it is no longer one of those that come and go
    app.run("BEGIN; INSERT INTO orders.jobs VALUES (2); PREPARE TRANSACTION 'xa-2'");
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0);
    let old = cluster.read("snapshot.json").replace("\"old\": false", "\"old\": true");
    let _ = cluster.write("snapshot.json", old);
    let drift = cluster.bare().args("drift --snapshot snapshot.json").end().code(4);
    let _ = drift.out_has(&[
        "violated[prepared-transaction]: what orders_app did waits in the prepared transaction xa-2 in shop",
    ]);
    let plan = cluster.bare().args("plan --snapshot snapshot.json").end().code(0);
    let _ = plan.out_has(&[
        "xa-2, which orders_app has prepared in shop: older than a minute; whoever coordinates it must finish it",
    ]);
    app.run("ROLLBACK PREPARED 'xa-2'");
}

#[test]
fn a_session_keeps_what_it_acts_as() {
    let cluster = cluster();
    let guest = guest(&cluster);
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3).out_has(&[
        "goes on: guest, 1 session in shop: one that acts as orders_ddl goes on as it; it may not connect any more, and stays until it ends",
    ]);
    let applied = cluster.pgmoat("apply --yes --allow revokes-access").end().code(0);
    let _ = applied.err_has(&["warning: goes on: guest, 1 session in shop: one that acts as orders_ddl goes on as it"]);
    // the catalog is as the layout says, and the session does what it likes
    assert_eq!(findings(&cluster, 4), [("lingering-session".to_owned(), "error".to_owned())]);
    guest.run("INSERT INTO orders.jobs VALUES (7)");
    let drift = cluster.pgmoat("drift").end().code(4);
    let _ = drift.out_has(&[
        "violated[lingering-session]: guest is still connected to shop, and may not connect any more",
        "AND pg_catalog.pg_get_userbyid(a.usesysid) = 'guest'",
    ]);
    let plan = cluster.pgmoat("plan").end().code(0);
    let _ = plan.out_has(&["goes on: guest, 1 session in shop: it may not connect any more"]);
    let _ = cluster.pgmoat("apply --yes").end().code(0).err_has(&["goes on: guest"]);
    guest.run("INSERT INTO orders.jobs VALUES (8)");
    let _ =
        cluster.pgmoat("apply --yes --allow cuts-sessions").end().code(0).out_has(&["ended: guest, 1 session in shop"]);
    assert!(guest.attempt("SELECT 1").is_err());
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    let _ = cluster.pgmoat("drift").end().code(0);
}

#[test]
fn sessions_are_cut_with_the_change_and_make_no_plan_stale() {
    let cluster = cluster();
    let session = guest(&cluster);
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    drop(session);
    let admin = cluster.sql("postgres");
    wait_until("it ends", || admin.rows("SELECT 'x' FROM pg_stat_activity WHERE usename = 'guest'").is_empty());
    let (session, app) = (cluster.sql_as("guest", "shop"), cluster.sql_as("orders_app", "shop"));
    session.run("SET ROLE orders_ddl");
    let applied = cluster.pgmoat("apply plan.json --yes --allow revokes-access,cuts-sessions").end().code(0);
    let _ = applied.out_has(&["ended: guest, 1 session in shop"]).err("");
    assert!(session.attempt("SELECT 1").is_err());
    assert_eq!(app.one("SELECT 'still here'"), "still here");
}

#[test]
fn a_setting_is_read_once() {
    let cluster = cluster();
    cluster.sql("postgres").run("ALTER ROLE orders_app SET work_mem = '7MB'");
    let app = cluster.sql_as("orders_app", "shop");
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&["goes on: orders_app, 1 session in shop: work_mem stays as it was"]);
    let applied = cluster.pgmoat("apply --yes --allow changes-settings").end().code(0);
    let _ = applied.err_has(&["goes on: orders_app, 1 session in shop: work_mem stays as it was"]);
    assert_eq!(app.one("SHOW work_mem"), "7MB");
    assert_eq!(cluster.sql_as("orders_app", "shop").one("SHOW work_mem"), "4MB");
}

#[test]
fn what_a_session_loses_is_shown_and_needs_no_end() {
    let cluster = cluster();
    cluster.sql("shop").run("GRANT SELECT ON orders.jobs TO billing_app; GRANT USAGE ON SCHEMA orders TO billing_app");
    let app = cluster.sql_as("billing_app", "shop");
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&["goes on: billing_app, 1 session in shop: what is open goes on until its transaction ends"]);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0).err("");
    assert!(app.attempt("SELECT * FROM orders.jobs").is_err());
    assert_eq!(app.one("SELECT 'still here'"), "still here");
}

#[test]
fn who_may_not_end_it_is_told() {
    let mut cluster = Cluster::with(&Options {
        settings: vec![("max_prepared_transactions".to_owned(), "10".to_owned())],
        ..Options::default()
    });
    cluster
        .sql("postgres")
        .run("CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB; CREATE ROLE ann LOGIN; GRANT pgmoat_admin TO ann");
    cluster.user = "ann";
    cluster.layout("[cluster]\nprovisioner = \"pgmoat_admin\"\n[service.pay]\npublic_schema = \"open\"\n[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n");
    let _ = cluster.pgmoat("apply --yes").end().code(0);
    cluster.sql_as("pay_migrate", "pay").run("SET ROLE pay_ddl; CREATE TABLE pay.t (id int)");
    cluster.sql("postgres").run("CREATE ROLE guest LOGIN; SET ROLE pgmoat_admin; GRANT pay_ddl TO guest; GRANT CONNECT ON DATABASE pay TO guest");
    let guest = cluster.sql_as("guest", "pay");
    guest.run("SET ROLE pay_ddl; BEGIN; GRANT SELECT ON pay.t TO PUBLIC; PREPARE TRANSACTION 'x'");
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&[
        "(out of reach: pgmoat_admin may not end others' sessions: it is no member of pg_signal_backend)",
        "(out of reach: only pay_ddl or a superuser may finish it, in pay)",
    ]);
    let applied = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = applied.err_has(&["goes on: guest, 1 session in pay", "goes on: transaction x"]);
    cluster.sql("postgres").run("GRANT pg_signal_backend TO pgmoat_admin");
    let _ =
        cluster.pgmoat("apply --yes --allow cuts-sessions").end().code(0).out_has(&["ended: guest, 1 session in pay"]);
    assert!(guest.attempt("SELECT 1").is_err());
    cluster.sql("pay").run("ROLLBACK PREPARED 'x'");
}

#[test]
fn a_service_doesnt_watch_another() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE datadog LOGIN; GRANT pg_monitor, pg_signal_backend TO datadog");
    let warned = findings(&cluster, 0);
    assert!(warned.iter().all(|(code, severity)| code == "predefined-role" && severity == "warning"), "{warned:?}");
    cluster.sql("postgres").run("GRANT pg_signal_backend TO billing_app");
    let proof = cluster.pgmoat("prove").end().code(4);
    let _ = proof.out_has(&[
        "violated[predefined-role]: billing_app can act as pg_signal_backend",
        "claim: billing_app can't end others' sessions",
        "note: 2 services share the database shop: each can LISTEN and NOTIFY on every channel of it",
    ]);
    cluster.sql("postgres").run("REVOKE pg_signal_backend FROM billing_app; GRANT pg_monitor TO billing_app");
    let _ = cluster.pgmoat("prove").end().code(4).out_has(&["claim: billing_app doesn't see what others run"]);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster.pgmoat("drift").end().code(0);
}
