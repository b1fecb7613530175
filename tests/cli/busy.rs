//! Others work on the same server at the same time.

use std::time::{Duration, Instant};

use crate::cluster::{APPLIED, Cluster, NOTHING, wait_until};

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\n";

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster.sql("pay").run("CREATE SCHEMA pay; CREATE TABLE pay.bill (id int)");
    cluster
}

/// The key of apply's advisory lock.
const KEY: i64 = 0x7067_6d6f_6174;

#[test]
fn another_apply_holds_the_lock() {
    let cluster = cluster();
    let holder = cluster.sql("postgres");
    holder.run(&format!("SET application_name = 'pgmoat of somebody'; SELECT pg_advisory_lock({KEY})"));
    let pid = holder.one("SELECT pg_backend_pid()::text");
    let before = cluster.catalog();
    let run = cluster.pgmoat("apply --yes --allow all").end().code(5).out("");
    let _ = run.err_has(&[
        &format!(
            "error: another apply or rotation is running on this cluster: postgres (pgmoat of somebody, pid {pid}, from local, since "
        ),
        "hint: wait until it is done; a session that hangs can be ended with pg_terminate_backend(pid)\n",
    ]);
    assert_eq!(cluster.catalog(), before);
    // looking is free
    let _ = cluster.pgmoat("plan").end().code(3).err("");
    drop(holder);
    cluster.converge();
}

#[test]
fn several_at_once() {
    let cluster = cluster();
    cluster.layout(&format!("{LAYOUT}[service.shop.login]\napp = \"dml\"\nmigrate = \"ddl\"\n"));
    let running: Vec<_> = (0..4).map(|_| cluster.pgmoat("apply --yes --allow all").start()).collect();
    let ended: Vec<_> = running.into_iter().map(crate::run::Running::end).collect();
    for end in &ended {
        match end.code {
            0 => assert!(end.out.ends_with(APPLIED) || end.out == NOTHING, "{end}"),
            5 => assert!(end.err.contains("another apply or rotation is running on this cluster"), "{end}"),
            _ => panic!("{end}"),
        }
    }
    assert_eq!(ended.iter().filter(|end| end.out.ends_with(APPLIED) && end.out != NOTHING).count(), 1);
    cluster.converge();
}

/// However one ends, the lock is free when it has: the next comes within the same millisecond.
#[test]
fn one_directly_after_the_other() {
    let cluster = cluster();
    let refused = |args: &str, why: &str| {
        for _ in 0..20 {
            let _ = cluster.pgmoat(args).end().code(5).err_has(&[why]);
        }
    };
    refused("apply --yes", "the plan has hazards that weren't allowed");
    refused("apply --allow all", "there is no terminal to ask on");
    let _ = cluster.pgmoat("plan --out saved.json").end().code(3);
    cluster.converge();
    refused("apply saved.json --yes --allow all", "the plan is stale");
    for _ in 0..20 {
        let _ = cluster.pgmoat("apply --yes").end().code(0).out(NOTHING);
    }
    // what the server refuses, it refuses each time
    cluster.sql("pay").run(
        "GRANT SELECT ON pay.bill TO PUBLIC; \
         CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'; \
         CREATE EVENT TRIGGER no ON ddl_command_end WHEN TAG IN ('REVOKE') EXECUTE FUNCTION no()",
    );
    for _ in 0..20 {
        let _ = cluster.pgmoat("apply --yes --allow all").end().code(1).err_has(&["refused by the server"]);
    }
}

#[test]
fn a_table_is_locked_for_long() {
    let cluster = cluster();
    let blocker = cluster.sql("pay");
    blocker.run("BEGIN; LOCK TABLE pay.bill IN ACCESS EXCLUSIVE MODE");
    let before = cluster.catalog();
    let began = Instant::now();
    let run = cluster.pgmoat("apply --yes --allow all --lock-timeout 400ms").end().code(1);
    assert!(began.elapsed() > Duration::from_millis(500), "it is tried five times");
    let _ = run.err_has(&[
        "was refused by the server; nothing was changed\n  pay: ",
        "\"bill\"",
        "SQLSTATE 55P03",
        " holds AccessExclusiveLock on pay.bill",
        "hint: wait until it has ended, or end it (SELECT pg_terminate_backend(",
        "), or wait longer with --lock-timeout\n",
    ]);
    assert_eq!(cluster.catalog(), before);
    blocker.run("ROLLBACK");
    cluster.converge();
}

