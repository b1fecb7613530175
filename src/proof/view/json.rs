//! The proof as JSON: format 1.

use serde::Serialize;

use crate::proof::Proof;
use crate::proof::live::Live;

/// With a newline at its end; what came of trying it; and when and where the cluster was read.
///
/// # Panics
/// Never: a proof is texts and numbers in lists, for which JSON has a form.
#[must_use]
pub fn json(proof: &Proof, live: Option<&Live>, look: Option<impl Serialize>) -> String {
    #[derive(Serialize)]
    struct Document<'a, L> {
        #[serde(flatten)]
        proof: &'a Proof,
        #[serde(skip_serializing_if = "Option::is_none")]
        live: Option<&'a Live>,
        #[serde(skip_serializing_if = "Option::is_none")]
        look: Option<L>,
    }
    match serde_json::to_string_pretty(&Document { proof, live, look }) {
        Ok(text) => crate::model::visible_json(&format!("{text}\n")),
        Err(error) => unreachable!("a proof is plain data: {error}"),
    }
}
