//! Plan and proof as one answer, of which every format is a view.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Exit;
use super::baseline::Baseline;
use crate::apply::Survey;
use crate::layout::Layout;
use crate::model::{Name, escaped};
use crate::plan::{Action, Beyond, Plan, Step};
use crate::proof::{Finding, Proof, Severity};

/// What is pending, and what doesn't hold.
pub(super) struct Drift<'a> {
    pub(super) layout: &'a Layout,
    pub(super) seen: &'a Survey,
    pub(super) proof: &'a Proof,
    /// The file that accepts findings.
    pub(super) baseline: Option<&'a Baseline>,
}

/// Whose a change or a finding is, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose<'a> {
    Cluster,
    Database(&'a Name),
    /// By its key in the layout.
    Service(&'a str),
}

impl Whose<'_> {
    /// `orders`, `database postgres`, `cluster`.
    pub(super) fn title(self) -> String {
        match self {
            Self::Cluster => "cluster".into(),
            Self::Database(name) => format!("database {}", name.shown()),
            Self::Service(key) => escaped(key),
        }
    }
}

impl<'a> Drift<'a> {
    pub(super) fn new(layout: &'a Layout, seen: &'a Survey, proof: &'a Proof, baseline: Option<&'a Baseline>) -> Self {
        Self { layout, seen, proof, baseline }
    }

    pub(super) fn plan(&self) -> &'a Plan {
        &self.seen.plan
    }

    pub(super) fn is_accepted(&self, finding: &Finding) -> bool {
        self.baseline.is_some_and(|baseline| baseline.accepts(finding))
    }

    /// The findings that no baseline accepts, worst first.
    pub(super) fn open(&self) -> impl Iterator<Item = &'a Finding> {
        self.proof.findings.iter().filter(|finding| !self.is_accepted(finding))
    }

    pub(super) fn accepted(&self) -> impl Iterator<Item = &'a Finding> {
        self.proof.findings.iter().filter(|finding| self.is_accepted(finding))
    }

    /// How many claims are violated by what isn't accepted.
    pub(super) fn violated(&self) -> usize {
        let broken = self.open().filter(|finding| finding.severity == Severity::Error);
        broken.map(|finding| finding.claim.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// Every pending change, in the order of the plan, with those that are out of reach at the end. What is borrowed is given back:
    /// that changes nothing.
    pub(super) fn changes(&self) -> impl Iterator<Item = (&'a Step, Option<&'a Beyond>)> {
        let changes = |step: &&Step| !matches!(step.action, Action::Borrow | Action::Return);
        let plan = self.plan();
        let within = plan.steps.iter().filter(changes).map(|step| (step, None));
        within.chain(plan.out_of_reach.iter().map(|beyond| (&beyond.step, Some(beyond))))
    }

    /// The same by whose they are.
    pub(super) fn changes_by_service(&self) -> BTreeMap<Whose<'a>, Vec<(&'a Step, Option<&'a Beyond>)>> {
        let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for change in self.changes() {
            all.entry(whose_step(change.0)).or_default().push(change);
        }
        all
    }

    /// Whose walls a finding is about: the object's service, else the principal's.
    pub(super) fn whose(&self, finding: &'a Finding) -> Whose<'a> {
        let desired = &self.seen.desired;
        let (object, name) = (&finding.object, Name::of_server(&finding.object.name));
        let schema = if object.kind == "schema" { Some(&name) } else { object.schema.as_ref() };
        let inside = object.database.as_ref().zip(schema);
        let inside = inside.and_then(|(database, schema)| desired.schemas.get(&(database.clone(), schema.clone())));
        let home = || desired.homes.get(&Name::of_server(&finding.principal)).map(|home| &home.service);
        let role = || desired.homes.get(&name).filter(|_| object.kind == "role").map(|home| &home.service);
        match (inside.or_else(home).or_else(role), &object.database) {
            (Some(service), _) => Whose::Service(service),
            (None, Some(database)) => Whose::Database(database),
            (None, None) => Whose::Cluster,
        }
    }

    pub(super) fn in_sync(&self) -> bool {
        self.exit() == Exit::Done
    }

    /// A broken claim wins; no baseline hides what is pending.
    pub(super) fn exit(&self) -> Exit {
        match (self.violated(), self.plan().is_empty()) {
            (1.., _) => Exit::Broken,
            (0, false) => Exit::Pending,
            (0, true) => Exit::Done,
        }
    }

    /// One line that says it all.
    pub(super) fn verdict(&self) -> String {
        let warnings = self.open().filter(|finding| finding.severity == Severity::Warning).count();
        let parts = [
            (self.violated(), "claim violated", "claims violated"),
            (self.changes().count(), "change pending", "changes pending"),
            (warnings, "warning", "warnings"),
            (self.accepted().count(), "finding accepted", "findings accepted"),
        ];
        let said = parts.iter().filter(|(n, ..)| *n > 0);
        let said: Vec<String> =
            said.map(|(n, one, more)| format!("{n} {}", if *n == 1 { one } else { more })).collect();
        match (self.in_sync(), said.as_slice()) {
            (true, []) => "in sync: nothing to change, and every claim holds".into(),
            (true, said) => format!("in sync, with {}", said.join(", ")),
            (false, said) => format!("drift: {}", said.join(", ")),
        }
    }
}

pub(super) fn whose_step(step: &Step) -> Whose<'_> {
    match (&step.service, &step.object.database) {
        (Some(service), _) => Whose::Service(service),
        (None, Some(database)) => Whose::Database(database),
        (None, None) => Whose::Cluster,
    }
}
