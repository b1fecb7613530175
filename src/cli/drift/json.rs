//! Plan and proof as JSON: format 1.

use serde::Serialize;

use super::super::look::View;
use super::report::Drift;
use crate::plan::Plan;
use crate::proof::{FORMAT, Proof};

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    kind: &'static str,
    in_sync: bool,
    look: &'a View<'a>,
    plan: &'a Plan,
    /// All findings, accepted or not.
    proof: &'a Proof,
    /// The ids of the findings, and of what wasn't seen, that the baseline accepts.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Vec<&'a str>>,
}

/// With a newline at its end.
pub(super) fn json(drift: &Drift<'_>) -> String {
    let accepted = drift.baseline.map(|_| {
        let unseen = drift.accepted_unseen().map(|unseen| unseen.id.as_str());
        drift.accepted().map(|finding| finding.id.as_str()).chain(unseen).collect()
    });
    let (look, plan, proof) = (&drift.look, drift.plan(), drift.proof);
    pretty(&Document { format: FORMAT, kind: "drift", in_sync: drift.in_sync(), look, plan, proof, accepted })
}

/// Texts and numbers in lists, for which JSON has a form.
pub(super) fn pretty(document: &impl Serialize) -> String {
    match serde_json::to_string_pretty(document) {
        Ok(text) => crate::model::visible_json(&format!("{text}\n")),
        Err(error) => unreachable!("this is plain data: {error}"),
    }
}
