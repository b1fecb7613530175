//! Views of one plan: for a terminal, for psql, for a pull request, and as the file that is saved. Each is a pure
//! function of the plan; nothing is worked out here that the plan doesn't hold.

mod beyond;
mod canonical;
mod code;
mod diff;
mod group;
mod hunk;
mod json;
mod markdown;
mod outliving;
mod paint;
mod sql;
mod text;
mod undo;
mod words;

pub use diff::diff;
pub use json::{SavedPlanError, from_json, json, json_with};
pub use markdown::{code, markdown, prose};
pub use sql::sql;
pub use text::text;
pub use undo::undo;

/// How [`text()`] shows a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// ANSI colours; nothing depends on them.
    pub color: bool,
    /// Every step, each with its SQL.
    pub verbose: bool,
    /// The terminal's columns: a reason that would run over them gets a line of its own.
    pub width: Option<usize>,
}
