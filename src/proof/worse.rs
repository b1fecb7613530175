//! Does a change break a claim that held, or break one further?

use super::{Certainty, Finding, Proof, Severity};
use crate::model::Privileges;

/// The errors of the second proof that the first one hadn't: not this principal nor PUBLIC had all these rights on the object, by
/// whatever findings. What is at work outlives the change, and isn't made by it. Where code decides, the same hole is enough: who may run the code changes with every login.
#[must_use]
pub fn worse(before: &Proof, after: &Proof) -> Vec<Finding> {
    let errors = after.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.filter(|finding| !finding.outlives() && !was_there(before, finding)).cloned().collect()
}

fn was_there(before: &Proof, finding: &Finding) -> bool {
    let here = || before.findings.iter().filter(|known| known.object == finding.object);
    let his = || here().filter(|known| known.principal == finding.principal || known.principal == "PUBLIC");
    let same = |known: &Finding| known.code == finding.code && known.rights.contains(finding.rights);
    if finding.rights.is_empty() {
        return his().any(same) || finding.certainty == Certainty::Conditional && here().any(same);
    }
    let had = his().fold(Privileges::NONE, |all, known| all | known.rights);
    had.contains(finding.rights) || finding.certainty == Certainty::Conditional && here().any(same)
}
