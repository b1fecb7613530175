//! A plan is data: ordered steps with their SQL, undo, hazards and reason, under a fingerprint of what was read. It is a
//! function of (desired, snapshot): no clock, no randomness, no secret goes in, so equal inputs give equal bytes.

mod build;
mod cluster_steps;
mod fingerprint;
mod grants;
mod hazard;
mod lost;
mod owners;
mod place;
mod reason;
mod revokes;
mod settings_steps;
mod sql;
mod step;
pub mod view;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diff::diff;
use crate::model::{Desired, Snapshot, State};

pub use hazard::Hazard;
pub use lost::lost;
pub use step::{Action, Beyond, ObjectRef, Stage, Step};

/// The format number of a saved plan.
pub const FORMAT: u32 = 1;

/// What leads from a cluster's state to the layout's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub format: u32,
    pub kind: String,
    pub target: Target,
    /// `sha256:…` of the managed state that was read.
    pub from: String,
    /// `sha256:…` of the layout's text.
    pub layout: String,
    pub steps: Vec<Step>,
    /// What the layout wants and the role that plans can't do; everything that depends on it, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub out_of_reach: Vec<Beyond>,
    /// In a layout that only adds (`mode = "additive"`): what an exclusive one would do besides. Never run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Step>,
    /// Tables that the layout names and that don't exist yet; not drift.
    pub pending: Vec<String>,
    pub notes: Vec<String>,
    /// How many steps of each action.
    pub summary: BTreeMap<Action, usize>,
}

/// The server that the plan is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub system_identifier: String,
    pub server_version_num: u32,
    /// The layout's name for the cluster.
    pub cluster: String,
}

/// What else stands in a plan's head.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub cluster: &'a str,
    pub layout: &'a str,
}

impl Plan {
    /// Plans the way from what was read to what is wanted.
    #[must_use]
    pub fn between(snapshot: &Snapshot, desired: &Desired, head: Head<'_>) -> Self {
        let from = current(snapshot, desired);
        let changes = diff(&from, &desired.state);
        let steps = build::steps(changes, snapshot, desired);
        let withheld = desired.exclusive.as_ref().map(|exclusive| diff(&desired.state, exclusive));
        let withheld = withheld.map_or_else(Vec::new, |changes| build::steps(changes, snapshot, desired));
        let mut summary = BTreeMap::new();
        for step in &steps {
            *summary.entry(step.action).or_insert(0) += 1;
        }
        Self {
            format: FORMAT,
            kind: "plan".into(),
            target: Target {
                system_identifier: snapshot.server.system_identifier.clone(),
                server_version_num: snapshot.server.version_num,
                cluster: head.cluster.into(),
            },
            from: fingerprint::of(&snapshot.server, &from),
            layout: head.layout.into(),
            steps,
            out_of_reach: vec![],
            withheld,
            pending: desired.pending.clone(),
            notes: desired.notes.clone(),
            summary,
        }
    }

    /// Nothing to do, by us or by somebody else.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.out_of_reach.is_empty()
    }

    /// The hazards of all steps.
    #[must_use]
    pub fn hazards(&self) -> std::collections::BTreeSet<Hazard> {
        self.steps.iter().flat_map(|step| step.hazards.iter().copied()).collect()
    }
}

/// What was read, as far as the layout reaches; databases that are yet to be made or opened stand as they will be then.
#[must_use]
pub fn current(snapshot: &Snapshot, desired: &Desired) -> State {
    desired.current(snapshot)
}
