//! The code that a step gives to another owner, as lines of text that can't be taken for anything else of a view.

use crate::model::escaped;
use crate::plan::{Step, StepCode};

/// How much of each definition is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Of each definition.
    pub(super) lines: usize,
    /// Of each line.
    pub(super) chars: usize,
}

impl Limits {
    /// Everything.
    pub(super) const NONE: Self = Self { lines: usize::MAX, chars: usize::MAX };
    /// What one reads beside the other steps.
    pub(super) const BRIEF: Self = Self { lines: 40, chars: 400 };
}

/// Returns a heading and the lines of the definition for each object; `more` says where to find what is cut.
pub(super) fn lines(step: &Step, limits: Limits, more: &str) -> Vec<(String, Vec<String>)> {
    step.code.iter().map(|code| (heading(code), definition(&code.definition, limits, more))).collect()
}

/// `code of function orders.f(), by intruder:`
fn heading(code: &StepCode) -> String {
    format!("code of {}, by {}:", code.object.shown(), code.owner.shown())
}

/// A form feed or a carriage return isn't the end of a line here: it is shown as what it is.
fn definition(text: &str, limits: Limits, more: &str) -> Vec<String> {
    let all: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
    let mut lines: Vec<String> = all.iter().take(limits.lines).map(|line| shortened(line, limits.chars)).collect();
    if all.len() > limits.lines {
        lines.push(format!("… {} of {} lines are not shown; {more}", all.len() - limits.lines, all.len()));
    }
    lines
}

/// Tabs are spaces, so that an indented body isn't a row of escapes.
fn shortened(line: &str, limit: usize) -> String {
    let count = line.chars().count();
    let text: String = line.chars().take(limit).collect();
    let text = text.split('\t').map(escaped).collect::<Vec<_>>().join("    ");
    if count > limit { format!("{text}… {} more characters", count - limit) } else { text }
}
