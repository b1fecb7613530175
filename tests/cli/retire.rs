//! How a role leaves while others are at work: sessions, refusals, and a run that dies between its commits.

use pgmoat::throwaway::Options;

use crate::cluster::{Cluster, NOTHING, wait_until};
use crate::output::but_for_look;

const ROLE: &str =
    "[service.pay.login]\napp = \"dml\"\n[retire]\nroles = [{ name = \"x\", reassign_to = \"pay_ddl\" }]\n";

/// The layout is true but for a role that leaves: it may log in, and owns a table in a database of nobody's.
fn with_role() -> Cluster {
    let cluster = Cluster::with(&Options {
        settings: vec![("max_prepared_transactions".to_owned(), "10".to_owned())],
        ..Options::default()
    });
    cluster.layout("[service.pay.login]\napp = \"dml\"\n");
    cluster.converge();
    cluster.layout(ROLE);
    cluster.sql("postgres").run("CREATE ROLE x LOGIN");
    cluster.sql("postgres").run("CREATE DATABASE common");
    cluster.sql("common").run(
        "CREATE TABLE public.t (id int); INSERT INTO public.t VALUES (1); ALTER TABLE public.t OWNER TO x; \
         CREATE TABLE public.u (id int); GRANT SELECT ON public.u TO x",
    );
    cluster
}

fn is_there(cluster: &Cluster, role: &str) -> bool {
    cluster.sql("postgres").one(&format!("SELECT count(*)::text FROM pg_roles WHERE rolname = '{role}'")) == "1"
}

fn rows(cluster: &Cluster) -> String {
    cluster
        .sql("common")
        .one("SELECT tableowner || ' ' || (SELECT count(*) FROM public.t) FROM pg_tables WHERE tablename = 't'")
}

#[test]
fn sessions_are_shown_and_cut_only_when_allowed() {
    let cluster = with_role();
    let before = cluster.catalog();
    let session = cluster.sql_as("x", "common");
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3).out_has(&[
        "- drop     the sessions of x [cuts-sessions]  (1 session when the plan was made;",
        "- drop     role x",
        "--allow cuts-sessions,moves-owner,revokes-access",
    ]);
    let _ = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access").end().code(5).err_has(&["cuts-sessions"]);
    assert_eq!(cluster.catalog(), before);
    assert_eq!(session.one("SELECT 'still here'"), "still here");

    // the session is another by now, and the plan is still what was reviewed
    drop(session);
    let session = cluster.sql_as("x", "common");
    let _ = cluster.pgmoat("apply plan.json --yes --allow all").end().code(0);
    assert!(session.attempt("SELECT 1").is_err());
    assert!(!is_there(&cluster, "x"));
    assert_eq!(rows(&cluster), "pay_ddl 1");
    let again = cluster.pgmoat("plan").end().code(0);
    let _ = again.out_has(&[NOTHING.trim(), "note: retire: there is no role x (any more), so its entry can go"]);
}

#[test]
fn a_plan_outlives_the_sessions_that_it_saw() {
    let cluster = with_role();
    let session = cluster.sql_as("x", "common");
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    drop(session);
    let admin = cluster.sql("postgres");
    wait_until("the session ends", || admin.rows("SELECT 'x' FROM pg_stat_activity WHERE usename = 'x'").is_empty());
    let _ = cluster.pgmoat("apply plan.json --yes --allow moves-owner,revokes-access").end().code(0);
    assert!(!is_there(&cluster, "x"));
}

#[test]
fn a_session_that_nobody_agreed_to_end_is_not_ended() {
    let cluster = with_role();
    let holder = cluster.sql("common");
    holder.run("BEGIN; LOCK TABLE public.t IN ACCESS SHARE MODE");
    let running = cluster.pgmoat("apply --yes --allow all --lock-timeout 50s").start();
    let admin = cluster.sql("postgres");
    let waits = "SELECT 'waits' FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE %'";
    wait_until("it waits for the table", || !admin.rows(waits).is_empty());
    let late = cluster.sql_as("x", "common");
    holder.run("COMMIT");
    let end = running.end().code(1);
    let _ = end.err_has(&["error: 1 session of x came after the plan was made", "run apply again to finish"]);
    assert_eq!(late.one("SELECT 'still here'"), "still here");
    assert_eq!(rows(&cluster), "pay_ddl 1");
    let left = cluster.pgmoat("plan").end().code(3);
    let _ = left.out_has(&["the sessions of x [cuts-sessions]", "role x", "2 to drop"]);
    let _ = cluster.pgmoat("apply --yes --allow cuts-sessions").end().code(0);
    assert!(late.attempt("SELECT 1").is_err() && !is_there(&cluster, "x"));
}

