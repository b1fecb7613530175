//! Findings that are known and accepted on one cluster, each by its identity, for a reason, until a day: format 2.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::documents::{self, Document, read};
use super::super::error::CliError;
use crate::model::{Day, escaped, is_blank};
use crate::proof::view::sentence;
use crate::proof::{Proof, Severity};

/// The format number of a baseline.
const FORMAT: u64 = 2;

/// How one is made.
const HINT: &str = "`pgmoat drift --write-baseline FILE --reason TEXT --until YYYY-MM-DD` writes a baseline";

/// What a file accepts.
pub(super) struct Baseline {
    pub(super) file: String,
    system_identifier: String,
    entries: BTreeMap<String, Accepted>,
    today: Day,
}

#[derive(Serialize, Deserialize)]
struct File {
    format: u64,
    kind: String,
    system_identifier: String,
    accepted: Vec<Entry>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    id: String,
    /// For people.
    #[serde(default)]
    what: String,
    reason: String,
    until: String,
}

struct Accepted {
    what: String,
    reason: String,
    until: Day,
}

/// What `--write-baseline` says of each new entry.
pub(super) struct Why<'a> {
    pub(super) reason: &'a str,
    pub(super) until: Day,
}

impl Baseline {
    pub(super) fn read(path: &Path, today: Day) -> Result<Self, CliError> {
        let file = path.display().to_string();
        let (system_identifier, entries) = entries(&read(path)?)
            .map_err(|what| CliError::new(format!("failed to read the baseline {file}: {what}")).hint(HINT))?;
        Ok(Self { file, system_identifier, entries, today })
    }

    /// A finding that was accepted on one cluster says nothing of another.
    pub(super) fn check_cluster(&self, system_identifier: &str) -> Result<(), CliError> {
        if self.system_identifier == system_identifier {
            return Ok(());
        }
        let (file, its) = (&self.file, &self.system_identifier);
        let message =
            format!("the baseline {file} is of another cluster: of {its}, and this one is {system_identifier}");
        Err(CliError::new(message).hint(HINT))
    }

    /// Returns whether this finding, or what wasn't seen, is accepted today.
    pub(super) fn accepts(&self, id: &str) -> bool {
        self.entries.get(id).is_some_and(|entry| entry.until >= self.today)
    }

    /// Returns by what, until when and why it is accepted.
    pub(super) fn because(&self, id: &str) -> Option<String> {
        let entry = self.entries.get(id).filter(|_| self.accepts(id))?;
        Some(format!("accepted by {} until {}: {}", escaped(&self.file), entry.until, escaped(&entry.reason)))
    }

    /// What it accepts in vain, each a sentence: what isn't there, so that it is news when it comes, and what has ended.
    pub(super) fn wrong(&self, proof: &Proof) -> Vec<String> {
        let found = ids(proof);
        let sentence = |(id, entry): (&String, &Accepted)| {
            let what = if entry.what.is_empty() { String::new() } else { format!(" ({})", escaped(&entry.what)) };
            let why = match (found.contains(id.as_str()), entry.until < self.today) {
                (false, _) => "which isn't found on this cluster: take it out".to_owned(),
                (true, true) => format!("which ended on {}: close it, or accept it anew", entry.until),
                (true, false) => return None,
            };
            Some(format!("{} accepts {}{what}, {why}", self.file, escaped(id)))
        };
        self.entries.iter().filter_map(sentence).collect()
    }

    /// Returns the entries that are found and haven't ended.
    fn kept(&self, found: &BTreeSet<&str>) -> Vec<Entry> {
        let kept = self.entries.iter().filter(|(id, _)| found.contains(id.as_str()) && self.accepts(id));
        let entry = |(id, accepted): (&String, &Accepted)| Entry {
            id: id.clone(),
            what: accepted.what.clone(),
            reason: accepted.reason.clone(),
            until: accepted.until.to_string(),
        };
        kept.map(entry).collect()
    }
}

/// Whether the text is a baseline: for the fuzzer.
#[must_use]
pub fn is_baseline(text: &str) -> bool {
    entries(text).is_ok()
}

fn ids(proof: &Proof) -> BTreeSet<&str> {
    let findings = proof.findings.iter().map(|finding| finding.id.as_str());
    findings.chain(proof.unseen.iter().map(|unseen| unseen.id.as_str())).collect()
}

