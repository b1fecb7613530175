//! Does a change break a claim that held, or break one further?

use std::collections::BTreeMap;

use super::{Certainty, Finding, Proof, Severity, Target};
use crate::model::Privileges;

/// The errors of the second proof that the first one hadn't: not this principal nor PUBLIC had all these rights on the object, by
/// whatever findings. What is at work outlives the change, and isn't made by it. Where code decides, the same hole is enough: who may run the
/// code changes with every login.
#[must_use]
pub fn worse(before: &Proof, after: &Proof) -> Vec<Finding> {
    let before = Before::of(before);
    let errors = after.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.filter(|finding| !finding.outlives() && !before.had(finding)).cloned().collect()
}

/// What was found, by object.
#[derive(Default)]
struct Before<'a> {
    rights: BTreeMap<(&'a Target, &'a str), Privileges>,
    /// By code, what one finding had at once.
    holes: BTreeMap<(&'a Target, &'a str), Vec<Privileges>>,
    his: BTreeMap<(&'a Target, &'a str, &'a str), Vec<Privileges>>,
}

impl<'a> Before<'a> {
    fn of(proof: &'a Proof) -> Self {
        let mut before = Self::default();
        for Finding { object, principal, code, rights, .. } in &proof.findings {
            let all = before.rights.entry((object, principal)).or_default();
            *all = *all | *rights;
            add(before.holes.entry((object, code)).or_default(), *rights);
            add(before.his.entry((object, principal, code)).or_default(), *rights);
        }
        before
    }

    fn had(&self, finding: &Finding) -> bool {
        let Finding { object, principal, code, rights, certainty, .. } = finding;
        let any =
            |known: Option<&Vec<Privileges>>| known.is_some_and(|all| all.iter().any(|had| had.contains(*rights)));
        if *certainty == Certainty::Conditional && any(self.holes.get(&(object, *code))) {
            return true;
        }
        let who = [principal.as_str(), "PUBLIC"];
        if rights.is_empty() {
            return who.iter().any(|who| any(self.his.get(&(object, *who, *code))));
        }
        let had = who.iter().filter_map(|who| self.rights.get(&(object, *who)));
        had.fold(Privileges::NONE, |all, rights| all | *rights).contains(*rights)
    }
}

fn add(known: &mut Vec<Privileges>, rights: Privileges) {
    if !known.contains(&rights) {
        known.push(rights);
    }
}
