//! Names with characters that a reader can't see or a terminal obeys: they are shown everywhere, and the SQL that is shown
//! does the same as the program itself.

use std::process::Command;

use pgmoat::model::{Name, has_hidden, is_hidden, literal};

use crate::cluster::Cluster;
use crate::run::{Output, Run};

/// A control sequence, right-to-left, a tag, a soft hyphen and another space, fillers and what quotes mean, line separators.
const DATABASE: &str = "shop\u{202e}'\\\"";
const SCHEMA: &str = "s\u{200b}chema";
const TABLE: &str = "jobs\u{1b}[0m";
const LOGIN: &str = "app\u{e0041}";
const COLUMN: &str = "c\u{3164}\"olumn";
const STRANGER: &str = "stranger\u{ad}\u{a0}\n--'";
const LEAVER: &str = "leaver\u{2028}\u{85}\\";
/// In a database without an encoding.
const STRANGE: &str = "\u{202e}\u{e0041}\"\\$pgmoat$\u{1b}";
const TYPE: &str = "kind\u{61c}";

fn quoted(name: &str) -> String {
    Name::of_server(name).stored()
}

fn toml(text: &str) -> String {
    let braces = text.replace('{', "{{").replace('}', "}}");
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if is_hidden(c) => format!("\\U{:08X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", braces.chars().map(escape).collect::<String>())
}

fn layout() -> String {
    let (database, schema, login, leaver) = (toml(DATABASE), toml(SCHEMA), toml(LOGIN), toml(LEAVER));
    let (table, setting) = (toml(&quoted(TABLE)), toml(&format!("{}, public", quoted(SCHEMA))));
    let settings = format!("settings = {{ search_path = {setting}, application_name = {login} }}");
    format!(
        "[naming]\nlogin = \"{{login}}\"\n[cluster]\nname = {schema}\n[secrets]\nstore = \"file\"\npath = \"passwords\"\n\
         [service.a]\ndatabase = {database}\nschemas = [{schema}]\n[service.a.login.{login}]\nrole = \"dml\"\n{settings}\n\
         [service.a.login.migrate]\nrole = \"ddl\"\n\
         [service.a.table.{table}]\nwriter = {login}\n\
         [[allow]]\nrole = {stranger}\nprivileges = [\"CONNECT\"]\non = {on}\nreason = \"it stays\"\n\
         [retire]\nroles = [{{ name = {leaver}, reassign_to = \"a_ddl\" }}]\n",
        stranger = toml(STRANGER),
        on = toml(&quoted(DATABASE)),
    )
}

/// What others left behind, on every kind of thing that a plan writes about.
fn before(cluster: &Cluster) {
    let [database, schema, table, column] = [DATABASE, SCHEMA, TABLE, COLUMN].map(quoted);
    let [stranger, leaver, kind] = [STRANGER, LEAVER, TYPE].map(quoted);
    let sql = cluster.sql("postgres");
    sql.run(&format!("CREATE ROLE {stranger} LOGIN; CREATE ROLE {leaver} LOGIN; CREATE ROLE old"));
    sql.run(&format!("ALTER ROLE {leaver} SET search_path = {schema}; GRANT old TO {leaver}"));
    sql.run(&format!("CREATE DATABASE {database}"));
    sql.run(&format!("GRANT CONNECT ON DATABASE {database} TO {stranger}"));
    sql.run(&format!("ALTER DATABASE {database} SET application_name = '{}'", STRANGER.replace('\'', "''")));
    cluster.sql(DATABASE).run(&format!(
        "CREATE SCHEMA {schema}; SET search_path = {schema};
         GRANT USAGE, CREATE ON SCHEMA {schema} TO {stranger}, {leaver};
         CREATE TYPE {kind} AS ENUM ('a');
         CREATE TABLE {table} ({column} text, {kind} {kind}, id int);
         CREATE TABLE jobs (id int);
         CREATE FUNCTION {table}({kind}, {kind}[], integer) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE VIEW {column} AS SELECT * FROM {table};
         CREATE COLLATION {column} FROM \"C\";
         ALTER COLLATION {column} OWNER TO {leaver};
         ALTER FUNCTION {table} OWNER TO {leaver};
         ALTER VIEW {column} OWNER TO {leaver};
         GRANT SELECT ON {table} TO {leaver} WITH GRANT OPTION;
         SET ROLE {leaver}; GRANT SELECT ON {table} TO {stranger}; RESET ROLE;
         GRANT SELECT ({column}), UPDATE ({column}) ON {table} TO {stranger}, {leaver};
         GRANT EXECUTE ON FUNCTION {table} TO {stranger};
         GRANT USAGE ON TYPE {kind} TO {stranger}, {leaver};
         ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {leaver};
         ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
         CREATE POLICY {column} ON {table} TO {leaver} USING ({column} = '{hidden}' AND {kind} = 'a'::{kind});
         CREATE FOREIGN DATA WRAPPER {table}; CREATE SERVER {table} FOREIGN DATA WRAPPER {table};
         CREATE USER MAPPING FOR {leaver} SERVER {table}",
        hidden = "x''\u{202e}\\\n",
    ));
}

