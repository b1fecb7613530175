//! The program is killed at any moment of an apply over several databases.

use std::time::{Duration, Instant};

use crate::cluster::{Cluster, wait_until};
use crate::cut::{nobody_has_more, reset_three, three};

fn kill_and_go_on(cluster: &Cluster, after: Duration) {
    let mut running = cluster.pgmoat("apply --yes --allow all").start();
    std::thread::sleep(after);
    running.kill();
    let end = running.end();
    assert!(end.code == -1 || end.code == 0, "{end}");
    let admin = cluster.sql("postgres");
    let locks = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory'";
    wait_until("the server notices", || admin.rows(locks).is_empty());
    nobody_has_more(cluster, &format!("after {after:?}"));
    cluster.converge();
    nobody_has_more(cluster, &format!("after {after:?}, and again"));
    reset_three(cluster);
}

fn at_many_moments(prepared: usize) {
    let cluster = three(prepared);
    let began = Instant::now();
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let whole = began.elapsed();
    reset_three(&cluster);
    for part in 1..=15 {
        kill_and_go_on(&cluster, whole * part / 15);
    }
}

#[test]
fn one_commit_after_another() {
    at_many_moments(0);
}

#[test]
fn with_prepared_transactions() {
    at_many_moments(10);
}
