//! A script for psql.

use std::fmt::Write as _;

use super::code::Limits;
use super::words::{WITHHELD, cluster, nothing, sentence, version};
use crate::model::{Name, escaped, has_hidden, is_hidden, sql_without_encoding, visible_sql};
use crate::plan::{Plan, Stage, Step};

/// A script that psql runs, from the maintenance database on: a transaction for each database, as `apply` has it, but
/// committed one after another, and unverified.
#[must_use]
pub fn sql(plan: &Plan, maintenance: &Name) -> String {
    let mut lines = header(plan);
    if !plan.is_empty() {
        lines.push(escaped(&format!("-- Run it with: psql -X -d {} -f THIS_FILE", shell_argument(maintenance))));
        lines.push("-- Each transaction commits on its own, and none is verified: `pgmoat apply` does both.".into());
        // a psqlrc may have turned either
        lines.extend(["\\set ON_ERROR_STOP on".into(), "\\set AUTOCOMMIT on".into()]);
        lines.push(String::new());
        lines.extend(connected(plan, maintenance));
        transactions(plan, maintenance, &mut lines);
    }
    lines.extend(withheld(plan));
    lines.push(String::new());
    lines.join("\n")
}

/// What isn't done, to be read: no line of it does anything.
fn withheld(plan: &Plan) -> Vec<String> {
    if plan.withheld.is_empty() {
        return vec![];
    }
    let mut lines = vec![String::new(), format!("-- withheld: {WITHHELD}")];
    for step in &plan.withheld {
        lines.push(format!("-- {}", sentence(step)));
        lines.extend(code(step));
        // a newline in a name must not end the comment
        lines.extend(step.sql.iter().map(|sql| format!("--     {};", visible_sql(sql))));
    }
    lines
}

/// Which plan it is, and for which server.
pub(super) fn identity(plan: &Plan) -> [String; 3] {
    let target = &plan.target;
    let (version, system) = (version(target.server_version_num), &target.system_identifier);
    [
        format!("-- pgmoat: {}, PostgreSQL {version}, system identifier {system}", cluster(plan)),
        format!("-- from:   {}", plan.from),
        format!("-- layout: {}", plan.layout),
    ]
}

fn header(plan: &Plan) -> Vec<String> {
    let mut lines = identity(plan).to_vec();
    if plan.is_empty() {
        lines.push(format!("-- {}", nothing(plan)));
    }
    lines.extend(plan.pending.iter().map(|pending| format!("-- pending: {pending}")));
    lines.extend(plan.notes.iter().map(|note| format!("-- note: {note}")));
    lines.extend(super::beyond::comments(plan));
    lines.extend(super::outliving::comments(plan));
    // a newline in a name must not end the comment
    lines.iter().map(|line| escaped(line)).collect()
}

fn transactions(plan: &Plan, maintenance: &Name, lines: &mut Vec<String>) {
    let mut database = maintenance;
    let mut stage = None;
    for steps in plan.steps.chunk_by(together) {
        lines.push(String::new());
        let first = &steps[0];
        if stage.replace(first.stage) != Some(first.stage) {
            lines.push(format!("-- {}", stage_title(first.stage)));
        }
        if first.database != *database {
            database = &first.database;
            lines.push(connect(database));
            lines.extend(connected(plan, database));
        }
        transaction(steps, lines);
    }
}

/// Do these two neighbours share a transaction? What is done to a whole database stands alone.
pub(super) fn together(a: &Step, b: &Step) -> bool {
    let alone =
        |step: &Step| step.stage == Stage::Database || step.stage == Stage::Retire && step.object.kind == "database";
    a.stage == b.stage && a.database == b.database && !alone(a) && !alone(b)
}

fn stage_title(stage: Stage) -> &'static str {
    match stage {
        Stage::Prepare => "prepare: roles without rights",
        Stage::Database => "databases: each opens only when PUBLIC can't connect any more",
        Stage::Converge => "converge: a transaction for each database",
        Stage::Retire => "retire: what nothing hangs on any more",
    }
}

fn transaction(steps: &[Step], lines: &mut Vec<String>) {
    // CREATE DATABASE and DROP DATABASE cannot run inside a transaction block
    let outside = |sql: &String| sql.starts_with("CREATE DATABASE ") || sql.starts_with("DROP DATABASE ");
    let bare = steps.iter().any(|step| step.sql.iter().any(outside));
    if !bare {
        lines.push("BEGIN;".into());
    }
    lines.extend(steps.iter().flat_map(|step| commented(step, &code(step), run)));
    if !bare {
        lines.push("COMMIT;".into());
    }
}

