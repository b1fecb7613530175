//! Does a change break a claim that held, or break one further?

use super::{Certainty, Finding, Proof, Severity};

/// The errors of the second proof that the first one hadn't: for this principal or for PUBLIC, on this object, with all these rights. Where
/// code decides, the object is enough: who may run the code changes with every login.
#[must_use]
pub fn worse(before: &Proof, after: &Proof) -> Vec<Finding> {
    let errors = after.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.filter(|finding| !before.findings.iter().any(|known| covers(known, finding))).cloned().collect()
}

fn covers(known: &Finding, finding: &Finding) -> bool {
    let who = known.principal == finding.principal || known.principal == "PUBLIC";
    known.code == finding.code
        && known.object == finding.object
        && known.rights.contains(finding.rights)
        && (who || finding.certainty == Certainty::Conditional)
}