/// Writes a baseline that accepts the errors and warnings of the proof, and what it couldn't see. What `known` accepts keeps its reason and
/// day.
pub(super) fn write_new(
    path: &Path,
    (proof, system_identifier): (&Proof, &str),
    known: Option<&Baseline>,
    why: &Why<'_>,
) -> Result<(), CliError> {
    let mut accepted = known.map(|known| known.kept(&ids(proof))).unwrap_or_default();
    let has: BTreeSet<String> = accepted.iter().map(|entry| entry.id.clone()).collect();
    let matters = proof.findings.iter().filter(|finding| finding.severity != Severity::Note);
    let findings = matters.map(|finding| (&finding.id, format!("{}: {}", finding.code, sentence(finding))));
    let unseen = proof.unseen.iter().map(|unseen| (&unseen.id, format!("not seen: {}", unseen.what)));
    let new = findings.chain(unseen).filter(|(id, _)| !has.contains(*id));
    accepted.extend(new.map(|(id, what)| Entry {
        id: id.clone(),
        what,
        reason: why.reason.into(),
        until: why.until.to_string(),
    }));
    let (kind, system_identifier) = ("baseline".into(), system_identifier.into());
    let text = super::json::pretty(&File { format: FORMAT, kind, system_identifier, accepted });
    documents::write(path, &text, Document::Baseline, false)
}

fn entries(text: &str) -> Result<(String, BTreeMap<String, Accepted>), String> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<u64>,
        kind: Option<String>,
    }
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("it isn't JSON: {error}"))?;
    let old = "it says neither why each id is accepted, nor until when, nor on which cluster";
    let head = Head::deserialize(&value).map_err(|_| old.to_owned())?;
    match (head.kind.as_deref(), head.format) {
        (Some("baseline"), Some(FORMAT)) => {}
        (Some("baseline"), _) => return Err(format!("it has another format than {FORMAT}, which this pgmoat reads")),
        (Some("proof" | "drift") | None, _) => return Err(old.into()),
        (Some(other), _) => return Err(format!("the file holds a {}, not a baseline", escaped(other))),
    }
    let file = File::deserialize(&value).map_err(|error| escaped(&error.to_string()))?;
    let mut entries = BTreeMap::new();
    for Entry { id, what, reason, until } in file.accepted {
        if is_blank(&reason) {
            return Err(format!("{} has no `reason`", escaped(&id)));
        }
        let until = until.parse().map_err(|error| format!("`until` of {}: {error}", escaped(&id)))?;
        if entries.insert(id.clone(), Accepted { what, reason, until }).is_some() {
            return Err(format!("{} is there twice", escaped(&id)));
        }
    }
    Ok((file.system_identifier, entries))
}

#[cfg(test)]
mod tests {
    use super::entries;

    fn file(accepted: &str) -> String {
        format!(r#"{{"format": 2, "kind": "baseline", "system_identifier": "7", "accepted": [{accepted}]}}"#)
    }

    #[test]
    fn one_form() {
        let text = file(
            r#"{"id": "b", "reason": "old", "until": "2027-01-31"}, {"id": "a", "what": "x", "reason": "old", "until": "2027-02-28"}"#,
        );
        let (cluster, known) = entries(&text).expect("read");
        assert_eq!((cluster.as_str(), known.keys().map(String::as_str).collect::<Vec<_>>()), ("7", vec!["a", "b"]));
        assert!(entries(&file("")).expect("read").1.is_empty());
    }

    #[test]
    fn and_nothing_else() {
        let (old, entry) =
            ("neither why each id is accepted", r#"{"id": "a", "reason": "old", "until": "2027-02-28"}"#);
        for (text, error) in [
            ("{".to_owned(), "it isn't JSON"),
            ("1".into(), old),
            (r#"["a"]"#.into(), old),
            (r#"{"format": 1, "kind": "proof", "findings": [{"id": "a"}]}"#.into(), old),
            (r#"{"format": 1, "kind": "drift", "proof": {}}"#.into(), old),
            (r#"{"format": 1, "kind": "plan"}"#.into(), "holds a plan, not a baseline"),
            (r#"{"format": 3, "kind": "baseline"}"#.into(), "another format"),
            (r#"{"format": 2, "kind": "baseline", "accepted": []}"#.into(), "system_identifier"),
            (file(r#"{"id": "a", "until": "2027-02-28"}"#), "`reason`"),
            (file(r#"{"id": "a", "reason": " ", "until": "2027-02-28"}"#), "a has no `reason`"),
            (file(r#"{"id": "a", "reason": "old"}"#), "`until`"),
            (file(r#"{"id": "a", "reason": "old", "until": "2027-02-29"}"#), "expected a day"),
            (file(&format!("{entry}, {entry}")), "a is there twice"),
        ] {
            let said = entries(&text).map(|_| ()).expect_err(&text);
            assert!(said.contains(error), "{text}: {said}");
        }
    }
}
