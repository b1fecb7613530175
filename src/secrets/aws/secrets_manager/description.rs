//! What DescribeSecret says: labels, and whose the secret is.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::secrets::aws::not_ours;
use crate::secrets::{Held, Stage, StoreError};

pub(super) const CURRENT: &str = "AWSCURRENT";
pub(super) const PENDING: &str = "AWSPENDING";
const PREVIOUS: &str = "AWSPREVIOUS";

/// The versions that are current and pending.
pub(super) type Labels<'a> = (Option<&'a str>, Option<&'a str>);

pub(super) fn labels(held: &Held) -> Labels<'_> {
    (held.current.as_deref(), held.pending.as_deref())
}

pub(super) fn label(stage: Stage) -> &'static str {
    match stage {
        Stage::Current => CURRENT,
        Stage::Pending => PENDING,
        Stage::Previous => PREVIOUS,
    }
}

pub(super) fn of(held: &Held, stage: Stage) -> Option<&str> {
    match stage {
        Stage::Current => held.current.as_deref(),
        Stage::Pending => held.pending.as_deref(),
        Stage::Previous => held.previous.as_deref(),
    }
}

pub(super) fn needed<'a>(held: &'a Held, stage: Stage, name: &str) -> Result<&'a str, StoreError> {
    of(held, stage).ok_or_else(|| StoreError::NoVersion { name: name.to_owned(), stage })
}

/// A secret without any version.
pub(super) fn is_shell(held: &Held) -> bool {
    held.current.is_none() && held.pending.is_none()
}

/// What DescribeSecret says.
pub(super) fn held(name: &str, answer: &Value) -> Held {
    let version = |label: &str| {
        let versions = answer.get("VersionIdsToStages")?.as_object()?;
        let has = |labels: &Value| labels.as_array().is_some_and(|all| all.iter().any(|one| one == label));
        versions.iter().find(|(_, labels)| has(labels)).map(|(id, _)| id.clone())
    };
    Held {
        reference: answer.get("ARN").and_then(Value::as_str).unwrap_or(name).to_owned(),
        current: version(CURRENT),
        pending: version(PENDING),
        previous: version(PREVIOUS),
        since: since(answer),
        foreign: foreign(answer),
    }
}

/// When a label was moved last. The version's own date is that of its writing, which may be long before clients got it when
/// a run died in between; and who still holds the one before counts from then.
fn since(answer: &Value) -> Option<SystemTime> {
    let seconds = answer.get("LastChangedDate").or_else(|| answer.get("CreatedDate"))?.as_f64()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

fn foreign(answer: &Value) -> Option<String> {
    let text = |key: &str| answer.get(key).and_then(Value::as_str);
    if answer.get("DeletedDate").is_some_and(|date| !date.is_null()) {
        return Some("it is scheduled for deletion (aws secretsmanager restore-secret takes that back)".to_owned());
    }
    if let Some(owner) = text("OwningService").filter(|owner| !owner.is_empty()) {
        return Some(format!("it belongs to AWS's own service {owner}, which changes it by itself"));
    }
    if answer.get("RotationEnabled").and_then(Value::as_bool) == Some(true) {
        return Some("AWS rotates it (aws secretsmanager cancel-rotate-secret ends that)".to_owned());
    }
    not_ours(answer.get("Tags"))
}
