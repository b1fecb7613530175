//! What a claim needs, and what couldn't be seen or tried: as long as there is something, nobody may say that every claim holds.

use serde::Serialize;

use super::finding::digest;
use crate::model::{Desired, Name, Presence, Snapshot};

/// What kind of thing wasn't seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnseenKind {
    /// A login whose password the layout keeps, and that couldn't be tried with it, or not everywhere.
    Login,
    /// When and by whom a snapshot was read.
    Look,
    /// A declared database that doesn't exist: nothing is there to be looked at, and a plan makes it.
    AbsentDatabase,
    /// A declared database that accepts no connections.
    ClosedDatabase,
    /// A declared database that was there and let sessions in, and wasn't read.
    UnreadDatabase,
    /// A user mapping whose options the role that asks may not see.
    UserMapping,
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

/// What the snapshot as a whole lacks: when it was read, and the inside of databases.
pub(super) fn of<'a>(snapshot: &'a Snapshot, desired: &'a Desired) -> impl Iterator<Item = Unseen> + 'a {
    let names = desired.scope.databases.keys().filter(|name| !snapshot.contents.contains_key(*name));
    let databases = names.map(|name| database(snapshot, name));
    snapshot.look.is_none().then(undated).into_iter().chain(databases)
}

fn undated() -> Unseen {
    let what = "when and by whom the snapshot was read".into();
    let why = "the file doesn't say it, since an earlier pgmoat wrote it".into();
    Unseen::new(UnseenKind::Look, &[], [what, why, "run `pgmoat inspect` again".into()])
}

fn database(snapshot: &Snapshot, name: &Name) -> Unseen {
    let shown = name.shown();
    let what = format!("the inside of database {shown}");
    let parts = [name.as_str()];
    match snapshot.state.databases.get(name).map(|database| database.presence) {
        None | Some(Presence::Absent) => {
            let to_do = "run `pgmoat apply`, which makes it; then look again".into();
            Unseen::new(UnseenKind::AbsentDatabase, &parts, [what, "it doesn't exist yet".into(), to_do])
        }
        Some(Presence::Open) => {
            let to_do = "run `pgmoat inspect` with this layout".into();
            Unseen::new(UnseenKind::UnreadDatabase, &parts, [what, "the snapshot doesn't have it".into(), to_do])
        }
        Some(Presence::Closed) => {
            let to_do = format!(
                "run `pgmoat apply`, or ALTER DATABASE {} ALLOW_CONNECTIONS true; then look again",
                name.quoted()
            );
            Unseen::new(UnseenKind::ClosedDatabase, &parts, [what, "it accepts no connections".into(), to_do])
        }
    }
}
