//! A draft as a file, as the file is understood, and what it would do: the only judge of a draft is the plan.

use super::AdoptError;
use super::draft::Draft;
use super::write;
use crate::diff::{Change, diff};
use crate::layout::{self, Layout, Problem, Problems, SourceFile, resolve::resolve};
use crate::model::{Desired, Snapshot, State};
use crate::plan::{Head, Plan, current};

pub(super) struct Trial {
    pub(super) text: String,
    pub(super) layout: Layout,
    desired: Desired,
}

/// What is wrong with a draft, in the light of the server.
pub(super) enum Verdict {
    Right(Box<Trial>),
    Wrong(Vec<Problem>, Box<Layout>),
}

/// Writes and reads the draft; `rest` is what stands at its end.
pub(super) fn of(snapshot: &Snapshot, draft: &Draft, rest: &[String]) -> Result<Trial, AdoptError> {
    match judge(snapshot, draft, rest)? {
        Verdict::Right(trial) => Ok(*trial),
        Verdict::Wrong(problems, layout) => {
            Err(AdoptError::Wrong(Problems { sources: layout.sources.clone(), problems }))
        }
    }
}

pub(super) fn judge(snapshot: &Snapshot, draft: &Draft, rest: &[String]) -> Result<Verdict, AdoptError> {
    let text = write::text(snapshot, draft, rest);
    let file = SourceFile { name: "adopted.toml".into(), text: text.clone() };
    let layout = layout::parse(vec![file], None).map_err(AdoptError::Wrong)?;
    Ok(match resolve(&layout, snapshot) {
        Ok(desired) => Verdict::Right(Box::new(Trial { text, layout, desired })),
        Err(problems) => Verdict::Wrong(problems, Box::new(layout)),
    })
}

impl Trial {
    pub(super) fn wanted(&self) -> &State {
        &self.desired.state
    }

    pub(super) fn changes(&self, snapshot: &Snapshot) -> Vec<Change> {
        diff(&current(snapshot, &self.desired), &self.desired.state)
    }

    pub(super) fn plan(&self, snapshot: &Snapshot) -> Plan {
        let head = Head { cluster: &self.layout.cluster.name, layout: &self.layout.digest };
        Plan::between(snapshot, &self.desired, head)
    }
}
