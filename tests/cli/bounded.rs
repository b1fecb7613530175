//! Nothing waits without a bound, whoever keeps it waiting is named, and whoever goes takes his sessions along.

use std::io::Read as _;
use std::net::TcpListener;

use pgmoat::throwaway::Options;
use rustix::process::{Pid, Signal, kill_process};

use crate::cluster::{Cluster, NOTHING, Sql, wait_until};
use crate::run::Running;

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n";

fn cluster() -> Cluster {
    let settings = vec![("max_prepared_transactions".to_owned(), "10".to_owned())];
    let cluster = Cluster::with(&Options { settings, ..Options::default() });
    cluster.layout(LAYOUT);
    cluster.converge();
    let migrate = cluster.sql_as("pay_migrate", "pay");
    migrate.run("CREATE TABLE pay.bill (id int); CREATE VIEW pay.due AS SELECT id FROM pay.bill");
    cluster.converge();
    cluster
}

/// A service's login that holds a lock, and its process.
fn holder(cluster: &Cluster) -> (Sql, String) {
    let blocker = cluster.sql_as("pay_migrate", "pay");
    blocker.run("BEGIN; LOCK TABLE pay.due IN ACCESS EXCLUSIVE MODE");
    let pid = blocker.one("SELECT pg_backend_pid()::text");
    (blocker, pid)
}

/// Sessions of the program, in whatever database.
fn ours(cluster: &Cluster) -> Vec<String> {
    cluster.sql("postgres").rows("SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat'")
}

fn waits(cluster: &Cluster) -> bool {
    let sql = "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat' AND wait_event_type = 'Lock'";
    !cluster.sql("postgres").rows(sql).is_empty()
}

#[test]
fn a_reader_waits_for_a_view() {
    let cluster = cluster();
    let (blocker, pid) = holder(&cluster);
    for command in ["prove", "drift", "inspect", "who is pay_app", "apply --yes"] {
        let run = cluster.pgmoat(&format!("{command} --lock-timeout 900ms")).end().code(1).out("");
        let _ = run.err_has(&[
            &format!("SQLSTATE 55P03); pay_migrate (test, pid {pid}, since "),
            " holds AccessExclusiveLock on pay.due",
            &format!("hint: wait until it has ended, or end it (SELECT pg_terminate_backend({pid})), or wait longer with --lock-timeout\n"),
        ]);
    }
    let run = cluster.pgmoat("prove --lock-timeout 0 --statement-timeout 900ms").end().code(1).out("");
    let _ = run.err_has(&["SQLSTATE 57014); pay_migrate (test, pid ", "or wait longer with --statement-timeout\n"]);
    assert_eq!(ours(&cluster), Vec::<String>::new());
    blocker.run("ROLLBACK");
    let _ = cluster.pgmoat("prove").end().code(0);
}

/// What plans need is read with bounds, too.
#[test]
fn a_reader_waits_for_a_catalog() {
    let cluster = cluster();
    let blocker = cluster.sql("pay");
    blocker.run("BEGIN; LOCK TABLE pg_catalog.pg_inherits IN ACCESS EXCLUSIVE MODE");
    for command in ["plan", "adopt", "apply --yes", "who is pay_app"] {
        let run = cluster.pgmoat(&format!("{command} --lock-timeout 900ms")).end().code(1).out("");
        let _ = run.err_has(&["SQLSTATE 55P03); postgres (test, pid ", " holds AccessExclusiveLock on pg_inherits"]);
    }
}

#[test]
fn a_prepared_transaction_is_in_the_way() {
    let cluster = cluster();
    let blocker = cluster.sql_as("pay_migrate", "pay");
    blocker.run("BEGIN; LOCK TABLE pay.due IN ACCESS EXCLUSIVE MODE");
    blocker.run("PREPARE TRANSACTION 'held'");
    drop(blocker);
    let run = cluster.pgmoat("prove --lock-timeout 900ms").end().code(1).out("");
    let _ = run.err_has(&[
        "the prepared transaction 'held' of pay_migrate (since ",
        " holds AccessExclusiveLock on pay.due, in database pay",
        "ROLLBACK PREPARED 'held'",
    ]);
}

