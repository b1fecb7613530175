//! Steps that are out of reach, and what somebody else must run once for them.

use super::Style;
use super::paint::Paint;
use super::words::sentence;
use crate::model::{Name, escaped, visible_sql};
use crate::plan::{Beyond, Plan};

/// Those that lack the same stand together.
fn by_need(plan: &Plan) -> Vec<(&str, Vec<&Beyond>)> {
    let mut groups: Vec<(&str, Vec<&Beyond>)> = Vec::new();
    for beyond in &plan.out_of_reach {
        match groups.iter_mut().find(|(needs, _)| *needs == beyond.needs) {
            Some((_, group)) => group.push(beyond),
            None => groups.push((&beyond.needs, vec![beyond])),
        }
    }
    groups
}

/// The statements of a group, each once, with the database in which they must be run.
fn once<'a>(group: &[&'a Beyond]) -> Vec<(&'a Name, &'a str)> {
    let mut statements: Vec<(&Name, &str)> = Vec::new();
    for beyond in group {
        let here = beyond.once.iter().map(|sql| (&beyond.step.database, sql.as_str()));
        for (database, sql) in here {
            if !statements.iter().any(|(_, known)| *known == sql) {
                statements.push((database, sql));
            }
        }
    }
    statements
}

/// For a terminal: what lacks, what can't be done for it, and what to run, in full.
pub(super) fn text(plan: &Plan, style: Style, lines: &mut Vec<String>) {
    let paint = Paint(style.color);
    for (needs, group) in by_need(plan) {
        lines.push(String::new());
        lines.push(format!("{} {}", paint.bold("out of reach:"), escaped(needs)));
        for beyond in &group {
            let (action, what) = (beyond.step.action.word(), escaped(&beyond.step.what));
            lines.push(format!("  {}  {what}", paint.red(&format!("! {action:<7}"))));
            super::text::code(&beyond.step, style, lines);
        }
        for (database, sql) in once(&group) {
            lines.push(format!(
                "    to be run once in database {}: {};",
                database.shown(),
                paint.cyan(&visible_sql(sql))
            ));
        }
    }
}

/// Comments in a script.
pub(super) fn comments(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for (needs, group) in by_need(plan) {
        lines.push(format!("-- out of reach: {}", escaped(needs)));
        for beyond in &group {
            lines.push(format!("--   {}", sentence(&beyond.step)));
            lines.extend(super::sql::code(&beyond.step));
        }
        let statement = |(database, sql): (&Name, &str)| {
            format!("--   to be run once in database {}: {};", database.shown(), visible_sql(sql))
        };
        lines.extend(once(&group).into_iter().map(statement));
    }
    lines
}

/// For Markdown, each a line.
pub(super) fn items(plan: &Plan) -> Vec<String> {
    let item = |(needs, group): (&str, Vec<&Beyond>)| {
        let what: Vec<&str> = group.iter().map(|beyond| beyond.step.what.as_str()).collect();
        let run: Vec<String> = once(&group)
            .into_iter()
            .map(|(database, sql)| format!("run once in database {}: {};", database.shown(), visible_sql(sql)))
            .collect();
        std::iter::once(format!("{needs}: {}", what.join(", "))).chain(run).collect::<Vec<_>>().join(" — ")
    };
    by_need(plan).into_iter().map(item).collect()
}
