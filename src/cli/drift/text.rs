//! For a terminal, and for cron's mail: the plan, the proof, what is accepted, and a verdict.

use std::fmt::Write;

use super::report::Drift;
use crate::model::escaped;
use crate::plan::view::{self, Style};
use crate::proof::view::{self as proof_view, sentence};
use crate::proof::{Claims, Proof};

pub(super) fn text(drift: &Drift<'_>, style: Style) -> String {
    let plan = view::text(drift.plan(), style);
    // the plan has said the notes
    let claims = Claims { violated: drift.violated(), ..drift.proof.claims };
    let open = Proof { findings: drift.open().cloned().collect(), notes: Vec::new(), claims, ..drift.proof.clone() };
    let mut text = format!("{}\n\n{}", plan.trim_end_matches('\n'), proof_view::text(&open, style.color));
    let (cyan, bold, reset) = if style.color { ("\x1b[1;36m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
    for finding in drift.accepted() {
        let _ = writeln!(text, "{cyan}accepted[{}]:{reset} {} ({})", finding.code, sentence(finding), finding.id);
    }
    if let Some(baseline) = drift.baseline.filter(|_| drift.accepted().next().is_some()) {
        let _ = writeln!(text, "accepted by {}", escaped(&baseline.file));
    }
    let _ = writeln!(text, "\n{bold}{}{reset}", drift.verdict());
    text
}
