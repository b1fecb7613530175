//! The two parameters of an entry.

use super::parameter::{BECOMES, Metadata};
use crate::secrets::Held;

/// What `/NAME` and `/NAME.pending` are.
pub(super) struct Both {
    pub(super) current: Option<Metadata>,
    pub(super) pending: Option<Metadata>,
}

impl Both {
    /// The names of the current version and of the pending one.
    pub(super) fn shown(&self) -> (Option<String>, Option<String>) {
        let pending = self.pending.as_ref().map(|pending| pending.becomes.unwrap_or_default());
        // a dead `create` had come as far as the mark
        let current = self.current.as_ref().map(|current| current.version).or(pending);
        (current.map(|number| number.to_string()), pending.map(|number| number.to_string()))
    }

    pub(super) fn held(&self, name: &str) -> Option<Held> {
        let (current, pending) = self.shown();
        let version = self.current.as_ref().map(|current| current.version);
        let arn = self.current.as_ref().and_then(|current| current.arn.clone());
        let lost = self.pending.as_ref().is_some_and(|mark| mark.becomes.is_none());
        let why = "the description of its `.pending` doesn't say which version that is to become; delete it if nobody needs it";
        Some(Held {
            reference: arn.unwrap_or_else(|| path(name)),
            current: Some(current?),
            pending,
            previous: version.filter(|number| *number > 1).map(|number| (number - 1).to_string()),
            since: self.current.as_ref().and_then(|current| current.since),
            foreign: lost.then(|| why.to_owned()),
        })
    }
}

/// The parameter of an entry: its name is a path.
pub(super) fn path(name: &str) -> String {
    if name.starts_with('/') { name.to_owned() } else { format!("/{name}") }
}

pub(super) fn pending(name: &str) -> String {
    format!("{}.pending", path(name))
}

pub(super) fn description(name: &str, becomes: u64) -> String {
    format!("{}{becomes} of {}", BECOMES, path(name))
}
