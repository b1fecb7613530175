//! What goes on after the plan, and how it ends.

use super::Style;
use super::paint::Paint;
use crate::plan::Plan;

/// How many are named before the rest is counted.
const NAMED: usize = 20;

/// Under the list.
const CUT: &str = "`apply --allow cuts-sessions` ends these sessions, and rolls back these transactions, when the rest is committed; \
                   without it they go on";

/// Sessions first, each with what lacks to end it.
pub(super) fn lines(plan: &Plan) -> Vec<String> {
    let sessions = plan.outlives.sessions.iter().map(|of| with(of.words(), of.needs.as_deref()));
    sessions.chain(plan.outlives.prepared.iter().map(|left| with(left.words(), left.needs.as_deref()))).collect()
}

fn with(words: String, needs: Option<&str>) -> String {
    needs.map_or_else(|| words.clone(), |needs| format!("{words} (out of reach: {needs})"))
}

/// For a terminal.
pub(super) fn text(plan: &Plan, style: Style, out: &mut Vec<String>) {
    let (paint, all) = (Paint(style.color), lines(plan));
    let named = if style.verbose { all.len() } else { NAMED };
    out.extend(all.iter().take(named).map(|line| format!("{} {line}", paint.yellow("goes on:"))));
    if all.len() > named {
        out.push(format!("{} and {} more, which -v shows", paint.yellow("goes on:"), all.len() - named));
    }
    if plan.outlives.can_be_cut() {
        out.push(CUT.into());
    }
}

/// In a script nothing of it is run.
pub(super) fn comments(plan: &Plan) -> Vec<String> {
    let statements = plan.outlives.sessions.iter().flat_map(|of| &of.sql);
    let statements = statements.chain(plan.outlives.prepared.iter().flat_map(|left| &left.sql));
    let goes_on = lines(plan).into_iter().map(|line| format!("-- goes on: {line}"));
    goes_on.chain(statements.map(|sql| format!("--     {sql};"))).collect()
}
