//! What `pgmoat prove` says.

use serde::Deserialize;

use crate::cluster::Cluster;
use crate::expected::{Expected, Finding};

/// An answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Proof {
    pub(crate) holds: bool,
    findings: Vec<Found>,
}

/// One thing found.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    code: String,
    severity: String,
    certainty: String,
    principal: String,
    privileges: Vec<String>,
    object: Object,
    fix: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Object {
    database: Option<String>,
}

impl Proof {
    /// Asks the program; its exit code must say the same as its answer.
    pub(crate) fn of(cluster: &Cluster) -> Proof {
        let output = cluster.pgmoat("prove --format json").end();
        let proof: Proof = serde_json::from_str(&output.out).unwrap_or_else(|error| panic!("{error}\n{output}"));
        let _ = output.code(if proof.holds { 0 } else { 4 });
        let errors = proof.errors().count();
        assert_eq!(proof.holds, errors == 0, "{proof}");
        proof
    }

    fn errors(&self) -> impl Iterator<Item = &Found> {
        self.findings.iter().filter(|found| found.severity == "error")
    }

    /// The findings that are expected, though their certainty and severity may differ.
    pub(crate) fn like<'a>(&'a self, finding: &'a Finding) -> impl Iterator<Item = &'a Found> {
        self.findings.iter().filter(|found| {
            let privilege = |wanted: &String| found.privileges.contains(wanted);
            found.code == finding.code
                && found.principal == finding.principal
                && finding.privilege.as_ref().is_none_or(privilege)
        })
    }

    /// It is there where it must be, as it must be, and nowhere else.
    pub(crate) fn check(&self, expected: &Expected, major: u32) {
        let Some((finding, there)) = expected.finding_on(major) else { return };
        let mut found = self.like(finding).peekable();
        assert_eq!(found.peek().is_some(), there, "{} of {}: {self}", finding.code, finding.principal);
        for found in found {
            let is = (found.severity.as_str(), found.certainty.as_str());
            assert_eq!(is, (finding.severity.as_str(), finding.certainty.as_str()), "{self}");
        }
    }

    /// It is gone, and with it every error but those that are known to be left.
    pub(crate) fn check_closed(&self, expected: &Expected) {
        if let Some(finding) = &expected.finding {
            assert_eq!(self.like(finding).count(), 0, "{} is still there: {self}", finding.code);
        }
        let unknown: Vec<&Found> = self.errors().filter(|found| !expected.left.contains(&found.code)).collect();
        assert!(unknown.is_empty(), "also found: {unknown:#?}");
    }
}

impl Found {
    /// A script that closes it, if it names SQL.
    pub(crate) fn script(&self) -> Option<String> {
        let database = self.object.database.as_deref().unwrap_or("postgres");
        (!self.fix.is_empty()).then(|| format!("\\connect {database}\n{};\n", self.fix.join(";\n")))
    }
}

impl std::fmt::Display for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for found in &self.findings {
            writeln!(f, "\n{found:?}")?;
        }
        Ok(())
    }
}
