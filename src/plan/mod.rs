//! A plan is data: ordered steps with their SQL, undo, hazards and reason, under a fingerprint of what was read. It is a
//! function of (desired, snapshot): no clock, no randomness, no secret goes in, so equal inputs give equal bytes.

mod after;
mod as_owner;
mod authority;
mod build;
mod circles;
mod cluster_steps;
mod fingerprint;
mod grantor;
mod grants;
mod hazard;
mod kept;
mod loans;
mod lost;
mod outliving;
mod own_setting;
mod owners;
mod ownership;
mod place;
mod reach;
mod reason;
mod rebuild;
mod retire;
mod retire_back;
mod retire_drops;
mod retire_rebuild;
mod retire_sql;
mod revokes;
mod rights;
mod rights_to_retire;
mod settings_steps;
mod sponsors;
mod sql;
mod standing;
mod step;
mod takeover;
mod things;
mod unbuilt;
pub mod view;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::diff::{Change, diff, retire};
use crate::model::{Desired, Name, Snapshot, State};

pub use hazard::Hazard;
pub use lost::lost;
pub use outliving::{Left, Lingering, Outliving};
pub use step::{Action, Beyond, ObjectRef, Stage, Step, StepCode};
pub use takeover::{Definitions, definitions};

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
    /// Sessions and prepared transactions that go on, whatever is applied. No work of the plan.
    #[serde(default, skip_serializing_if = "Outliving::is_empty")]
    pub outlives: Outliving,
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
    /// The role that it is for, where that isn't a superuser who acts as himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_as: Option<Name>,
}

/// What else stands in a plan's head.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub cluster: &'a str,
    pub layout: &'a str,
}

/// A note where a snapshot doesn't hold the definitions of code that a step gives to another owner.
const UNREAD: &str = "what was read doesn't hold the definitions of the code behind adopts-code: `pgmoat inspect` with this layout reads them";

impl Plan {
    /// Plans the way from what was read to what is wanted.
    #[must_use]
    pub fn between(snapshot: &Snapshot, desired: &Desired, head: Head<'_>) -> Self {
        let from = current(snapshot, desired);
        let changes = changes(snapshot, desired, &from);
        let (steps, out_of_reach, outlives) = build::steps(changes, snapshot, desired);
        let withheld = desired.exclusive.as_ref().map(|exclusive| diff(&desired.state, exclusive));
        let withheld = withheld.map_or_else(Vec::new, |changes| build::plain_steps(&changes, snapshot, desired));
        let all = || steps.iter().chain(out_of_reach.iter().map(|beyond| &beyond.step)).chain(&withheld);
        let adopts = |step: &Step| step.hazards.contains(&Hazard::AdoptsCode) && step.code.is_empty();
        let unread = all().any(adopts).then(|| UNREAD.to_owned());
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
                acting_as: snapshot.server.acting_as().cloned(),
            },
            from: fingerprint::of(snapshot, &from, steps.iter().chain(out_of_reach.iter().map(|beyond| &beyond.step))),
            layout: head.layout.into(),
            steps,
            out_of_reach,
            withheld,
            outlives,
            pending: desired.pending.clone(),
            notes: desired.notes.iter().cloned().chain(unread).collect(),
            summary,
        }
    }

    /// Nothing to do, by us or by somebody else.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.out_of_reach.is_empty()
    }

    /// The same steps from the same state, wherever the sessions of a role that leaves have come or gone since.
    #[must_use]
    pub fn is_same_work(&self, other: &Self) -> bool {
        self.from == other.from && self.out_of_reach == other.out_of_reach && self.work().eq(other.work())
    }

    /// The steps without those that end sessions, and without their numbers.
    fn work(&self) -> impl Iterator<Item = Step> {
        let lasting = self.steps.iter().filter(|step| !step.hazards.contains(&Hazard::CutsSessions));
        lasting.map(|step| Step { id: 0, ..step.clone() })
    }

    /// The hazards of all steps.
    #[must_use]
    pub fn hazards(&self) -> BTreeSet<Hazard> {
        self.steps.iter().flat_map(|step| step.hazards.iter().copied()).collect()
    }
}

/// What leads to the wanted state, and to the retired roles' being gone.
fn changes(snapshot: &Snapshot, desired: &Desired, from: &State) -> Vec<Change> {
    let mut changes = diff(from, &desired.state);
    changes.extend(retire(snapshot, desired, from));
    changes
}

/// The changes that the role which plans can't make, each as a text of its own: what of them is left after an apply must have been
/// there before, however the steps of the plan put them together.
#[must_use]
pub fn out_of_reach(snapshot: &Snapshot, desired: &Desired) -> BTreeSet<String> {
    texts(changes_out_of_reach(snapshot, desired))
}

/// The same changes as data.
#[must_use]
pub fn changes_out_of_reach(snapshot: &Snapshot, desired: &Desired) -> Vec<Change> {
    build::beyond(changes(snapshot, desired, &current(snapshot, desired)), snapshot, desired)
}

/// What goes on whatever the plan does, where sessions and prepared transactions have come or gone since it was made.
#[must_use]
pub fn outlives(snapshot: &Snapshot, desired: &Desired) -> Outliving {
    build::outlives(changes(snapshot, desired, &current(snapshot, desired)), snapshot, desired)
}

/// All changes that are left, within reach or not.
#[must_use]
pub fn left(snapshot: &Snapshot, desired: &Desired) -> BTreeSet<String> {
    texts(changes(snapshot, desired, &current(snapshot, desired)))
}

/// Without what is dropped at the end: that is another thing with every attribute that has gone before.
fn texts(changes: Vec<Change>) -> BTreeSet<String> {
    let lasting = changes.iter().filter(|change| !matches!(change, Change::Retire(last) if last.is_last()));
    lasting.map(|change| format!("{change:?}")).collect()
}

/// What was read, as far as the layout reaches; databases that are yet to be made or opened stand as they will be then.
#[must_use]
pub fn current(snapshot: &Snapshot, desired: &Desired) -> State {
    desired.current(snapshot)
}
