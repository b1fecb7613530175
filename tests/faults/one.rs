//! The network ends in the middle of an apply that is one transaction: then it is that or nothing.

use pgmoat::throwaway::Options;

use crate::actor::{Actor, each};
use crate::cluster::{Cluster, wait_until};
use crate::cut::COMMIT;
use crate::proxy::{Cut, Proxy};
use crate::world::text;

/// One service whose database is there, and open to everybody: everything is one transaction.
fn one(actor: Actor) -> Cluster {
    let mut cluster = Cluster::with(&Options::default());
    actor.arrive(&mut cluster);
    cluster.layout(&text(actor, &cluster, "[service.pay.login]\napp = \"dml\"\n"));
    actor.sql(&cluster, "postgres").run("CREATE DATABASE pay");
    actor
        .sql(&cluster, "pay")
        .run("CREATE SCHEMA pay; CREATE TABLE pay.bill (id int); GRANT ALL ON pay.bill TO PUBLIC");
    cluster
}

/// Undoes an apply of [`one`].
fn reset(cluster: &Cluster, actor: Actor) {
    let (pay, owner) = (cluster.sql("pay"), actor.role());
    pay.run(&format!("ALTER TABLE pay.bill OWNER TO {owner}; ALTER SCHEMA pay OWNER TO {owner}"));
    for role in ["pay_app", "pay_dml", "pay_ro", "pay_ddl"] {
        if pay.one(&format!("SELECT count(*)::text FROM pg_roles WHERE rolname = '{role}'")) == "1" {
            pay.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
        }
    }
    pay.run("GRANT ALL ON pay.bill TO PUBLIC; GRANT USAGE ON SCHEMA public TO PUBLIC");
    pay.run("GRANT CONNECT, TEMPORARY ON DATABASE pay TO PUBLIC");
}

/// Waits until no session of the program is left.
fn settle(cluster: &Cluster) {
    let admin = cluster.sql("postgres");
    let sessions = "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat'";
    wait_until("the sessions end", || admin.rows(sessions).is_empty());
}

fn many_bytes(actor: Actor) {
    let cluster = one(actor);
    let whole = Proxy::start(&cluster, Cut::Never);
    let _ = whole.aim(cluster.bare()).args("apply --yes --allow all").end().code(0).err("");
    let total = whole.sent();
    reset(&cluster, actor);
    let before = cluster.catalog();
    for part in 0..12 {
        let at = total * part / 12 + 1;
        let proxy = Proxy::start(&cluster, Cut::Bytes(at));
        let end = proxy.aim(cluster.bare()).args("apply --yes --allow all").end().code(1);
        assert!(proxy.has_cut(), "byte {at} of {total}");
        assert!(end.err.starts_with("error: "), "{end}");
        settle(&cluster);
        assert_eq!(cluster.catalog(), before, "cut at byte {at} of {total}\n{end}");
    }
    cluster.converge();
}

/// How many there are in an apply; the last ones write, the others end a reading.
fn commits(cluster: &Cluster) -> usize {
    let proxy = Proxy::start(cluster, Cut::Before(COMMIT, usize::MAX));
    let _ = proxy.aim(cluster.bare()).args("apply --yes --allow all").end().code(0).err("");
    proxy.seen()
}

fn around_the_commit(actor: Actor) {
    let cluster = one(actor);
    let commits = commits(&cluster);
    reset(&cluster, actor);
    let before = cluster.catalog();
    let proxy = Proxy::start(&cluster, Cut::Before(COMMIT, commits));
    let end = proxy.aim(cluster.bare()).args("apply --yes --allow all").end().code(1);
    let _ = end.err_has(&["error: failed to commit in database pay", "run apply again"]);
    settle(&cluster);
    assert_eq!(cluster.catalog(), before);

    // the server has committed, and only the answer is lost: so it can't be said that nothing was changed
    let proxy = Proxy::start(&cluster, Cut::After(COMMIT, commits));
    let end = proxy.aim(cluster.bare()).args("apply --yes --allow all").end().code(1);
    assert!(!end.err.contains("nothing was changed") && !end.err.contains("rolled back"), "{end}");
    let _ = end.err_has(&["error: failed to commit in database pay", "run apply again"]);
    settle(&cluster);
    let _ = cluster.pgmoat("plan").end().code(0);
}

#[test]
fn at_many_bytes() {
    each(many_bytes);
}

#[test]
fn before_and_after_the_commit() {
    each(around_the_commit);
}
