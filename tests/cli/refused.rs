//! Statements that the server refuses, and sessions that end in the middle: nothing is changed, and the error says what.

use crate::cluster::{Cluster, wait_until};

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\n";

/// A database with a table, and roles that are there already: so all is one transaction.
fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster.sql("pay").run("CREATE SCHEMA pay; CREATE TABLE pay.bill (id int)");
    cluster
}

const RAISE: &str = "CREATE FUNCTION public.no() RETURNS event_trigger LANGUAGE plpgsql AS \
                     $$BEGIN RAISE EXCEPTION 'not in this house' USING HINT = 'ask the house'; END$$";

#[test]
fn the_error_names_step_statement_and_cause() {
    for (tag, statement) in [
        ("GRANT", "GRANT "),
        ("REVOKE", "REVOKE "),
        ("CREATE SCHEMA", ""),
        ("ALTER TABLE", "ALTER TABLE \"pay\".\"bill\" OWNER TO \"pay_ddl\""),
        ("ALTER DEFAULT PRIVILEGES", "ALTER DEFAULT PRIVILEGES "),
    ] {
        let cluster = cluster();
        let pay = cluster.sql("pay");
        pay.run(RAISE);
        pay.run(&format!(
            "CREATE EVENT TRIGGER no ON ddl_command_start WHEN TAG IN ('{tag}') EXECUTE FUNCTION public.no()"
        ));
        let before = cluster.catalog();
        let run = cluster.pgmoat("apply --yes --allow all").end();
        if statement.is_empty() {
            let _ = run.code(0);
            continue;
        }
        let _ = run.code(1).err_has(&[
            "error: step ",
            " was refused by the server; nothing was changed\n  pay: ",
            statement,
            "\n  caused by: not in this house (SQLSTATE P0001)\n",
            "hint: ask the house\n",
        ]);
        assert_eq!(cluster.catalog(), before);
        pay.run("DROP EVENT TRIGGER no; DROP FUNCTION public.no()");
        cluster.converge();
    }
}

/// With two databases, roles are made first and stay; the error says so, and they can do nothing.
#[test]
fn what_stays_is_said() {
    let cluster = cluster();
    cluster.layout(&format!("{LAYOUT}[service.shop.login]\napp = \"dml\"\n"));
    let pay = cluster.sql("pay");
    pay.run(RAISE);
    pay.run("CREATE EVENT TRIGGER no ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION public.no()");
    let run = cluster.pgmoat("apply --yes --allow all").end().code(1);
    let _ = run.err_has(&[
        "error: step ",
        " was refused by the server",
        "\n  pay: GRANT ",
        "not in this house",
        "what stays: the roles pay_app, pay_ddl, pay_dml, pay_ro, shop_app, shop_ddl, shop_dml, shop_ro",
        "what stays: the databases shop (empty, closed to PUBLIC)",
        "hint: running it again continues from there",
    ]);
    let admin = cluster.sql("postgres");
    assert_eq!(admin.rows("SELECT rolname::text FROM pg_roles WHERE rolcanlogin AND oid >= 16384"), [""; 0]);
    let memberships = "SELECT member::regrole::text FROM pg_auth_members WHERE member >= 16384";
    assert_eq!(admin.rows(memberships), [""; 0]);
    let open = "SELECT has_database_privilege('pay_app', 'shop', 'CONNECT')::text";
    assert_eq!(admin.one(open), "false");
    pay.run("DROP EVENT TRIGGER no; DROP FUNCTION public.no()");
    cluster.converge();
}

/// Somebody ends our sessions while they work.
#[test]
fn terminated_in_the_middle() {
    let cluster = cluster();
    let blocker = cluster.sql("pay");
    blocker.run("BEGIN; LOCK TABLE pay.bill IN ACCESS EXCLUSIVE MODE");
    let before = cluster.catalog();
    let running = cluster.pgmoat("apply --yes --allow all --lock-timeout 30s").start();
    let admin = cluster.sql("postgres");
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat' AND datname = 'pay' \
                   AND wait_event_type = 'Lock'";
    wait_until("it waits for the lock", || !admin.rows(waiting).is_empty());
    admin.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgmoat' AND datname = 'pay' \
         AND wait_event_type = 'Lock'",
    );
    let run = running.end().code(1);
    let _ = run.err_has(&["error: the connection was lost, so the server has rolled back\n", "SQLSTATE 57P01"]);
    blocker.run("ROLLBACK");
    assert_eq!(cluster.catalog(), before);
    cluster.converge();
}

/// Without the session that holds the lock, another apply may run: so nothing is committed.
#[test]
fn the_lock_is_lost() {
    let cluster = cluster();
    let blocker = cluster.sql("pay");
    blocker.run("BEGIN; LOCK TABLE pay.bill IN ACCESS EXCLUSIVE MODE");
    let before = cluster.catalog();
    let running = cluster.pgmoat("apply --yes --allow all --lock-timeout 30s").start();
    let admin = cluster.sql("postgres");
    // not the marks of the sessions at work, which have two keys
    let holder = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1";
    wait_until("the lock is taken", || !admin.rows(holder).is_empty());
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = 'pay' AND wait_event_type = 'Lock'";
    wait_until("it waits for the table", || !admin.rows(waiting).is_empty());
    admin.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1");
    wait_until("the lock is gone", || admin.rows(holder).is_empty());
    blocker.run("ROLLBACK");
    let run = running.end().code(1);
    let _ = run.err_has(&["error: the session that holds the lock is gone, so nothing was changed\n"]);
    assert_eq!(cluster.catalog(), before);
    cluster.converge();
}

#[test]
fn a_statement_takes_too_long() {
    let cluster = cluster();
    let pay = cluster.sql("pay");
    pay.run(
        "CREATE FUNCTION public.slow() RETURNS event_trigger LANGUAGE plpgsql AS \
         $$BEGIN PERFORM pg_catalog.pg_sleep(20); END$$",
    );
    pay.run("CREATE EVENT TRIGGER slow ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION public.slow()");
    let before = cluster.catalog();
    let run = cluster.pgmoat("apply --yes --allow all --statement-timeout 300ms").end().code(1);
    let _ = run.err_has(&[
        "was refused by the server; nothing was changed\n  pay: GRANT ",
        "SQLSTATE 57014",
        "--statement-timeout",
    ]);
    assert_eq!(cluster.catalog(), before);
}
