//! A layout from a running cluster: what is there, said as a layout can say it, and what it can't say. Pure: a function of
//! a snapshot and a day.
//!
//! The parts, in their order: `ground` finds the services, `people` their roles, `tables` who writes what, `choice` tries
//! what the catalog leaves open, `keep` makes exceptions of what the plan would take, `write` makes the file.

mod allows;
mod choice;
mod draft;
mod ground;
mod keep;
mod keys;
mod later;
mod people;
mod rest;
mod share;
mod tables;
mod taken;
mod toml;
mod trial;
mod uses;
mod write;

use std::collections::BTreeSet;

use crate::layout::resolve::cloud_roles;
use crate::layout::{Layout, Problems};
use crate::model::{Name, Presence, Snapshot};
use crate::plan::Plan;

pub use rest::rest;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Where pgmoat connects first; never a service's.
    pub maintenance: Name,
    /// None: every database that holds something.
    pub databases: Option<BTreeSet<Name>>,
    /// The day on which the cluster was read, as it stands in the reasons: `2026-11-24`.
    pub day: String,
}

/// A layout, and how far it is from the cluster.
#[derive(Debug)]
pub struct Adopted {
    /// The file.
    pub text: String,
    /// The file, read.
    pub layout: Layout,
    /// What it would do to the cluster that it was made from.
    pub plan: Plan,
}

/// "failed to write a layout: …"
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error("no database holds what could be a service's")]
    NoService(Vec<String>),
    #[error("there is no database {}", .0.shown())]
    NoDatabase(Name),
    #[error("the maintenance database {} can't be a service's", .0.shown())]
    Maintenance(Name),
    #[error("the database {} can't be a service's by its name", .0.shown())]
    Reserved(Name),
    #[error("the database {} accepts no connections", .0.shown())]
    Closed(Name),
    /// A fault of ours: the file that was made is no layout, or none for this server.
    #[error("the layout that came of it isn't right:\n{0}")]
    Wrong(Problems),
}

/// The databases that must be read: those that were named, or all that accept connections, without the cloud's own.
///
/// # Errors
/// When one of those that were named can't be a service's.
pub fn to_read(snapshot: &Snapshot, wish: &Wish) -> Result<BTreeSet<Name>, AdoptError> {
    let databases = &snapshot.state.databases;
    let Some(named) = &wish.databases else {
        let open = databases.iter().filter(|(_, database)| database.presence == Presence::Open);
        let clouds = cloud_roles(&snapshot.state);
        let ours = open.filter(|(name, database)| may_be_service(name) && !clouds.contains(&database.held.owner));
        return Ok(ours.map(|(name, _)| name.clone()).collect());
    };
    for name in named {
        match databases.get(name) {
            None => return Err(AdoptError::NoDatabase(name.clone())),
            Some(_) if *name == wish.maintenance => return Err(AdoptError::Maintenance(name.clone())),
            Some(_) if !may_be_service(name) => return Err(AdoptError::Reserved(name.clone())),
            Some(database) if database.presence != Presence::Open => return Err(AdoptError::Closed(name.clone())),
            Some(_) => {}
        }
    }
    Ok(named.clone())
}

/// Templates and PostgreSQL's own names are refused by every layout.
fn may_be_service(database: &Name) -> bool {
    !["template0", "template1"].contains(&database.as_str()) && !database.as_str().starts_with("pg_")
}

/// Writes the layout that comes nearest to what was read.
///
/// # Errors
/// When there is no service to be found.
pub fn adopt(read: &Snapshot, wish: &Wish) -> Result<Adopted, AdoptError> {
    let ground = ground::survey(read, wish);
    if ground.plots.is_empty() {
        return Err(AdoptError::NoService(ground.notes));
    }
    let snapshot = seen_by(read, &ground.provisioner);
    let mut draft = people::settle(&snapshot, &ground, wish);
    tables::add(&snapshot, &mut draft);
    uses::add(&snapshot, &mut draft);
    draft.notes.extend(ground.notes);
    later::note(&snapshot, &mut draft);
    let mut draft = choice::make(&snapshot, draft)?;
    keep::what_is_taken(&snapshot, &seen_by(read, &read.server.bootstrap), &mut draft)?;
    let rest = rest(&trial::of(read, &draft, &[])?.plan(read));
    // what the comments at the end say doesn't change what the layout means
    let whole = trial::of(read, &draft, &rest)?;
    Ok(Adopted { plan: whole.plan(read), text: whole.text, layout: whole.layout })
}

/// Who reads is trusted by a plan, and so would need no exception; the next one who reads would.
fn seen_by(read: &Snapshot, user: &Name) -> Snapshot {
    let mut snapshot = read.clone();
    snapshot.server.user = user.clone();
    snapshot.server.superuser = read.state.roles.get(user).is_some_and(|role| role.superuser);
    snapshot
}
