//! A script for psql.

use super::words::{WITHHELD, cluster, nothing, sentence, version};
use crate::model::{Name, escaped};
use crate::plan::{Plan, Stage, Step};

/// A script that psql runs, from the maintenance database on: a transaction for each database, as `apply` has it, but
/// committed one after another, and unverified.
#[must_use]
pub fn sql(plan: &Plan, maintenance: &Name) -> String {
    let mut lines = header(plan);
    if !plan.is_empty() {
        lines.push(escaped(&format!("-- Run it with: psql -X -d {} -f THIS_FILE", maintenance.shown())));
        lines.push("-- Each transaction commits on its own, and none is verified: `pgmoat apply` does both.".into());
        // a psqlrc may have turned either
        lines.extend(["\\set ON_ERROR_STOP on".into(), "\\set AUTOCOMMIT on".into()]);
        lines.push(String::new());
        lines.extend(connected(maintenance));
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
        // a newline in a name must not end the comment
        lines.extend(step.sql.iter().map(|sql| format!("--     {};", escaped(sql))));
    }
    lines
}

fn header(plan: &Plan) -> Vec<String> {
    let target = &plan.target;
    let (version, system) = (version(target.server_version_num), &target.system_identifier);
    let mut lines = vec![
        format!("-- pgmoat: {}, PostgreSQL {version}, system identifier {system}", cluster(plan)),
        format!("-- from:   {}", plan.from),
        format!("-- layout: {}", plan.layout),
    ];
    if plan.is_empty() {
        lines.push(format!("-- {}", nothing(plan)));
    }
    lines.extend(plan.pending.iter().map(|pending| format!("-- pending: {pending}")));
    lines.extend(plan.notes.iter().map(|note| format!("-- note: {note}")));
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
            lines.extend(connected(database));
        }
        transaction(steps, lines);
    }
}

/// Do these two neighbours share a transaction? What is done to a whole database stands alone.
fn together(a: &Step, b: &Step) -> bool {
    a.stage == b.stage && a.database == b.database && a.stage != Stage::Database
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
    // CREATE DATABASE cannot run inside a transaction block
    let bare = steps.iter().any(|step| step.sql.iter().any(|sql| sql.starts_with("CREATE DATABASE ")));
    if !bare {
        lines.push("BEGIN;".into());
    }
    lines.extend(statements(steps));
    if !bare {
        lines.push("COMMIT;".into());
    }
}

/// Each step's statements, under a comment that says what they are for.
pub(super) fn statements(steps: &[Step]) -> Vec<String> {
    let lines = |step: &Step| {
        let comment = format!("-- {}", sentence(step));
        std::iter::once(comment).chain(step.sql.iter().map(|sql| format!("{sql};"))).collect::<Vec<_>>()
    };
    steps.iter().flat_map(lines).collect()
}

/// What a fresh session needs first. psql sends the script's bytes as they are, and a setting of the database or the role
/// can make even a superuser's session run as somebody else.
fn connected(database: &Name) -> [String; 3] {
    let about = escaped(&format!("-- in database {}", database.shown()));
    [about, "\\encoding UTF8".into(), "SET role = none; SET search_path = pg_catalog;".into()]
}

/// `\connect`, as pg_dump's `appendPsqlMetaConnect` writes it. psql takes double quotes away from its argument and halves
/// those that are doubled (`dequote_downcase_identifier` in src/fe_utils/psqlscan); a meta-command ends with its line, so
/// a name with a line break goes into single quotes around those, in which psql reads C's escapes.
fn connect(database: &Name) -> String {
    let name = database.as_str();
    if name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return format!("\\connect {name}");
    }
    let value = name.replace('\\', "\\\\").replace('\'', "\\'");
    let argument = Name::of_server(&format!("dbname='{value}'")).quoted();
    if !argument.contains(['\n', '\r']) {
        return format!("\\connect -reuse-previous=on {argument}");
    }
    let escapes = [("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r")];
    let argument = escapes.iter().fold(argument, |text, (from, to)| text.replace(from, to));
    format!("\\connect -reuse-previous=on '{argument}'")
}
