//! For a pull request's comment.

use super::code::Limits;
use super::group::{Block, blocks, counts, groups, is_long, run_title};
use super::sql::statements;
use super::words::{WITHHELD, allow, cluster, counted, nothing, summary, version};
use crate::model::escaped;
use crate::plan::{Plan, Step};

/// A comment on GitHub holds 65,536 characters; the SQL may take this many bytes of them.
const SQL_BYTES: usize = 32_000;

/// The code that changes hands may take this many.
const CODE_BYTES: usize = 16_000;
const MORE: &str = "`pgmoat plan -v` shows all";

/// The plan as Markdown: a summary, the steps by service with their hazards in bold, and the SQL folded away.
#[must_use]
pub fn markdown(plan: &Plan) -> String {
    let mut parts = vec![format!("### pgmoat: plan for {}", prose(&cluster(plan)))];
    if plan.is_empty() {
        parts.push(format!("{}.", capitalized(nothing(plan))));
    } else {
        let version = version(plan.target.server_version_num);
        let steps = counted(plan.steps.len(), "step");
        parts.push(format!("{steps} on PostgreSQL {version}: {}.", prose(&summary(plan))));
        if let Some(allow) = allow(plan) {
            parts.push(format!("**Needs consent:** `{allow}`"));
        }
        let groups = groups(&plan.steps);
        parts.extend(blocks(&groups, is_long(&plan.steps)).iter().map(block));
        parts.extend(adopted(plan));
        parts.push(folded_sql(plan));
    }
    parts.extend(list("Out of reach", &super::beyond::items(plan)));
    if !plan.withheld.is_empty() {
        parts.push(format!("**Withheld**: {WITHHELD}"));
        let groups = groups(&plan.withheld);
        parts.extend(blocks(&groups, is_long(&plan.withheld)).iter().map(block));
    }
    parts.extend(list("Goes on", &super::outliving::lines(plan)));
    parts.extend(list("Pending", &plan.pending));
    parts.extend(list("Notes", &plan.notes));
    format!("{}\n", parts.join("\n\n"))
}

fn block(block: &Block<'_, '_>) -> String {
    match block {
        Block::Run { groups, each } => format!("**{}**: {} each", prose(&run_title(groups)), prose(&counts(each))),
        Block::One { group, steps, more } => {
            let counted = (!more.is_empty()).then(|| format!("- {}", prose(&counts(more))));
            let items = steps.iter().map(|step| item(step));
            let items: Vec<String> = counted.into_iter().chain(items).collect();
            format!("**{}**\n\n{}", prose(&group.title()), items.join("\n"))
        }
    }
}

/// ``- grant `SELECT on table orders.jobs to orders_ro` **revokes-access**: why``
fn item(step: &Step) -> String {
    let hazards: String = step.hazards.iter().map(|hazard| format!(" **{hazard}**")).collect();
    let why = if step.why.is_empty() { String::new() } else { format!(": {}", prose(&step.why)) };
    format!("- {} {}{hazards}{why}", step.action.word(), code(&step.what))
}

/// The code that changes hands, in full as far as it fits: somebody is to read it before he agrees.
fn adopted(plan: &Plan) -> Option<String> {
    let steps = plan.steps.iter().chain(plan.out_of_reach.iter().map(|beyond| &beyond.step)).chain(&plan.withheld);
    let all = steps.flat_map(|step| super::code::lines(step, Limits { lines: 200, ..Limits::BRIEF }, MORE));
    let (mut bytes, mut left, mut parts) = (0, 0, Vec::new());
    for (heading, definition) in all {
        let definition = definition.join("\n");
        bytes += definition.len();
        if bytes > CODE_BYTES {
            left += 1;
            continue;
        }
        parts.push(format!("{}\n\n{}", prose(&heading), fenced("sql", &definition)));
    }
    if left > 0 {
        parts.push(format!("The code of {} is not shown: {MORE}.", counted(left, "more object")));
    }
    (!parts.is_empty()).then(|| format!("**Code that changes hands**\n\n{}", parts.join("\n\n")))
}

/// A code block, in which nothing has a meaning but a line of backticks as long as its fence.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

fn folded_sql(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for steps in plan.steps.chunk_by(|a, b| (a.stage, &a.database) == (b.stage, &b.database)) {
        lines.push(format!("-- in database {}", steps[0].database.shown()));
        lines.extend(statements(steps));
    }
    let sql = lines.join("\n");
    let body = if sql.len() > SQL_BYTES {
        "Too long for a comment: `pgmoat plan --format sql` writes it.".into()
    } else {
        fenced("sql", &sql)
    };
    format!("<details><summary>SQL</summary>\n\n{body}\n\n</details>")
}

fn list(title: &str, texts: &[String]) -> Option<String> {
    let items: Vec<String> = texts.iter().map(|text| format!("- {}", prose(text))).collect();
    (!items.is_empty()).then(|| format!("**{title}**\n\n{}", items.join("\n")))
}

/// A code span, in which nothing has a meaning but a run of backticks as long as those around it.
#[must_use]
pub fn code(text: &str) -> String {
    let text = escaped(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text in which nothing has a meaning; an `@` would call somebody even after a backslash.
#[must_use]
pub fn prose(text: &str) -> String {
    let mut out = String::new();
    for c in escaped(text).chars() {
        match c {
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '#' | '~' | '!' | '+' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
