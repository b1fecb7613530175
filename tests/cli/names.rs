//! Names that need care, all the way: plan, apply, nothing left to do, and a session of that role.

use std::fmt::Write as _;

use crate::cluster::{Cluster, NOTHING};

/// 63 bytes, most of them halves of characters.
const LONGEST: &str = "ééééééééééééééééééééééééééééééabc";

const NAMES: [&str; 22] = [
    "Shop",
    "two words",
    " blank",
    "PUBLIC",
    "Public",
    "public ",
    "NONE",
    "with\"quote",
    "it's",
    "back\\slash",
    "naïve ☃",
    "ｐｕｂｌｉｃ",
    "select",
    "user",
    "100%",
    "a.b",
    "a,b=c/d",
    "$1",
    "semi;colon--",
    "{brace}",
    "tab\tand\nline",
    LONGEST,
];

fn toml(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// What is a template in the layout.
fn template(text: &str) -> String {
    toml(&text.replace('{', "{{").replace('}', "}}"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Most share a database; making one takes long.
fn database(n: usize) -> &'static str {
    if n.is_multiple_of(4) { NAMES[n] } else { "Shared \"place\"" }
}

fn layout() -> String {
    let mut layout = String::from("[naming]\nlogin = \"{login}\"\n");
    for (n, name) in NAMES.iter().enumerate() {
        let (database, schema) = (template(database(n)), template(name));
        writeln!(layout, "[service.s{n}]\ndatabase = {database}\nschemas = [{schema}]").expect("a string");
        writeln!(layout, "[service.s{n}.login.{}]\nrole = \"dml\"", toml(name)).expect("a string");
        writeln!(layout, "[service.s{n}.table.{}]\nprivileges = [\"INSERT\"]", toml(&quoted(name))).expect("a string");
        writeln!(layout, "writer = {}", toml(name)).expect("a string");
    }
    layout
}

#[test]
fn names_that_need_care() {
    assert_eq!(LONGEST.len(), 63);
    let cluster = Cluster::start();
    cluster.layout(&layout());
    let _ = cluster.pgmoat("check").end().code(0);
    let plan = cluster.pgmoat("plan").end().code(3);
    assert!(!plan.out.contains('\t'), "what a terminal obeys is escaped\n{plan}");
    let _ = cluster.pgmoat("apply --yes").end().code(0).err("");
    // each database has a schema public, which looks like the service's own
    let plan = cluster.pgmoat("plan").end().code(0).out_has(&["nothing to do", "pending: "]);
    assert!(plan.err.lines().all(|line| line.starts_with("warning: the schema public in database ")), "{plan}");
    // the tables come later, made by the one who migrates
    for (n, name) in NAMES.iter().enumerate() {
        let table = format!("{}.{}", quoted(name), quoted(name));
        let sql = format!("SET ROLE s{n}_ddl; CREATE TABLE {table} (id int); INSERT INTO {table} VALUES (1)");
        cluster.sql(database(n)).run(&sql);
    }
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    for (n, name) in NAMES.iter().enumerate() {
        let session = cluster.sql_as(name, database(n));
        assert_eq!(session.one("SELECT current_user::text"), *name);
        let table = format!("{}.{}", quoted(name), quoted(name));
        assert_eq!(session.one(&format!("SELECT count(*)::text FROM {table}")), "1");
        session.run(&format!("INSERT INTO {table} VALUES (2)"));
        let refused = session.attempt(&format!("DELETE FROM {table}")).expect_err("append-only");
        assert_eq!(refused.sqlstate(), Some("42501"));
        let other = (1..NAMES.len()).map(|step| (n + step) % NAMES.len()).find(|other| database(*other) == database(n));
        if let Some(other) = other {
            let table = format!("{}.{}", quoted(NAMES[other]), quoted(NAMES[other]));
            let refused = session.attempt(&format!("SELECT FROM {table}")).expect_err("somebody else's");
            assert_eq!(refused.sqlstate(), Some("42501"));
        }
    }
}

#[test]
fn names_that_postgresql_keeps_or_cannot_hold() {
    let cluster = Cluster::start();
    for (name, code) in [
        ("public", "reserved-name"),
        ("none", "reserved-name"),
        ("pg_app", "reserved-name"),
        ("", "empty-name"),
        ("nul\\u0000", "nul-in-name"),
        ("éééééééééééééééééééééééééééééééé", "name-too-long"),
    ] {
        cluster.layout(&format!("[naming]\nlogin = \"{{login}}\"\n[service.s.login.\"{name}\"]\nrole = \"dml\"\n"));
        let run = cluster.pgmoat("plan").end().code(1).out("");
        let _ = run.err_has(&[&format!("error[{code}]"), "pgmoat.toml:3:18"]);
    }
}
