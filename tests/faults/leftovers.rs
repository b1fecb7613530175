//! What a dead run's session does after its death: a message was on its way when the run died, so the server is still to
//! prepare, to commit or to make something when the next run begins.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::actor::{Actor, each};
use crate::cluster::wait_until;
use crate::proxy::{Cut, Proxy};
use crate::run::Running;
use crate::world::World;

/// A run that died with this message on its way.
fn dead(world: &World, late: Cut) -> Proxy {
    let proxy = Proxy::start(&world.cluster, late);
    let mut running = proxy.aim(world.bare_apply()).start();
    wait_until("the message is on its way", || proxy.has_cut() || running.has_ended());
    running.kill();
    let end = running.end();
    assert!(proxy.has_cut(), "{late:?}\n{end}");
    let admin = world.admin("postgres");
    let lock = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1";
    wait_until("the lock is free", || admin.rows(lock).is_empty());
    proxy
}

/// The next run doesn't decide before the dead one's session has ended.
fn waits(world: &World, late: Cut) -> String {
    let proxy = dead(world, late);
    let mut next: Running = world.apply().start();
    sleep(Duration::from_millis(300));
    assert!(!next.has_ended(), "{late:?}: it didn't wait\n{}", next.end());
    world.lawful(&format!("{late:?}"));
    proxy.deliver();
    let end = next.end().code(0);
    world.converged(&format!("{late:?}\n{end}"));
    world.reset();
    end.err
}

fn several(actor: Actor) {
    let world = World::new(actor, 20, &[]);
    let databases = ["a", "b", "c", "fresh", "postgres"];
    let all = |what: &str, databases: &[&str]| -> String {
        let line = |name: &&str| format!("{what} what an earlier run had prepared in database {name}\n");
        databases.iter().map(line).collect()
    };
    for nth in 1..=5 {
        let err = waits(&world, Cut::Late("PREPARE TRANSACTION", nth));
        // the last one decides
        let verb = if nth == 5 { "committed" } else { "rolled back" };
        assert_eq!(err, all(verb, &databases[..nth]), "PREPARE TRANSACTION {nth}");
    }
    for nth in 1..=5 {
        let err = waits(&world, Cut::Late("COMMIT PREPARED", nth));
        assert_eq!(err, all("committed", &databases[nth..]), "COMMIT PREPARED {nth}");
    }
}

#[test]
fn a_late_word_on_what_is_prepared() {
    each(several);
}

#[test]
fn a_late_commit_or_database() {
    each(|actor| {
        let world = World::new(actor, 0, &[]);
        for late in [Cut::Late("CREATE DATABASE", 1), Cut::Late("ALLOW_CONNECTIONS true", 1)] {
            let _ = waits(&world, late);
        }
        let commits = crate::cut::count(&world, crate::cut::COMMIT);
        for nth in commits - 4..=commits {
            let _ = waits(&world, Cut::Late(crate::cut::COMMIT, nth));
        }
    });
}

/// A session of a dead run that the network holds for long.
#[test]
fn it_is_waited_for_no_longer_than_ten_seconds() {
    each(|actor| {
        let world = World::new(actor, 20, &[]);
        let proxy = dead(&world, Cut::Late("PREPARE TRANSACTION", 5));
        let prepared = || world.admin("postgres").rows("SELECT gid::text FROM pg_prepared_xacts ORDER BY 1");
        let before = prepared();
        assert_eq!(before.len(), 4);
        let began = Instant::now();
        let end = world.apply().end().code(5).out("");
        assert!(began.elapsed() > Duration::from_secs(9), "{:?}", began.elapsed());
        let _ = end.err_has(&[
            &format!("error: another apply or rotation is running on this cluster: {} (pgmoat, pid ", actor.login()),
            "hint: wait until it is done; a session that hangs can be ended with pg_terminate_backend(pid)\n",
        ]);
        assert_eq!(prepared(), before);
        world.lawful("not delivered");
        proxy.deliver();
        let _ = world.recover("delivered at last");
    });
}

/// A service can't keep an apply from taking rights away from it.
#[test]
fn locks_of_those_who_could_not_apply_are_not_waited_for() {
    each(|actor| {
        let world = World::new(actor, 20, &[]);
        let service = world.cluster.sql_as("a_app", "a");
        service.run("SELECT pg_advisory_lock(1885826415, pg_backend_pid())");
        service.run("SELECT pg_advisory_lock(1885826415, n) FROM generate_series(1, 100) n");
        let _ = world.apply().end().code(0).err("");
        drop(service);
        let admin = world.admin("postgres");
        let theirs = "SELECT pid::text FROM pg_stat_activity WHERE usename = 'a_app'";
        wait_until("the service has left", || admin.rows(theirs).is_empty());
        world.converged("a service held locks");
    });
}

/// Somebody ends the session with the lock, and not the run: the next run must not work beside it.
#[test]
fn a_run_that_lost_its_lock_is_waited_for() {
    each(|actor| {
        let world = World::new(actor, 20, &[]);
        let blocker = world.cluster.sql("a");
        blocker.run("BEGIN; LOCK TABLE a.t IN ROW EXCLUSIVE MODE");
        let first = world.apply().start();
        let admin = world.admin("postgres");
        let waiting =
            "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat' AND wait_event_type = 'Lock'";
        wait_until("it waits", || !admin.rows(waiting).is_empty());
        let end_lock =
            "SELECT pg_terminate_backend(pid)::text FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1";
        assert_eq!(admin.rows(end_lock), ["true"]);
        let free = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1";
        wait_until("the lock is free", || admin.rows(free).is_empty());
        let mut second = world.apply().start();
        sleep(Duration::from_millis(300));
        // what it would show it read while the first may still commit
        assert!(!second.has_ended() && !second.has_said("PostgreSQL"), "it didn't wait");
        blocker.run("ROLLBACK");
        let end = first.end().code(1);
        let end =
            end.err_has(&["error: the session that holds the lock is gone, so nothing was changed\n", "what stays: "]);
        let second = second.end().code(0).err("");
        world.converged(&format!("{end}\n{second}"));
    });
}