/// Nothing is hidden in what came out, and nothing but line breaks acts.
#[track_caller]
fn seen(output: Output) -> Output {
    for text in [&output.out, &output.err] {
        assert!(!has_hidden(&text.replace('\n', "")), "{text:?}");
    }
    output
}

/// Runs a script as its own second line says, with the real psql.
fn psql(cluster: &Cluster, name: &str, script: &str) -> Output {
    let path = cluster.write(name, script);
    let command = script.lines().find_map(|line| line.strip_prefix("-- Run it with: ")).expect("a command");
    let mut shell = Command::new("bash");
    shell.args(["-c", &command.replace("THIS_FILE", &format!("'{}'", path.display()))]);
    cluster.aim(Run::of(shell, cluster.folder.path())).env("PATH", "/usr/bin:/bin").end()
}

/// The same steps. The hash of what was read may differ: in it the order of an ACL counts.
#[track_caller]
fn assert_same(again: &str, script: &str) {
    let steps =
        |script: &str| script.lines().filter(|line| !line.starts_with("-- from: ")).collect::<Vec<_>>().join("\n");
    let (again, script) = (steps(again), steps(script));
    let diff = similar::TextDiff::from_lines(&script, &again).unified_diff().to_string();
    assert!(diff.is_empty(), "the way back leads elsewhere\n{diff}");
}

fn has_psql() -> bool {
    ["/usr/bin/bash", "/usr/bin/psql"].iter().all(|path| std::path::Path::new(path).exists())
}

/// The lines of the catalog without those that hold the oid of a role or a schema.
fn comparable(cluster: &Cluster) -> Vec<String> {
    let has_oid = |line: &String| line.starts_with("setting ") || line.contains(": default ");
    cluster.catalog().into_iter().filter(|line| !has_oid(line)).collect()
}

#[test]
fn what_is_shown_does_what_apply_does() {
    let [applied, scripted] = [(); 2].map(|()| Cluster::start());
    for cluster in [&applied, &scripted] {
        before(cluster);
        cluster.layout(&layout());
    }
    for format in ["text", "text -v", "sql", "diff", "json", "markdown"] {
        let plan = seen(applied.pgmoat(&format!("plan --format {format}")).end()).code(3);
        assert!(plan.err.is_empty(), "{plan}");
    }
    let script = seen(scripted.pgmoat("plan --format sql --out plan.json").end()).code(3).out;
    let undo = seen(scripted.pgmoat("plan --undo plan.json").end()).code(0).out;
    assert!(!has_hidden(&scripted.read("plan.json").replace('\n', "")));
    let _ = seen(applied.pgmoat("apply --yes --allow all").end()).code(0);
    let _ = seen(applied.pgmoat("plan").end()).code(0).out_has(&["nothing to do"]);
    if has_psql() {
        let _ = psql(&scripted, "there.sql", &script).code(0);
        let _ = seen(scripted.pgmoat("plan").end()).code(0).out_has(&["nothing to do"]);
        assert_eq!(comparable(&scripted), comparable(&applied));
        let _ = psql(&scripted, "back.sql", &undo).code(0);
        let (leaver, table) = (quoted(LEAVER), quoted(TABLE));
        scripted.sql(DATABASE).run(&format!("CREATE USER MAPPING FOR {leaver} SERVER {table} -- has no undo"));
        let again = seen(scripted.pgmoat("plan --format sql").end()).code(3).out;
        assert_same(&again, &script);
    }
    let saved = Cluster::start();
    before(&saved);
    saved.layout(&layout());
    let _ = seen(saved.pgmoat("plan --out plan.json").end()).code(3);
    let _ = seen(saved.pgmoat("apply plan.json --yes --allow all").end()).code(0);
    assert_eq!(comparable(&saved), comparable(&applied));
}

