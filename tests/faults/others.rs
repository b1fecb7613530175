//! Others change or hold the same while an apply runs.

use std::time::{Duration, Instant};

use crate::actor::{Actor, each};
use crate::clients::Clients;
use crate::cluster::{APPLIED, wait_until};
use crate::run::Output;
use crate::world::World;

/// Another session's statement in an open transaction, and what comes of an apply when that commits.
struct Other {
    database: &'static str,
    sql: &'static str,
    /// None: all is well.
    refused: Option<&'static [&'static str]>,
}

const GONE: &[&str] = &["was refused by the server; nothing was changed", "42P01", "make a new one"];

const OTHERS: [Other; 6] = [
    Other {
        database: "a",
        sql: "GRANT SELECT ON a.t TO alice",
        refused: Some(&["nothing was changed", "left over: revoke SELECT on table a.t from alice", "run it again"]),
    },
    Other { database: "c", sql: "DROP TABLE c.extra", refused: Some(GONE) },
    Other { database: "c", sql: "ALTER TABLE c.extra RENAME TO extra2; DROP TABLE c.extra2", refused: Some(GONE) },
    Other { database: "b", sql: "ALTER TABLE b.t ADD COLUMN IF NOT EXISTS note text", refused: None },
    Other {
        database: "postgres",
        sql: "CREATE ROLE a_dml",
        refused: Some(&["was refused by the server; nothing was changed", "CREATE ROLE", "42710", "make a new one"]),
    },
    Other { database: "a", sql: "CREATE ROLE fresh_ro", refused: Some(&["CREATE ROLE", "42710", "make a new one"]) },
];

/// Starts an apply while the other's transaction is open, and ends that once we wait for it.
fn meets(world: &World, other: &Other, then: &str) -> Output {
    // of a role that a superuser made nobody else has ADMIN OPTION
    let maker = other.sql.starts_with("CREATE ROLE");
    let session =
        if maker { world.actor.sql(&world.cluster, other.database) } else { world.cluster.sql(other.database) };
    session.run(&format!("BEGIN; {}", other.sql));
    let mut running = world.apply().start();
    let admin = world.admin("postgres");
    let waiting =
        "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat' AND wait_event_type = 'Lock'";
    wait_until("it waits", || !admin.rows(waiting).is_empty() || running.has_ended());
    session.run(then);
    running.end()
}

fn all_meet(actor: Actor, prepared: usize) {
    let world = World::new(actor, prepared, &[]);
    let clients = Clients::start(&world);
    for other in &OTHERS {
        for then in ["ROLLBACK", "COMMIT"] {
            actor.sql(&world.cluster, "c").run("DROP TABLE IF EXISTS c.extra; CREATE TABLE c.extra (id int)");
            let end = meets(&world, other, then);
            let when = format!("{}; {then}\n{end}", other.sql);
            match other.refused {
                Some(words) if then == "COMMIT" => {
                    assert_eq!(end.code, 1, "{when}");
                    let end = end.err_has(words);
                    // the other's own role stays, too
                    if !other.sql.starts_with("CREATE ROLE") {
                        world.truthful(&end);
                    }
                    world.quiet();
                    world.untouched(&when);
                }
                _ => assert!(end.code == 0 && end.out.ends_with(APPLIED), "{when}"),
            }
            let _ = world.recover(&when);
            world.reset();
        }
    }
    clients.end(&[]);
}

#[test]
fn they_change_the_same() {
    each(|actor| all_meet(actor, 0));
}

#[test]
fn they_change_the_same_where_all_databases_are_committed_at_once() {
    each(|actor| all_meet(actor, 20));
}

/// A long transaction of a service at work.
#[test]
fn they_hold_a_lock_for_long() {
    each(|actor| {
        let world = World::new(actor, 20, &[]);
        let clients = Clients::start(&world);
        let blocker = world.cluster.sql("a");
        blocker.run("BEGIN; LOCK TABLE a.t IN ROW EXCLUSIVE MODE");
        let began = Instant::now();
        let end = world.apply().arg("--lock-timeout").arg("1s").end().code(1);
        assert!(began.elapsed() > Duration::from_millis(500), "it is tried five times");
        let end = end.err_has(&[
            "was refused by the server; nothing was changed\n  a: ALTER TABLE \"a\".\"t\" OWNER TO \"a_ddl\"",
            "SQLSTATE 55P03",
            " holds RowExclusiveLock on a.t\n",
            "what stays: the roles ",
            "what stays: the databases fresh (empty, closed to PUBLIC)",
            "hint: wait until it has ended, or end it (SELECT pg_terminate_backend(",
            "), or wait longer with --lock-timeout\n",
        ]);
        world.quiet();
        world.untouched(&end.err);
        blocker.run("ROLLBACK");
        let _ = world.recover(&end.err);
        clients.end(&[]);
    });
}