#[test]
fn a_table_is_locked_for_a_moment() {
    let cluster = cluster();
    let blocker = cluster.sql("pay");
    blocker.run("BEGIN; LOCK TABLE pay.bill IN ACCESS EXCLUSIVE MODE");
    let running = cluster.pgmoat("apply --yes --allow all --lock-timeout 300ms").start();
    let admin = cluster.sql("postgres");
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = 'pay' AND wait_event_type = 'Lock'";
    let pid = std::cell::RefCell::new(Vec::new());
    wait_until("it waits", || {
        *pid.borrow_mut() = admin.rows(waiting);
        !pid.borrow().is_empty()
    });
    wait_until("it tries again", || {
        let now = admin.rows(waiting);
        !now.is_empty() && now != *pid.borrow()
    });
    blocker.run("ROLLBACK");
    let end = running.end().code(0).err("");
    assert!(end.out.ends_with(APPLIED), "{end}");
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

/// The roles and databases that come first are tried again, too.
#[test]
fn somebody_else_makes_a_role_and_thinks_better_of_it() {
    let cluster = cluster();
    cluster.sql("pay").run("CREATE DATABASE shop");
    let other = cluster.sql("postgres");
    other.run("BEGIN; CREATE ROLE pay_app");
    let two = "[service.pay.login]\napp = \"dml\"\n[service.shop.login]\napp = \"dml\"\n";
    cluster.write("two.toml", two);
    let running = cluster.pgmoat("apply --yes --allow all --lock-timeout 200ms -l two.toml").start();
    let admin = cluster.sql("pay");
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = 'postgres' AND wait_event_type = 'Lock'";
    let pid = std::cell::RefCell::new(Vec::new());
    wait_until("it waits", || {
        *pid.borrow_mut() = admin.rows(waiting);
        !pid.borrow().is_empty()
    });
    wait_until("it tries again", || {
        let now = admin.rows(waiting);
        !now.is_empty() && now != *pid.borrow()
    });
    other.run("ROLLBACK");
    let end = running.end().code(0).err("");
    assert!(end.out.ends_with(APPLIED), "{end}");
    let _ = cluster.pgmoat("plan -l two.toml").end().code(0).out(NOTHING);
}

/// Another session's GRANT on the same table ends while ours waits for it: "tuple concurrently updated".
#[test]
fn somebody_grants_on_the_same_table() {
    let cluster = cluster();
    cluster.converge();
    cluster.sql("pay").run("CREATE TABLE pay.item (); ALTER TABLE pay.item OWNER TO pay_ddl; CREATE ROLE alice");
    cluster.sql("pay").run("REVOKE ALL ON pay.item FROM pay_dml, pay_ro");
    for (theirs, then) in [("GRANT SELECT ON pay.item TO pay_ro", true), ("GRANT SELECT ON pay.item TO alice", false)] {
        let other = cluster.sql("pay");
        other.run(&format!("BEGIN; {theirs}"));
        let running = cluster.pgmoat("apply --yes --allow all").start();
        let admin = cluster.sql("postgres");
        let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = 'pay' AND wait_event_type = 'Lock'";
        wait_until("it waits", || !admin.rows(waiting).is_empty());
        other.run("COMMIT");
        let end = running.end();
        if then {
            // what came is what was wanted
            let _ = end.code(0).err("");
        } else {
            // what came isn't: it must not be said that all is as the layout says
            let _ = end.code(1).err_has(&[
                "after all steps the cluster would not be as the layout says, so nothing was changed",
                "left over: revoke SELECT on table pay.item from alice",
                "run it again",
            ]);
        }
        cluster.converge();
        cluster.sql("pay").run("REVOKE ALL ON pay.item FROM pay_dml, pay_ro");
    }
}

/// Whoever keeps his rights doesn't notice an apply.
#[test]
fn an_entitled_client_notices_nothing() {
    let cluster = cluster();
    cluster.layout(&format!("{LAYOUT}bi = \"ro\"\n"));
    cluster.converge();
    let client = cluster.sql_as("pay_app", "pay");
    for round in 0..6 {
        // rights that are wrong in many ways, and pay_app's right by another path
        let pay = cluster.sql("pay");
        pay.run("GRANT ALL ON pay.bill TO PUBLIC; ALTER TABLE pay.bill OWNER TO postgres");
        pay.run("GRANT SELECT ON pay.bill TO pay_app; REVOKE ALL ON pay.bill FROM pay_dml");
        pay.run("GRANT USAGE ON SCHEMA pay TO PUBLIC; REVOKE ALL ON SCHEMA pay FROM pay_dml");
        pay.run("GRANT CONNECT ON DATABASE pay TO PUBLIC; REVOKE ALL ON DATABASE pay FROM pay_dml");
        let mut running = cluster.pgmoat("apply --yes --allow all").start();
        let mut asked = 0;
        while !running.has_ended() {
            client.run("SELECT FROM pay.bill");
            drop(cluster.sql_as("pay_app", "pay"));
            asked += 1;
        }
        let _ = running.end().code(0).err("");
        assert!(asked > 1, "round {round}");
        client.run("SELECT FROM pay.bill");
    }
}
