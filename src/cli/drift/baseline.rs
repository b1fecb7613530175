//! Findings that are known and accepted, by their identity.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::super::error::CliError;
use super::super::plan::read;
use crate::model::escaped;
use crate::proof::{FORMAT, Finding, Proof};

/// What a file accepts.
pub(super) struct Baseline {
    pub(super) file: String,
    /// Each id, and what it was, where the file says so.
    ids: BTreeMap<String, Option<String>>,
}

impl Baseline {
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let file = path.display().to_string();
        let ids = ids(&read(path)?).map_err(|what| {
            CliError::new(format!("failed to read the baseline {file}: {what}"))
                .hint("a baseline is what `pgmoat drift --format json` or `prove --format json` wrote, or a list of ids: [\"0123456789abcdef\"]")
        })?;
        Ok(Self { file, ids })
    }

    pub(super) fn accepts(&self, finding: &Finding) -> bool {
        self.ids.contains_key(&finding.id)
    }

    /// What it accepts in vain, each a sentence: a hole that comes back should be news.
    pub(super) fn stale(&self, proof: &Proof) -> Vec<String> {
        let found: BTreeSet<&str> = proof.findings.iter().map(|finding| finding.id.as_str()).collect();
        let stale = self.ids.iter().filter(|(id, _)| !found.contains(id.as_str()));
        stale
            .map(|(id, what)| {
                let what = what.as_ref().map(|what| format!(" ({what})")).unwrap_or_default();
                format!("{} accepts {id}{what}, which is no longer found: take it out", self.file)
            })
            .collect()
    }
}

/// Whether the text is a baseline: for the fuzzer.
#[must_use]
pub fn is_baseline(text: &str) -> bool {
    ids(text).is_ok()
}

fn ids(text: &str) -> Result<BTreeMap<String, Option<String>>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("it isn't JSON: {error}"))?;
    if let Some(list) = value.as_array() {
        let id = |value: &Value| value.as_str().map(|id| (id.to_owned(), None)).ok_or("an id isn't a text".into());
        return list.iter().map(id).collect();
    }
    let proof = match value["kind"].as_str() {
        Some("proof") => &value,
        Some("drift") => &value["proof"],
        Some(other) => return Err(format!("the file holds a {}, not findings", escaped(other))),
        None => return Err("it is neither a list nor has it a `kind`".into()),
    };
    if [&value["format"], &proof["format"]].iter().any(|format| format.as_u64() != Some(FORMAT.into())) {
        return Err(format!("it has another format than {FORMAT}, which this pgmoat reads"));
    }
    let findings = proof["findings"].as_array().ok_or("it has no `findings`")?;
    let entry = |finding: &Value| {
        let id = finding["id"].as_str().ok_or("a finding has no `id`")?;
        Ok((id.to_owned(), Some(what(finding))))
    };
    findings.iter().map(entry).collect()
}

/// `second-writer: billing_app, jobs`
fn what(finding: &Value) -> String {
    let text = |value: &Value| value.as_str().map(escaped).unwrap_or_default();
    format!("{}: {}, {}", text(&finding["code"]), text(&finding["principal"]), text(&finding["object"]["name"]))
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn three_forms() {
        let known = |text: &str| ids(text).expect("read").into_keys().collect::<Vec<_>>();
        assert_eq!(known(r#"["b", "a", "b"]"#), ["a", "b"]);
        assert_eq!(known("[]"), Vec::<String>::new());
        assert_eq!(known(r#"{"format": 1, "kind": "proof", "findings": [{"id": "a"}]}"#), ["a"]);
        let drift = r#"{"format": 1, "kind": "drift", "proof": {"format": 1, "findings": [{"id": "a"}, {"id": "b"}]}}"#;
        assert_eq!(known(drift), ["a", "b"]);
    }

    #[test]
    fn and_nothing_else() {
        for (text, error) in [
            ("{", "it isn't JSON"),
            ("[1]", "an id isn't a text"),
            ("1", "neither a list"),
            (r#"{"format": 1, "kind": "plan"}"#, "holds a plan, not findings"),
            (r#"{"format": 2, "kind": "proof", "findings": []}"#, "another format"),
            (r#"{"format": 1, "kind": "drift", "findings": []}"#, "another format"),
            (r#"{"format": 1, "kind": "proof"}"#, "no `findings`"),
            (r#"{"format": 1, "kind": "proof", "findings": [{}]}"#, "no `id`"),
        ] {
            let said = ids(text).expect_err(text);
            assert!(said.contains(error), "{text}: {said}");
        }
    }
}