#[test]
fn every_command_shows_what_is_hidden() {
    let cluster = Cluster::start();
    before(&cluster);
    cluster.layout(&layout());
    for args in [
        "check",
        "inspect",
        "prove",
        "prove --format json",
        "prove --live",
        "plan",
        "adopt",
        "drift",
        "drift --format json",
        "drift --format sarif",
        "drift --format junit",
        "drift --format github",
        "drift --format markdown",
        "export hba",
        "export pgbouncer",
        "secrets status",
        "secrets status --format json",
    ] {
        let _ = seen(cluster.pgmoat(args).end());
    }
    let on = format!("{}.{}.{}", quoted(DATABASE), quoted(SCHEMA), quoted(TABLE));
    let view = format!("{}.{}.{}", quoted(DATABASE), quoted(SCHEMA), quoted(COLUMN));
    for format in ["text", "json"] {
        let _ = seen(cluster.pgmoat("who can EXECUTE --format").arg(format).arg(format!("{on}(")).end());
        let _ = seen(cluster.pgmoat("who can SELECT --format").arg(format).arg(&view).end()).code(0);
        let _ = seen(cluster.pgmoat("who is --format").arg(format).arg(STRANGER).end()).code(0);
    }
    let adopted = seen(cluster.pgmoat("adopt").end()).code(3).out;
    cluster.layout(&adopted);
    let _ = seen(cluster.pgmoat("plan").end());
    // the program's own words about its arguments
    for args in [["who", "is", "no\u{202e}body"], ["pl\u{202e}an", "", ""], ["plan", "--out", "\u{1b}[0m/x"]] {
        let run = args.iter().fold(cluster.pgmoat(""), |run, arg| run.arg(arg));
        assert_ne!(seen(run.end()).code, 0);
    }
    cluster.layout("[service.\"a\u{ad}\"]\n# \u{e0041}\nx = \"\u{3164}\"\n");
    let _ = seen(cluster.pgmoat("check").end()).code(1);
}

/// A database without an encoding takes no Unicode escape, and one in LATIN1 few characters: what is there can be named.
#[test]
fn other_encodings() {
    let latin = "t\u{ad}\u{a0}\u{85}'";
    // names that all databases share have their bytes in the encoding of the database in which they were made
    let cases = [("SQL_ASCII", "ascii\u{200b}", STRANGE, STRANGE), ("LATIN1", "latin", latin, "plain")];
    for (encoding, database, table, role) in cases {
        let cluster = Cluster::start();
        let sql = cluster.sql("postgres");
        let login = format!("app{role}");
        sql.run(&format!("CREATE ROLE {}", quoted(role)));
        let options = format!("TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'");
        sql.run(&format!("CREATE DATABASE {} {options}", quoted(database)));
        let (table, to) = (quoted(table), quoted(role));
        cluster.sql(database).run(&format!(
            "CREATE SCHEMA s; CREATE TABLE s.{table} ({table} text); GRANT SELECT ON s.{table} TO {to};
             CREATE POLICY {table} ON s.{table} TO {to}, current_user USING ({table} = '{}')",
            role.replace('\'', "''"),
        ));
        cluster.layout(&format!(
            "[naming]\nlogin = \"{{login}}\"\n[service.s]\ndatabase = {}\n[service.s.login.{}]\nrole = \"dml\"\n\
             [retire]\nroles = [{{ name = {}, reassign_to = \"s_ddl\" }}]\n",
            toml(database),
            toml(&login),
            toml(role)
        ));
        let script = seen(cluster.pgmoat("plan --format sql --out plan.json").end()).code(3).out;
        if has_psql() {
            let undo = seen(cluster.pgmoat("plan --undo plan.json").end()).code(0).out;
            let _ = psql(&cluster, "there.sql", &script).code(0);
            let _ = seen(cluster.pgmoat("plan").end()).code(0).out_has(&["nothing to do"]);
            let _ = psql(&cluster, "back.sql", &undo).code(0);
            assert_same(&seen(cluster.pgmoat("plan --format sql").end()).code(3).out, &script);
        }
        let _ = seen(cluster.pgmoat("apply --yes --allow all").end()).code(0);
        let _ = seen(cluster.pgmoat("plan").end()).code(0).out_has(&["nothing to do"]);
        let _ = seen(cluster.pgmoat("prove --live").end()).code(0);
    }
}

