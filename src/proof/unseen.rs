//! What a claim needs, and what couldn't be seen or tried: as long as there is something, nobody may say that every claim holds.

use serde::Serialize;

use super::finding::digest;

/// What kind of thing wasn't seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnseenKind {
    /// A login whose password the layout keeps, and that couldn't be tried with it, or not everywhere.
    Login,
}

/// Something that couldn't be seen or tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unseen {
    /// Doesn't change between runs, as long as it is the same thing.
    pub id: String,
    pub kind: UnseenKind,
    /// The thing: `the inside of database orders`.
    pub what: String,
    /// Why it couldn't be seen.
    pub why: String,
    /// What to do so that it can.
    pub to_do: String,
}

impl Unseen {
    /// Something of this kind, which `parts` tell from others of the kind.
    #[must_use]
    pub fn new(kind: UnseenKind, parts: &[&str], [what, why, to_do]: [String; 3]) -> Self {
        let kind_word = format!("{kind:?}");
        let id = digest(&["unseen", &kind_word].into_iter().chain(parts.iter().copied()).collect::<Vec<_>>());
        Self { id, kind, what, why, to_do }
    }
}
