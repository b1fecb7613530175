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
    let (findings, unseen) = (drift.open().cloned().collect(), drift.unseen().cloned().collect());
    let open = Proof { findings, unseen, notes: Vec::new(), claims, ..drift.proof.clone() };
    // what couldn't be seen stands first
    let (head, dark) = (drift.look.head(""), proof_view::unseen(&open, style.color));
    let proof = proof_view::text(&open, style.color);
    let proof = proof.strip_prefix(dark.as_str()).unwrap_or(&proof);
    let mut text = format!("{head}\n{dark}{}\n\n{proof}", plan.trim_end_matches('\n'));
    let (cyan, bold, reset) = if style.color { ("\x1b[1;36m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
    for finding in drift.accepted() {
        let _ = writeln!(text, "{cyan}accepted[{}]:{reset} {} ({})", finding.code, sentence(finding), finding.id);
        drift.because(&finding.id).iter().for_each(|why| _ = writeln!(text, "  {why}"));
    }
    for unseen in drift.accepted_unseen() {
        let _ = writeln!(text, "{cyan}accepted, not seen:{reset} {} ({})", escaped(&unseen.what), unseen.id);
        drift.because(&unseen.id).iter().for_each(|why| _ = writeln!(text, "  {why}"));
    }
    let _ = writeln!(text, "\n{bold}{}{reset}", drift.verdict());
    text
}