#[test]
fn killed_between_its_commits() {
    let cluster = with_role();
    let holder = cluster.sql("postgres");
    // DROP ROLE waits for this, and nothing else does
    holder.run("BEGIN; COMMENT ON ROLE x IS 'held'");
    let mut running = cluster.pgmoat("apply --yes --allow all --lock-timeout 50s").start();
    let admin = cluster.sql("postgres");
    let waits = "SELECT pid::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DROP ROLE %'";
    wait_until("it waits to drop the role", || !admin.rows(waits).is_empty());
    running.kill();
    let _ = running.end().code(-1);
    admin.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'DROP ROLE %' AND pid <> pg_backend_pid()");
    wait_until("the server notices", || admin.rows(waits).is_empty());
    assert_eq!(rows(&cluster), "pay_ddl 1");
    assert_eq!(admin.one("SELECT rolcanlogin::text FROM pg_roles WHERE rolname = 'x'"), "false");
    let hangs = "SELECT count(*)::text FROM pg_shdepend WHERE refobjid = 'x'::regrole";
    assert_eq!(admin.one(hangs), "0");
    holder.run("ROLLBACK");
    let _ = cluster.pgmoat("apply --yes").end().code(0).out_has(&["- drop     role x", "applied: 1 step"]);
    assert!(!is_there(&cluster, "x"));
}

#[test]
fn a_database_is_dropped_only_when_asked_twice() {
    let cluster = Cluster::start();
    cluster.layout("[service.pay.login]\napp = \"dml\"\n[service.legacy.login]\napp = \"dml\"\nmigrate = \"ddl\"\n");
    cluster.converge();
    cluster.sql("legacy").run("SET ROLE legacy_ddl; CREATE TABLE legacy.t (id int)");
    cluster.layout(
        "[service.pay.login]\napp = \"dml\"\n[retire]\nservices = [{ name = \"legacy\", drop_database = true }]\n",
    );
    let before = cluster.catalog();
    let session = cluster.sql_as("legacy_app", "legacy");
    let other = cluster.sql("legacy");
    let allowed = "cuts-sessions,moves-owner,revokes-access";
    let refused = cluster.pgmoat("apply --yes --allow").arg(allowed).end().code(5);
    let _ = refused.err_has(&["the plan has hazards that weren't allowed: drops-database"]);
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&[
        "legacy (database legacy)",
        "the sessions in database legacy [cuts-sessions]  (2 sessions when",
        "database legacy, with all that it holds [drops-database]",
        "roles legacy_app, legacy_ddl, legacy_dml, legacy_migrate, legacy_ro",
    ]);
    assert_eq!(cluster.catalog(), before);
    let _ = cluster.pgmoat("apply --yes --allow drops-database,cuts-sessions,revokes-access").end().code(0);
    assert!(session.attempt("SELECT 1").is_err() && other.attempt("SELECT 1").is_err());
    let left = cluster.sql("postgres").rows(
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'legacy%' \
         UNION ALL SELECT datname::text FROM pg_database WHERE datname = 'legacy'",
    );
    assert_eq!(left, Vec::<String>::new());
    let _ = cluster.pgmoat("plan").end().code(0);
}

/// As psql runs it: outside of a transaction where the server wants that.
#[test]
fn the_script_says_the_same() {
    let cluster = Cluster::start();
    cluster.layout("[service.pay.login]\napp = \"dml\"\n[service.legacy.login]\napp = \"dml\"\n");
    cluster.converge();
    cluster.layout(
        "[service.pay.login]\napp = \"dml\"\n[retire]\nservices = [{ name = \"legacy\", drop_database = true }]\n",
    );
    let script = cluster.pgmoat("plan --format sql").end().code(3).out;
    let mut open = false;
    for line in script.lines() {
        open = line == "BEGIN;" || open && line != "COMMIT;";
        assert!(!open || !line.starts_with("DROP DATABASE"), "{script}");
    }
    let parts: Vec<&str> = ["ALLOW_CONNECTIONS false;", "DROP DATABASE \"legacy\";", "DROP ROLE \"legacy_app\""].into();
    let found: Vec<Option<usize>> = parts.iter().map(|part| script.find(part)).collect();
    assert!(found.is_sorted() && found.iter().all(Option::is_some), "{found:?} {script}");
}

#[test]
fn what_was_left_prepared_is_named() {
    let cluster = with_role();
    cluster.sql_as("x", "common").run("BEGIN; INSERT INTO public.t VALUES (2); PREPARE TRANSACTION 'mine'");
    let plan = cluster.pgmoat("plan").end().code(1);
    let _ = plan.err_has(&["error[retired-prepared]: the role `x` has left the transaction \"mine\" prepared"]);
    cluster.sql("common").run("COMMIT PREPARED 'mine'");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    assert_eq!(rows(&cluster), "pay_ddl 2");
}

#[test]
fn a_snapshot_carries_it() {
    let cluster = with_role();
    let plan = cluster.pgmoat("plan").end().code(3).out;
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0);
    let offline = cluster.bare().args("plan --snapshot snapshot.json").end().code(3).out;
    assert_eq!(but_for_look(&offline), plan);
    // one that was written for a layout that retires nobody
    let mut file: serde_json::Value = serde_json::from_str(&cluster.read("snapshot.json")).expect("JSON");
    assert!(file.as_object_mut().expect("an object").remove("retiring").is_some());
    let _ = cluster.write("older.json", file.to_string());
    let older = cluster.bare().args("plan --snapshot older.json").end().code(1).out("");
    let _ = older
        .err_has(&["error: the snapshot older.json lacks what hangs on the role x, which the layout names\nhint: "]);
}

