//! The saved plan: format 1. What is read back and written again is the same, byte for byte.

use serde::{Deserialize, Serialize};

use crate::model::escaped;
use crate::plan::{FORMAT, Plan};

/// Why a file isn't a plan that can be read.
#[derive(Debug, thiserror::Error)]
pub enum SavedPlanError {
    /// Not JSON at all.
    #[error("read the plan: it isn't JSON")]
    NotJson(#[source] serde_json::Error),
    /// JSON of somebody else.
    #[error("read the plan: it has no `format` and `kind`, so pgmoat didn't write it")]
    Foreign,
    /// A proof, a snapshot.
    #[error("read the plan: the file holds a {}, not a plan", escaped(.0))]
    OtherKind(String),
    /// Written by a later pgmoat, or an earlier one.
    #[error("read the plan: it has format {0}, and this pgmoat reads format {FORMAT}; make the plan anew")]
    OtherFormat(u64),
    /// The right head, and something wrong behind it.
    #[error("read the plan: it isn't as pgmoat wrote it")]
    Broken(#[source] serde_json::Error),
}

/// What is read first: from it follows whether the rest can be.
#[derive(Deserialize)]
struct Head {
    format: Option<u64>,
    kind: Option<String>,
}

/// The plan as JSON, with a newline at its end.
///
/// # Panics
/// Never: a plan is texts and numbers in lists, for which JSON has a form.
#[must_use]
pub fn json(plan: &Plan) -> String {
    json_with(plan, None::<()>)
}

/// The same, with when and where the cluster was read, which is no part of a plan.
///
/// # Panics
/// Never, as long as `look` is plain data, too.
#[must_use]
pub fn json_with(plan: &Plan, look: Option<impl Serialize>) -> String {
    #[derive(Serialize)]
    struct Document<'a, L> {
        #[serde(flatten)]
        plan: &'a Plan,
        #[serde(skip_serializing_if = "Option::is_none")]
        look: Option<L>,
    }
    match serde_json::to_string_pretty(&Document { plan, look }) {
        Ok(text) => crate::model::visible_json(&format!("{text}\n")),
        Err(error) => unreachable!("a plan is plain data: {error}"),
    }
}

/// The plan that [`json()`] wrote.
///
/// # Errors
/// [`SavedPlanError`] tells another program's file from another format's and from a broken one.
pub fn from_json(text: &str) -> Result<Plan, SavedPlanError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(SavedPlanError::NotJson)?;
    let Ok(Head { format: Some(format), kind: Some(kind) }) = Head::deserialize(&value) else {
        return Err(SavedPlanError::Foreign);
    };
    if kind != "plan" {
        return Err(SavedPlanError::OtherKind(kind));
    }
    if format != u64::from(FORMAT) {
        return Err(SavedPlanError::OtherFormat(format));
    }
    // from the text again, so that an error knows its line
    serde_json::from_str(text).map_err(SavedPlanError::Broken)
}