/// Each step's statements, under a comment that says what they are for; without the code that changes hands.
pub(super) fn statements(steps: &[Step]) -> Vec<String> {
    steps.iter().flat_map(|step| commented(step, &[], |sql| format!("{};", visible_sql(sql)))).collect()
}

fn commented(step: &Step, code: &[String], line: impl Fn(&str) -> String) -> Vec<String> {
    let comment = format!("-- {}", sentence(step));
    std::iter::once(comment).chain(code.iter().cloned()).chain(step.sql.iter().map(|sql| line(sql))).collect()
}

/// The code that the step gives to another owner, a comment each line.
pub(super) fn code(step: &Step) -> Vec<String> {
    let mut lines = Vec::new();
    for (heading, definition) in super::code::lines(step, Limits::NONE, "") {
        lines.push(format!("--   {heading}"));
        lines.extend(definition.iter().map(|line| format!("--   | {line}").trim_end().to_owned()));
    }
    lines
}

/// Returns a statement for psql. Where a hidden character is beyond ASCII, a database of the encoding SQL_ASCII takes its
/// bytes alone, and the server puts those together.
pub(super) fn run(sql: &str) -> String {
    let sql = visible_sql(sql);
    match sql_without_encoding(&sql) {
        None => format!("{sql};"),
        Some(plain) => format!("\\if :no_encoding\nSELECT {} \\gexec\n\\else\n{sql};\n\\endif", e_string(&plain)),
    }
}

/// What a fresh session needs first. psql sends the script's bytes as they are, and a setting of the database or the role
/// can make even a superuser's session run as somebody else.
pub(super) fn connected(plan: &Plan, database: &Name) -> Vec<String> {
    let about = escaped(&format!("-- in database {}", database.shown()));
    let role = plan.target.acting_as.as_ref().map_or_else(|| "none".into(), Name::quoted);
    let mut lines = vec![about, "\\encoding UTF8".into()];
    let set_role = format!("SET role = {role}");
    let mut statements = plan.steps.iter().flat_map(|step| step.sql.iter().chain(&step.undo)).chain([&set_role]);
    if statements.any(|sql| sql_without_encoding(&visible_sql(sql)).is_some()) {
        lines.push(
            "SELECT pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.=) 'SQL_ASCII' AS no_encoding \\gset".into(),
        );
    }
    lines.push(match sql_without_encoding(&set_role) {
        None => format!("{set_role}; SET search_path = pg_catalog;"),
        Some(_) => format!("{}\nSET search_path = pg_catalog;", run(&set_role)),
    });
    lines
}

/// `\connect`, as pg_dump's `appendPsqlMetaConnect` writes it. psql takes double quotes away from its argument and halves
/// those that are doubled (`dequote_downcase_identifier` in src/fe_utils/psqlscan). psql doesn't know `U&`, and a
/// meta-command ends with its line: a name with hidden characters goes into single quotes around those, in which psql
/// reads C's escapes (`xslashquote` in src/bin/psql/psqlscanslash.l).
pub(super) fn connect(database: &Name) -> String {
    let name = database.as_str();
    if name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return format!("\\connect {name}");
    }
    let argument = Name::of_server(&conninfo(database)).stored();
    if !has_hidden(name) {
        return format!("\\connect -reuse-previous=on {argument}");
    }
    format!("\\connect -reuse-previous=on {}", c_string(&argument))
}

/// Returns the name as a connection string, which psql takes wherever it takes a database.
fn conninfo(database: &Name) -> String {
    format!("dbname='{}'", database.as_str().replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Returns the text as a literal with each byte of a hidden character as `\xE2`, which needs no encoding.
fn e_string(text: &str) -> String {
    format!("E'{}'", hidden_bytes(&text.replace('\\', "\\\\").replace('\'', "''")))
}

/// Returns the text in single quotes with C's escapes, as psql and the shell read them.
fn c_string(text: &str) -> String {
    format!("'{}'", hidden_bytes(&text.replace('\\', "\\\\").replace('\'', "\\'")))
}

/// Returns the text with each byte of a hidden character as `\xE2`.
fn hidden_bytes(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if is_hidden(c) {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
                // writing to a String can't fail
                let _ = write!(out, "\\x{byte:02X}");
            });
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns the database as an argument of psql in a shell: bare, in single quotes, or as `$'…'` with the bytes of hidden
/// characters, which bash, ksh and zsh read.
pub(super) fn shell_argument(database: &Name) -> String {
    let name = database.as_str();
    if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return name.to_owned();
    }
    let conninfo = conninfo(database);
    if has_hidden(name) {
        format!("${}", c_string(&conninfo))
    } else {
        format!("'{}'", conninfo.replace('\'', "'\\''"))
    }
}
