//! Plan and proof as one answer, of which every format is a view.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Exit;
use super::super::look::View;
use super::baseline::Baseline;
use crate::apply::Survey;
use crate::layout::Layout;
use crate::model::{Name, escaped};
use crate::plan::{Action, Beyond, Plan, Step};
use crate::proof::{Finding, Proof, Severity, Unseen, UnseenKind};

/// What is pending, and what doesn't hold.
pub(super) struct Drift<'a> {
    pub(super) layout: &'a Layout,
    pub(super) seen: &'a Survey,
    pub(super) proof: &'a Proof,
    /// The file that accepts findings.
    pub(super) baseline: Option<&'a Baseline>,
    /// When and where the cluster was read.
    pub(super) look: View<'a>,
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
    pub(super) fn plan(&self) -> &'a Plan {
        &self.seen.plan
    }

    pub(super) fn is_accepted(&self, finding: &Finding) -> bool {
        self.baseline.is_some_and(|baseline| baseline.accepts(&finding.id))
    }

    /// The findings that no baseline accepts, worst first.
    pub(super) fn open(&self) -> impl Iterator<Item = &'a Finding> {
        self.proof.findings.iter().filter(|finding| !self.is_accepted(finding))
    }

    pub(super) fn accepted(&self) -> impl Iterator<Item = &'a Finding> {
        self.proof.findings.iter().filter(|finding| self.is_accepted(finding))
    }

    /// Returns by which file, until when and why a finding is accepted.
    pub(super) fn because(&self, id: &str) -> Option<String> {
        self.baseline.and_then(|baseline| baseline.because(id))
    }

    /// What wasn't seen, and no baseline accepts.
    pub(super) fn unseen(&self) -> impl Iterator<Item = &'a Unseen> {
        self.proof.unseen.iter().filter(|unseen| !self.is_accepted_unseen(unseen))
    }

    pub(super) fn accepted_unseen(&self) -> impl Iterator<Item = &'a Unseen> {
        self.proof.unseen.iter().filter(|unseen| self.is_accepted_unseen(unseen))
    }

    fn is_accepted_unseen(&self, unseen: &Unseen) -> bool {
        self.baseline.is_some_and(|baseline| baseline.accepts(&unseen.id))
    }

    /// Is something that is there left in the dark? Of a database that the plan is to make there is nothing to see.
    pub(super) fn is_blind(&self) -> bool {
        let made = |unseen: &&Unseen| unseen.kind == UnseenKind::AbsentDatabase && !self.plan().is_empty();
        self.unseen().any(|unseen| !made(&unseen))
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

    /// A broken claim wins, then what wasn't seen; no baseline hides what is pending.
    pub(super) fn exit(&self) -> Exit {
        match (self.violated(), self.is_blind(), self.plan().is_empty()) {
            (1.., _, _) => Exit::Broken,
            (0, true, _) => Exit::Unseen,
            (0, false, false) => Exit::Pending,
            (0, false, true) => Exit::Done,
        }
    }

    /// One line that says it all.
    pub(super) fn verdict(&self) -> String {
        let warnings = self.open().filter(|finding| finding.severity == Severity::Warning).count();
        let parts = [
            (self.violated(), "claim violated", "claims violated"),
            (self.unseen().count(), "thing not seen", "things not seen"),
            (self.changes().count(), "change pending", "changes pending"),
            (warnings, "warning", "warnings"),
            (self.accepted().count() + self.accepted_unseen().count(), "finding accepted", "findings accepted"),
        ];
        let said = parts.iter().filter(|(n, ..)| *n > 0);
        let said: Vec<String> =
            said.map(|(n, one, more)| format!("{n} {}", if *n == 1 { one } else { more })).collect();
        match (self.exit(), said.as_slice()) {
            (Exit::Done, []) => "in sync: nothing to change, and every claim holds".into(),
            (Exit::Done, said) => format!("in sync, with {}", said.join(", ")),
            (Exit::Unseen, said) => format!("not everything was seen: {}", said.join(", ")),
            (_, said) => format!("drift: {}", said.join(", ")),
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
