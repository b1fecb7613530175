//! The proof as JSON: format 1.

use crate::proof::Proof;

/// With a newline at its end.
///
/// # Panics
/// Never: a proof is texts and numbers in lists, for which JSON has a form.
#[must_use]
pub fn json(proof: &Proof) -> String {
    match serde_json::to_string_pretty(proof) {
        Ok(text) => format!("{text}\n"),
        Err(error) => unreachable!("a proof is plain data: {error}"),
    }
}
