//! Claims derived from the layout, each proven against the catalog, or shown to be violated with the path that leads there. Pure.
//!
//! What somebody may do by the layout is what he can do in the state that the layout wants; what he can do, by whatever way, in
//! the state that was read. A finding is the difference.

mod acting;
mod behind;
mod code;
mod columns;
mod containers;
mod databases;
mod definers;
mod finding;
mod fix;
mod foreign;
mod ground;
mod hanging;
mod keyed;
pub mod live;
mod named;
mod objects;
mod others;
mod outliving;
mod parts;
mod people;
mod policies;
mod search_path;
mod servers;
mod structure;
mod tomorrow;
mod trusts;
mod unseen;
mod used_code;
pub mod view;
mod worse;

use crate::model::{Contents, Desired, Name, Snapshot};

pub use finding::{CODES, Certainty, Finding, Severity, Target};
use ground::Ground;
pub use trusts::Trust;
pub use unseen::{Unseen, UnseenKind};
pub use worse::worse;

/// The format number of a proof.
pub const FORMAT: u32 = 1;

/// What was claimed, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Proof {
    pub format: u32,
    pub kind: &'static str,
    /// No finding is an error, and everything was seen.
    pub holds: bool,
    pub claims: Claims,
    /// What a claim needs and couldn't be seen or tried, in a fixed order.
    pub unseen: Vec<Unseen>,
    /// In a fixed order: same input, same bytes.
    pub findings: Vec<Finding>,
    /// Roles that may do everything, and about which nothing is claimed: superusers, admins, the clouds' own, and who is a member of an
    /// admin that the layout names.
    pub trusted: Vec<Name>,
    /// Which service uses another's tables, whether the layout trusts the code that runs then, and what there is of it.
    pub trusts: Vec<Trust>,
    /// What a DBA should know besides: exceptions, schemas that nobody declares.
    pub notes: Vec<String>,
}

impl Proof {
    /// Adds what couldn't be seen or tried.
    pub fn add_unseen(&mut self, more: impl IntoIterator<Item = Unseen>) {
        self.unseen.extend(more);
        self.unseen.sort_by(|a, b| (a.kind, &a.what, &a.id).cmp(&(b.kind, &b.what, &b.id)));
        self.unseen.dedup_by(|a, b| a.id == b.id);
        self.holds = self.claims.violated == 0 && self.unseen.is_empty();
    }
}

/// How many claims were looked at, and how many don't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Claims {
    pub checked: usize,
    pub violated: usize,
}

/// Why nothing can be proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the snapshot doesn't say what acts for another in {}: it was written by an earlier pgmoat", .0.shown())]
pub struct Unread(Name);

/// Does it say what acts for another, and what names lead to?
fn is_read(contents: &Contents) -> bool {
    contents.others.is_some()
        && contents.code.as_ref().is_some_and(|code| {
            let read = [code.on_path.is_some(), code.used.is_some(), code.contained.is_some(), code.by_name.is_some()];
            read == [true; 4] && code.hanging.is_some()
        })
}

/// Proves the layout's claims.
///
/// # Errors
/// [`Unread`] when a database was read without the code in it.
pub fn prove(snapshot: &Snapshot, desired: &Desired) -> Result<Proof, Unread> {
    if let Some((name, _)) = snapshot.contents.iter().find(|(_, contents)| !is_read(contents)) {
        return Err(Unread(name.clone()));
    }
    if snapshot.maintenance.is_none() && !snapshot.contents.contains_key(&desired.maintenance) {
        return Err(Unread(desired.maintenance.clone()));
    }
    let ground = Ground::of(snapshot, desired);
    people::claims(&ground);
    for name in desired.scope.databases.keys() {
        let Some(contents) = snapshot.contents.get(name) else { continue };
        databases::claims(&ground, name, contents);
    }
    databases::maintenance(&ground);
    databases::others(&ground);
    outliving::prepared(&ground);
    tomorrow::claims(&ground);
    let mut proof = ground.proof();
    proof.add_unseen(unseen::of(snapshot, desired));
    Ok(proof)
}
