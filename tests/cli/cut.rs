//! The network ends in the middle of an apply.

use pgmoat::throwaway::Options;

use crate::cluster::{Cluster, wait_until};
use crate::proxy::{Cut, Proxy};

/// One service whose roles are there: everything is one transaction.
fn one() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout("[service.pay.login]\napp = \"dml\"\n");
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster.sql("pay").run("CREATE SCHEMA pay; CREATE TABLE pay.bill (id int); GRANT ALL ON pay.bill TO PUBLIC");
    cluster
}

/// Undoes an apply of [`one`].
fn reset(cluster: &Cluster) {
    let pay = cluster.sql("pay");
    pay.run("ALTER TABLE pay.bill OWNER TO postgres; ALTER SCHEMA pay OWNER TO postgres");
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
    let sessions = "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pgmoat' AND pid <> pg_backend_pid() \
                    AND backend_type = 'client backend' AND pid NOT IN (SELECT pg_backend_pid())";
    wait_until("the sessions end", || admin.rows(sessions).is_empty());
}

#[test]
fn at_many_bytes_of_one_transaction() {
    let cluster = one();
    let whole = Proxy::start(&cluster, Cut::Never);
    let _ = whole.aim(cluster.bare()).args("apply --yes --allow all").end().code(0).err("");
    let total = whole.sent();
    reset(&cluster);
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

/// As a message: a query of one word.
const COMMIT: &str = "Q\0\0\0\u{b}COMMIT\0";

/// How many there are in an apply; the last ones write, the others end a reading.
fn commits(cluster: &Cluster) -> usize {
    let proxy = Proxy::start(cluster, Cut::Before(COMMIT, usize::MAX));
    let _ = proxy.aim(cluster.bare()).args("apply --yes --allow all").end().code(0).err("");
    proxy.seen()
}

#[test]
fn around_the_commit_of_one_transaction() {
    let cluster = one();
    let commits = commits(&cluster);
    reset(&cluster);
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

/// Three services, each with its database, and a table that everybody may read.
pub(crate) fn three(prepared: usize) -> Cluster {
    let setting = ("max_prepared_transactions".to_owned(), prepared.to_string());
    let cluster = Cluster::with(&Options { settings: vec![setting], ..Options::default() });
    let names = ["a", "b", "c"];
    let service = |name: &&str| format!("[service.{name}.login]\napp = \"dml\"\nmigrate = \"ddl\"\n");
    let uses = "[[service.a.uses]]\nservice = \"b\"\ntables = [\"t\"]\n[[service.b.uses]]\nservice = \"c\"\ntables = [\"*\"]\n";
    cluster.layout(&(names.iter().map(service).collect::<String>() + uses));
    for name in names {
        cluster.sql("postgres").run(&format!("CREATE DATABASE {name}"));
        open(&cluster, name);
    }
    cluster
}

fn open(cluster: &Cluster, name: &str) {
    cluster.sql(name).run(&format!(
        "CREATE SCHEMA IF NOT EXISTS {name}; CREATE TABLE IF NOT EXISTS {name}.t (id int);
         GRANT USAGE ON SCHEMA {name} TO PUBLIC; GRANT ALL ON {name}.t TO PUBLIC; GRANT CONNECT ON DATABASE {name} TO PUBLIC"
    ));
}

/// Takes an apply back, as far as it came.
pub(crate) fn reset_three(cluster: &Cluster) {
    let admin = cluster.sql("postgres");
    let roles = admin.rows("SELECT rolname::text FROM pg_roles WHERE oid >= 16384 ORDER BY 1");
    for name in ["a", "b", "c", "postgres"] {
        let sql = cluster.sql(name);
        for role in &roles {
            sql.run(&format!("REASSIGN OWNED BY {role} TO postgres"));
        }
        for role in &roles {
            sql.run(&format!("DROP OWNED BY {role}"));
        }
    }
    for role in &roles {
        admin.run(&format!("DROP ROLE {role}"));
    }
    ["a", "b", "c"].into_iter().for_each(|name| open(cluster, name));
}

/// No login that may log in can reach what the layout doesn't give it.
#[track_caller]
pub(crate) fn nobody_has_more(cluster: &Cluster, when: &str) {
    for database in ["a", "b", "c"] {
        let reached = cluster.sql(database).rows(&format!(
            "SELECT concat_ws(' ', r.rolname, 'in {database}:', has_database_privilege(r.oid, '{database}', 'CONNECT'), p.name)
             FROM pg_roles r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p(name)
             WHERE r.oid >= 16384 AND r.rolcanlogin AND has_database_privilege(r.oid, '{database}', 'CONNECT')
               AND has_table_privilege(r.oid, '{database}.t', p.name)
               AND NOT (r.rolname = '{database}_migrate')
               AND NOT (r.rolname = '{database}_app' AND p.name <> 'TRUNCATE')
               AND NOT (p.name = 'SELECT' AND (r.rolname, '{database}') IN (('a_app', 'b'), ('b_app', 'c')))
             ORDER BY 1"
        ));
        assert_eq!(reached, [""; 0], "{when}");
    }
}

/// When all were prepared, and some are committed.
fn is_committing(cut: Cut) -> bool {
    matches!(cut, Cut::Before(words, _) | Cut::After(words, _) | Cut::One(words, _) if words == "COMMIT PREPARED")
}

fn cut_and_go_on(cluster: &Cluster, cut: Cut) {
    let proxy = Proxy::start(cluster, cut);
    let end = proxy.aim(cluster.bare()).args("apply --yes --allow all").end().code(1);
    assert!(proxy.has_cut(), "{cut:?}");
    settle(cluster);
    let when = format!("{cut:?}\n{end}");
    // the next run commits them all if the last one is there: so it must not be there alone
    let places = cluster.sql("postgres").rows("SELECT right(gid, 3)::text FROM pg_prepared_xacts ORDER BY 1");
    assert!(
        places.last().is_none_or(|last| last != "4/4") || places.len() == 4 || is_committing(cut),
        "{places:?} {when}"
    );
    nobody_has_more(cluster, &when);
    cluster.converge();
    nobody_has_more(cluster, &when);
    reset_three(cluster);
}

#[test]
fn around_every_commit_of_several_databases() {
    let cluster = three(0);
    let commits = commits(&cluster);
    reset_three(&cluster);
    for nth in commits - 4..=commits {
        cut_and_go_on(&cluster, Cut::Before(COMMIT, nth));
        cut_and_go_on(&cluster, Cut::After(COMMIT, nth));
        cut_and_go_on(&cluster, Cut::One(COMMIT, nth));
    }
}

#[test]
fn around_every_prepare_and_commit_prepared() {
    let cluster = three(10);
    for nth in 1..=4 {
        for words in ["PREPARE TRANSACTION", "COMMIT PREPARED"] {
            cut_and_go_on(&cluster, Cut::Before(words, nth));
            cut_and_go_on(&cluster, Cut::After(words, nth));
            cut_and_go_on(&cluster, Cut::One(words, nth));
        }
    }
}