const BEFORE: &str = "[service.pay.login]\napp = \"dml\"\n[service.legacy.login]\napp = \"dml\"\n";
const AFTER: &str = "[service.pay.login]\napp = \"dml\"\n[retire]\nroles = [{ name = \"x\", reassign_to = \"pay_ddl\" }]\n\
                     services = [{ name = \"legacy\", drop_database = true }]\n";

/// A service with its database, and a role with a table in another, which both go.
fn to_go(cluster: &Cluster) {
    cluster.layout(BEFORE);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    cluster.sql("postgres").run("CREATE ROLE x LOGIN; GRANT legacy_ro TO x");
    cluster.sql("common").run(
        "ALTER TABLE public.t OWNER TO x; GRANT SELECT ON public.u TO x WITH GRANT OPTION; \
         SET ROLE x; GRANT SELECT ON public.u TO pay_dml",
    );
    cluster.layout(AFTER);
}

#[test]
fn killed_at_any_moment() {
    let cluster = Cluster::start();
    cluster.sql("postgres").run("CREATE DATABASE common");
    cluster
        .sql("common")
        .run("CREATE TABLE public.t (id int); INSERT INTO public.t VALUES (1); CREATE TABLE public.u (id int)");
    to_go(&cluster);
    let began = std::time::Instant::now();
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let whole = began.elapsed();
    for part in 1..=8 {
        to_go(&cluster);
        let mut running = cluster.pgmoat("apply --yes --allow all").start();
        std::thread::sleep(whole * part / 8);
        running.kill();
        let _ = running.end();
        let admin = cluster.sql("postgres");
        let locks = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory'";
        wait_until("the server notices", || admin.rows(locks).is_empty());
        let reads = "SELECT has_table_privilege('pay_dml', 'public.u', 'SELECT')::text";
        assert_eq!(cluster.sql("common").one(reads), "true", "at {part} of 8");
        let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
        let _ = cluster.pgmoat("plan").end().code(0);
        assert_eq!(rows(&cluster), "pay_ddl 1", "at {part} of 8");
        assert_eq!(cluster.sql("common").one(reads), "true", "at {part} of 8");
        let left = "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'legacy%' OR rolname = 'x'
                    UNION ALL SELECT datname::text FROM pg_database WHERE datname = 'legacy'";
        assert_eq!(admin.rows(left), Vec::<String>::new(), "at {part} of 8");
    }
}

/// The undo of all steps, backwards; each database's by a session in it.
fn undo(cluster: &Cluster, plan: &str) {
    let plan: serde_json::Value = serde_json::from_str(&cluster.read(plan)).expect("JSON");
    for step in plan["steps"].as_array().expect("steps").iter().rev() {
        let sql: Vec<&str> = step["undo"].as_array().expect("undo").iter().filter_map(|sql| sql.as_str()).collect();
        // a comment ends with its line
        let run = format!("BEGIN;\n{};\nCOMMIT", sql.join(";\n"));
        cluster.sql(step["database"].as_str().expect("a database")).run(&run);
    }
}

#[test]
fn the_undo_leads_back() {
    let cluster = with_role();
    cluster.sql("postgres").run("CREATE ROLE bob; CREATE ROLE ann; GRANT x TO bob; CREATE ROLE g; GRANT g TO x");
    cluster.sql("postgres").run("GRANT CREATE ON DATABASE common TO x");
    cluster.sql("common").run(
        "GRANT SELECT, INSERT ON public.u TO x WITH GRANT OPTION; GRANT UPDATE (id) ON public.u TO x;
         SET ROLE x; GRANT SELECT ON public.u TO bob WITH GRANT OPTION; GRANT INSERT (id) ON public.u TO ann; RESET ROLE;
         SET ROLE bob; GRANT SELECT ON public.u TO ann; RESET ROLE;
         GRANT DELETE ON public.u TO g WITH GRANT OPTION; SET ROLE g; GRANT DELETE ON public.u TO x; RESET ROLE;
         ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT SELECT ON TABLES TO bob;
         ALTER DEFAULT PRIVILEGES FOR ROLE x REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO x",
    );
    let before = cluster.catalog();
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    let _ = cluster.pgmoat("apply plan.json --yes --allow all").end().code(0);
    assert_ne!(cluster.catalog(), before);
    undo(&cluster, "plan.json");
    // who is written down as an owner's own grantor is the same; the order of an ACL's entries isn't
    let sorted = |lines: Vec<String>| -> Vec<String> {
        let words = |line: String| {
            let mut words: Vec<String> = line.split([' ', ',', '{', '}']).map(str::to_owned).collect();
            words.sort();
            words.join(" ")
        };
        lines.into_iter().map(words).collect()
    };
    assert_eq!(sorted(cluster.catalog()), sorted(before));
}