/// Whatever the server's settings, quoted names and literals mean what they were made of.
#[test]
fn every_hidden_character_is_what_the_server_reads() {
    let cluster = Cluster::start();
    let sql = cluster.sql("postgres");
    let hidden: Vec<char> = ('\u{1}'..=char::MAX).filter(|c| is_hidden(*c)).collect();
    // all of the basic plane but its private use, and of the rest what stands at an edge
    let basic = hidden.iter().filter(|c| **c < '\u{e000}' || ('\u{f900}'..='\u{ffff}').contains(*c));
    let edges = hidden.iter().filter(|c| matches!(u32::from(**c) & 0xfff, 0 | 1 | 0x20 | 0x7f | 0x100 | 0xfff));
    let chars: Vec<char> = basic.chain(edges.filter(|c| **c >= '\u{e000}')).copied().collect();
    for setting in ["on", "off"] {
        sql.run(&format!("SET standard_conforming_strings = {setting}; SET escape_string_warning = off"));
        for chars in chars.chunks(12) {
            let text = format!("\"'\\{}", String::from_iter(chars));
            let name = Name::of_server(&text);
            assert!(!has_hidden(&name.quoted()) && !has_hidden(&literal(&text)), "{}", name.quoted());
            assert_eq!(sql.one(&format!("SELECT {}::text", literal(&text))), text);
            sql.run(&format!("CREATE TEMP TABLE {} ()", name.quoted()));
            let there = sql.one("SELECT relname::text FROM pg_class ORDER BY oid DESC LIMIT 1");
            assert_eq!(there, text);
            sql.run(&format!("DROP TABLE {}", name.quoted()));
        }
    }
}

/// The fixes of a proof are SQL that can be run as it is shown.
#[test]
fn fixes_can_be_run() {
    let cluster = Cluster::start();
    before(&cluster);
    cluster.layout(&layout());
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let [schema, table, kind, stranger] = [SCHEMA, TABLE, TYPE, STRANGER].map(quoted);
    let sql = cluster.sql(DATABASE);
    sql.run(&format!(
        "SET search_path = {schema};
         GRANT SELECT, UPDATE ON {table} TO {stranger}; GRANT UPDATE (id) ON {table} TO {stranger};
         GRANT EXECUTE ON FUNCTION {table} TO {stranger}; GRANT USAGE ON TYPE {kind} TO {stranger};
         ALTER DEFAULT PRIVILEGES FOR ROLE a_ddl IN SCHEMA {schema} GRANT INSERT ON TABLES TO {stranger};
         GRANT CREATE ON SCHEMA {schema} TO {stranger};
         CREATE FUNCTION {schema}.{kind}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NEW; END';
         ALTER FUNCTION {schema}.{kind}() OWNER TO {stranger};
         CREATE TRIGGER {kind} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {schema}.{kind}();
         GRANT a_dml TO {stranger}; ALTER ROLE {stranger} CREATEROLE"
    ));
    // a fix may uncover another way to the same place
    for round in 0..5 {
        let proof = seen(cluster.pgmoat("prove --format json").end()).out;
        let proof: serde_json::Value = serde_json::from_str(&proof).expect("JSON");
        let findings = proof["findings"].as_array().expect("a list");
        let errors: Vec<_> = findings.iter().filter(|finding| finding["severity"] == "error").collect();
        let fixes: Vec<&str> = errors
            .iter()
            .flat_map(|finding| finding["fix"].as_array().expect("a list"))
            .map(|sql| sql.as_str().expect("a text"))
            .collect();
        assert!(round > 0 || fixes.len() >= 8, "{fixes:#?}");
        assert!(round < 4 || errors.is_empty(), "{proof:#}");
        let session = cluster.sql(DATABASE);
        fixes.iter().for_each(|fix| session.run(fix));
    }
}
