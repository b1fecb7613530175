//! For a DBA at a terminal.

use super::code::Limits;
use super::group::{Block, blocks, counts, groups, is_long, run_title};
use super::paint::Paint;
use super::words::{WITHHELD, allow, hazards, nothing, sign, summary, version};
use super::{Style, beyond, outliving, words};
use crate::model::{escaped, visible_sql};
use crate::plan::{Action, Plan, Step};

/// The plan by service: a line a step, every hazard in full; of a long plan the harmless steps as counts.
#[must_use]
pub fn text(plan: &Plan, style: Style) -> String {
    let paint = Paint(style.color);
    let mut lines = Vec::new();
    if plan.is_empty() {
        lines.push(nothing(plan).into());
    } else {
        let version = version(plan.target.server_version_num);
        lines.push(paint.bold(&format!("{}, PostgreSQL {version}", words::cluster(plan))));
        steps(&plan.steps, style, &mut lines);
        beyond::text(plan, style, &mut lines);
        lines.push(String::new());
    }
    if !plan.withheld.is_empty() {
        lines.push(format!("{} {WITHHELD}", paint.yellow("withheld:")));
        steps(&plan.withheld, style, &mut lines);
        lines.push(String::new());
    }
    outliving::text(plan, style, &mut lines);
    lines.extend(plan.pending.iter().map(|pending| format!("{} {}", paint.yellow("pending:"), escaped(pending))));
    lines.extend(plan.notes.iter().map(|note| format!("{} {}", paint.cyan("note:"), escaped(note))));
    if !plan.is_empty() {
        lines.push(paint.bold(&summary(plan)));
    }
    if let Some(allow) = allow(plan) {
        let count = plan.steps.iter().filter(|step| !step.hazards.is_empty()).count();
        let (steps, them) = (words::counted(count, "step"), if count == 1 { "it" } else { "them" });
        lines.push(format!("{steps} can hurt; to allow {them}: {allow}"));
    }
    if !plan.out_of_reach.is_empty() {
        lines.push("what is out of reach somebody else must run, best after `apply --allow partial`, which goes on without it; then apply again".into());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn steps(all: &[Step], style: Style, lines: &mut Vec<String>) {
    let paint = Paint(style.color);
    let brief = is_long(all) && !style.verbose;
    let groups = groups(all);
    for block in blocks(&groups, brief) {
        lines.push(String::new());
        match block {
            Block::Run { groups, each } => {
                let each = paint.green(&counts(&each));
                lines.push(format!("{}: {each} each", paint.bold(&run_title(groups))));
            }
            Block::One { group, steps, more } => {
                lines.push(paint.bold(&group.title()));
                if !more.is_empty() {
                    lines.push(format!("  {}", paint.green(&counts(&more))));
                }
                steps.iter().for_each(|shown| step(shown, style, lines));
            }
        }
    }
    if brief {
        lines.push(String::new());
        lines.push(paint.dim("steps without hazards are counted; -v shows every one, with its SQL"));
    }
}

/// `  + grant    SELECT on table orders.jobs to orders_ro [hazard]  (why)`
fn step(step: &Step, style: Style, lines: &mut Vec<String>) {
    let paint = Paint(style.color);
    let head = format!("{} {:<7}", sign(step.action), step.action.word());
    let what = escaped(&step.what);
    let hazards = hazards(step);
    let mut line = format!("  {}  {what}", colored(paint, step.action, &head));
    if let Some(hazards) = &hazards {
        line = format!("{line} {}", paint.yellow(hazards));
    }
    if step.why.is_empty() {
        lines.push(line);
    } else {
        let why = format!("({})", escaped(&step.why));
        // counted without the colours' own bytes
        let chars = |text: &str| text.chars().count();
        let columns = chars(&head) + chars(&what) + hazards.as_deref().map_or(0, |h| chars(h) + 1) + chars(&why) + 6;
        if style.width.is_some_and(|width| columns > width) {
            lines.push(line);
            lines.push(format!("             {}", paint.dim(&why)));
        } else {
            lines.push(format!("{line}  {}", paint.dim(&why)));
        }
    }
    code(step, style, lines);
    if style.verbose {
        lines.extend(step.sql.iter().map(|sql| format!("             {};", paint.cyan(&visible_sql(sql)))));
    }
}

/// The code behind adopts-code, each line after a bar.
pub(super) fn code(step: &Step, style: Style, lines: &mut Vec<String>) {
    let limits = if style.verbose { Limits::NONE } else { Limits::BRIEF };
    for (heading, definition) in super::code::lines(step, limits, "-v shows all") {
        lines.push(format!("             {}", Paint(style.color).yellow(&heading)));
        lines.extend(definition.iter().map(|line| format!("             | {line}").trim_end().to_owned()));
    }
}

fn colored(paint: Paint, action: Action, text: &str) -> String {
    match sign(action) {
        "+" => paint.green(text),
        "-" => paint.red(text),
        _ => paint.yellow(text),
    }
}