#[test]
fn a_forged_prepared_transaction() {
    let cluster = cluster();
    let forger = cluster.sql_as("pay_app", "pay");
    for gid in ["pgmoat:zz:1/1", "pgmoat:x", "pgmoat:y:1/2"] {
        forger.run("BEGIN; INSERT INTO pay.bill VALUES (1)");
        forger.run(&format!("PREPARE TRANSACTION '{gid}'"));
    }
    cluster.layout(&format!("{LAYOUT}bi = \"ro\"\n"));
    let run = cluster.pgmoat("apply --yes").end().code(0);
    let _ = run.err_has(&["left alone the prepared transaction 'pgmoat:zz:1/1' of pay_app in database pay"]);
    let left = cluster.sql("postgres").rows("SELECT gid FROM pg_prepared_xacts ORDER BY 1");
    assert_eq!(left, ["pgmoat:x", "pgmoat:y:1/2", "pgmoat:zz:1/1"]);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

#[test]
fn a_forged_lock() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE stranger LOGIN; GRANT CONNECT ON DATABASE postgres TO stranger");
    let forger = cluster.sql_as("stranger", "postgres");
    forger.run("SELECT pg_advisory_lock(123589519958388)");
    let pid = forger.one("SELECT pg_backend_pid()::text");
    let _ = cluster.pgmoat("apply --yes").end().code(5).out("").err_has(&[
        &format!(
            "the lock of an apply is held by a session that couldn't apply: stranger (test, pid {pid}, from local"
        ),
        &format!("hint: end it: SELECT pg_terminate_backend({pid})"),
    ]);
}

fn signal(running: &Running, signal: Signal) {
    let pid = Pid::from_child(&running.child);
    kill_process(pid, signal).expect("it runs");
}

/// However the client goes, its sessions go, though what they wait for is still there.
#[test]
fn whoever_goes_takes_the_sessions_along() {
    let cluster = cluster();
    let (_blocker, _) = holder(&cluster);
    for (with, says) in [(Signal::INT, "interrupted by SIGINT"), (Signal::TERM, "interrupted by SIGTERM")] {
        for command in ["prove", "apply --yes", "drift"] {
            let running = cluster.pgmoat(&format!("{command} --lock-timeout 1h --statement-timeout 1h")).start();
            wait_until("it waits", || waits(&cluster));
            signal(&running, with);
            let _ = running.end().code(1).err_has(&[says]);
            wait_until("its sessions are gone", || ours(&cluster).is_empty());
        }
    }
    let mut running = cluster.pgmoat("prove --lock-timeout 1h --statement-timeout 1h").start();
    wait_until("it waits", || waits(&cluster));
    running.kill();
    let _ = running.end().code(-1);
    wait_until("its sessions are gone", || ours(&cluster).is_empty());
}

/// The server keeps no limit any more, and this side gives up by itself.
#[test]
fn a_server_that_answers_no_more() {
    let cluster = cluster();
    let (_blocker, _) = holder(&cluster);
    let running = cluster.pgmoat("prove --lock-timeout 0 --statement-timeout 2s").start();
    wait_until("it waits", || waits(&cluster));
    let sql = "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat' AND wait_event_type = 'Lock'";
    let backend = cluster.sql("postgres").one(sql).parse().ok().and_then(Pid::from_raw).expect("a process");
    kill_process(backend, Signal::STOP).expect("it runs");
    let ended = running.end();
    kill_process(backend, Signal::CONT).expect("it stands still");
    let _ = ended.code(1).err_has(&["the server gave no answer within 12s, and kept no limit of its own"]);
}

/// Takes a connection, reads from it, and says nothing.
fn silent() -> (u16, std::thread::JoinHandle<std::net::TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 8]).expect("a byte");
        stream
    });
    (port, heard)
}

#[test]
fn interrupted_while_it_connects() {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    let (port, heard) = silent();
    let conninfo = format!("host=127.0.0.1 port={port} user=x connect_timeout=0");
    let running = cluster.bare().args("plan -d").arg(conninfo).start();
    let _open = heard.join().expect("heard");
    signal(&running, Signal::INT);
    let _ = running.end().code(1).err_has(&["error: interrupted by SIGINT\n"]);
}
