//! No question of ours can be outdone by functions and operators that fit its argument types better: each is called with exactly the types
//! of the server's own.

use std::path::Path;

use pgmoat::throwaway::Options;

use crate::cluster::Cluster;

/// Columns and catalogs that earlier majors lack.
const FROM: [(&str, u32); 4] =
    [("code_subscriptions", 16), ("memberships", 16), ("parameters", 15), ("retired_parameters", 15)];

/// What a question calls that isn't the server's own, asked with exact types.
const CALLS: &str = "select pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid
where r.ev_class = 'decoy.question'::pg_catalog.regclass::pg_catalog.oid and d.refobjid >= '16384'::pg_catalog.oid
  and d.refclassid in ('pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid,
                       'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid)";

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "sql" || extension == "rs") {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(&path).expect("UTF-8")));
        }
    }
}

/// Every name before a parenthesis.
fn called(texts: &[(String, String)]) -> String {
    let mut names = Vec::new();
    for (_, text) in texts {
        for (at, _) in text.match_indices('(') {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let name = text[..at].rsplit(|c| !word(c)).next().unwrap_or_default();
            if !name.is_empty() {
                names.push(name);
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}

#[test]
fn no_question_runs_one() {
    let settings = vec![("max_prepared_transactions".to_owned(), "10".to_owned())];
    let cluster = Cluster::with(&Options { settings, ..Options::default() });
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut questions, mut code) = (Vec::new(), Vec::new());
    files(&root.join("sql"), &mut questions);
    files(&root.join("src"), &mut code);
    let names = called(&[questions.clone(), code].concat());
    let plant = cluster.sql("postgres");
    let major: u32 = plant.one("SHOW server_version_num").parse::<u32>().expect("a number") / 10_000;
    plant.run(&format!("SET decoys.names = '{names}'"));
    plant.run(include_str!("decoys.sql"));
    // one that would have run is there
    assert_eq!(
        plant.attempt("SELECT pg_catalog.acldefault('d', '10'::oid)").map_err(|e| e.message()),
        Err("a decoy ran: acldefault(text, oid)".into())
    );
    drop(plant);
    let mut wrong = String::new();
    for (name, sql) in &questions {
        if FROM.iter().all(|(of, from)| of != name || *from <= major) {
            let calls = question(&cluster, sql);
            if !calls.is_empty() {
                wrong.extend(["sql/", name, ".sql calls ", &calls.join(", "), "\n"]);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    commands(&cluster);
}

/// As a view, the question says what it calls; one that isn't a question any more among the decoys calls one, too.
#[track_caller]
fn question(cluster: &Cluster, sql: &str) -> Vec<String> {
    let session = cluster.sql("postgres");
    if let Err(error) = session.attempt(&format!("PREPARE question AS {sql}")) {
        return vec![error.to_string()];
    }
    let types = session
        .one("SELECT p.parameter_types::text FROM pg_catalog.pg_prepared_statements p WHERE p.name = 'question'::text");
    let mut sql = sql.to_owned();
    for (at, kind) in types.trim_matches(['{', '}']).split(',').enumerate().filter(|(_, kind)| !kind.is_empty()) {
        sql = sql.replace(&format!("${}", at + 1), &format!("(NULL::{})", kind.trim_matches('"')));
    }
    if let Err(error) = session.attempt(&format!("CREATE VIEW decoy.question AS {sql}")) {
        return vec![error.to_string()];
    }
    let calls = session.rows(CALLS);
    session.run("DROP VIEW decoy.question");
    calls
}

/// And so do the statements that stand in the code.
fn commands(cluster: &Cluster) {
    cluster.sql("template1").run("CREATE DATABASE pay TEMPLATE postgres");
    cluster.layout("[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0);
    cluster.sql_as("pay_migrate", "pay").run(
        "SET ROLE pay_ddl; CREATE TABLE pay.bill (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY); CREATE VIEW pay.due AS SELECT id FROM pay.bill; \
         CREATE FUNCTION pay.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pay, pg_temp AS 'SELECT 1'",
    );
    // what they find among the decoys is another matter
    for command in
        ["prove", "prove --live", "drift", "inspect", "who is pay_app", "who can select pay.pay.bill", "adopt"]
    {
        let end = cluster.pgmoat(command).end();
        assert!(!end.err.contains("decoy ran") && matches!(end.code, 0 | 3 | 4), "{command}: {end}");
    }
    cluster.layout("[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\nbi = \"ro\"\n");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    // a session is ended, and a role dropped with what it has
    cluster.layout("[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n[retire]\nroles = [{ name = \"pay_bi\", reassign_to = \"pay_ddl\" }]\n");
    let _session = cluster.sql_as("pay_bi", "pay");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
}
