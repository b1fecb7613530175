//! A script for psql that leads back from a plan.

use super::sql::{connect, connected, identity, run, shell_argument, together};
use super::words::sentence;
use crate::model::{Name, escaped, visible_sql};
use crate::plan::{Plan, Stage, Step};

/// A script that undoes a plan which was run: its steps in reverse, a transaction for each database, committed one after
/// another, and unverified.
#[must_use]
pub fn undo(plan: &Plan) -> String {
    let mut lines: Vec<String> = identity(plan).iter().map(|line| escaped(line)).collect();
    lines.push("-- The way back from this plan, for a cluster on which it was applied, and nothing else since.".into());
    if let Some(last) = plan.steps.last() {
        lines.push(escaped(&format!("-- Run it with: psql -X -d {} -f THIS_FILE", shell_argument(&last.database))));
        lines
            .push("-- Each transaction commits on its own, and none is verified: run `pgmoat plan` afterwards.".into());
        lines.extend(["\\set ON_ERROR_STOP on".into(), "\\set AUTOCOMMIT on".into()]);
        let steps: Vec<&Step> = plan.steps.iter().rev().collect();
        let mut database: Option<&Name> = None;
        for steps in steps.chunk_by(|a, b| together(a, b)) {
            lines.push(String::new());
            let here = &steps[0].database;
            if database.replace(here) != Some(here) {
                lines.push(connect(here));
                lines.extend(connected(plan, here));
            }
            transaction(steps, &mut lines);
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn transaction(steps: &[&Step], lines: &mut Vec<String>) {
    let bare = steps.iter().flat_map(|step| &step.undo).all(|sql| is_left(sql));
    if !bare {
        lines.push("BEGIN;".into());
    }
    for step in steps {
        lines.push(format!("-- undoes {}", sentence(step)));
        if step.undo.is_empty() {
            lines.push("-- cannot be undone".into());
        }
        lines.extend(step.undo.iter().map(|sql| line(step, sql)));
    }
    if !bare {
        lines.push("COMMIT;".into());
    }
}

/// A comment, or what is left to a person.
fn is_left(sql: &str) -> bool {
    sql.starts_with("--") || sql.starts_with("DROP DATABASE ")
}

/// Tables may have come into a database since.
fn line(step: &Step, sql: &str) -> String {
    if sql.starts_with("--") {
        return escaped(sql);
    }
    if step.stage == Stage::Database && is_left(sql) {
        return format!("-- look into it first, then by hand: {};", visible_sql(sql));
    }
    run(sql)
}
