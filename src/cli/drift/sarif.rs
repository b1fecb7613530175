//! SARIF 2.1.0, for code scanning: each finding is a result under its code as the rule, and so is each pending change.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::place::Place;
use super::report::Drift;
use super::rules::{NOT_SEEN, PENDING, RULES, change, page};
use crate::model::{escaped, visible_sql};
use crate::plan::{Beyond, Step};
use crate::proof::view::{route, sentence};
use crate::proof::{Finding, Severity, Unseen};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name of our fingerprints (SARIF 3.27.17); a way to count them anew gets another.
const FINGERPRINT: &str = "pgmoat/v1";

pub(super) fn sarif(drift: &Drift<'_>) -> String {
    let findings = drift.proof.findings.iter().map(|finding| of_finding(drift, finding));
    let changes = drift.changes().map(|(step, beyond)| of_change(drift, step, beyond));
    let unseen = drift.proof.unseen.iter().map(|unseen| of_unseen(drift, unseen));
    let results: Vec<Value> = unseen.chain(findings).chain(changes).collect();
    let driver = json!({ "name": "pgmoat", "version": env!("CARGO_PKG_VERSION"), "rules": rules() });
    // two clusters of one repository are two analyses
    let id = format!("pgmoat/{}/", escaped(&drift.plan().target.cluster));
    let run = json!({ "tool": { "driver": driver }, "automationDetails": { "id": id }, "results": results,
        "properties": { "look": drift.look } });
    super::json::pretty(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// All of them, so that what a rule is about can be read where it holds, too.
fn rules() -> Vec<Value> {
    let finding = RULES
        .iter()
        .map(|(code, text)| json!({ "id": code, "shortDescription": { "text": text }, "helpUri": page(code) }));
    let others = [PENDING, NOT_SEEN].map(|(code, text)| json!({ "id": code, "shortDescription": { "text": text } }));
    finding.chain(others).collect()
}

fn of_finding<'a>(drift: &Drift<'a>, finding: &'a Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut message = format!("{}\n{}\nclaim: {}", sentence(finding), route(finding), escaped(&finding.claim));
    for sql in &finding.fix {
        let _ = write!(message, "\nfix: {};", visible_sql(sql));
    }
    let mut location = location(drift.place_of_finding(finding));
    location["logicalLocations"] =
        json!([{ "fullyQualifiedName": finding.object.shown(), "kind": finding.object.kind }]);
    let mut result = result(finding.code, level, &message, location, &finding.id);
    result["properties"] = json!({ "certainty": finding.certainty, "principal": escaped(&finding.principal) });
    suppress(drift, &finding.id, &mut result);
    result
}

fn suppress(drift: &Drift<'_>, id: &str, result: &mut Value) {
    if drift.baseline.is_some() {
        let why = drift.because(id);
        result["baselineState"] = json!(if why.is_some() { "unchanged" } else { "new" });
        if let Some(why) = why {
            result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
        }
    }
}

fn of_unseen(drift: &Drift<'_>, unseen: &Unseen) -> Value {
    let parts = [("not seen", &unseen.what), ("why", &unseen.why), ("to do", &unseen.to_do)];
    let message: Vec<String> = parts.iter().map(|(word, text)| format!("{word}: {}", escaped(text))).collect();
    let mut result = result(NOT_SEEN.0, "error", &message.join("\n"), location(drift.place_of_cluster()), &unseen.id);
    result["properties"] = json!({ "kind": unseen.kind });
    suppress(drift, &unseen.id, &mut result);
    result
}

fn of_change<'a>(drift: &Drift<'a>, step: &'a Step, beyond: Option<&Beyond>) -> Value {
    let mut message = escaped(&change(step, beyond));
    if !step.why.is_empty() {
        let _ = write!(message, " ({})", escaped(&step.why));
    }
    let sql = beyond.map_or(&step.sql, |beyond| &beyond.once);
    for sql in sql {
        let _ = write!(message, "\n{};", visible_sql(sql));
    }
    let parts = [step.database.as_str(), step.action.word(), &step.what, &step.sql.join("\0")];
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    let id: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let mut result = result(PENDING.0, "warning", &message, location(drift.place_of_step(step)), &id);
    result["properties"] = json!({ "action": step.action.word(), "hazards": step.hazards });
    result
}

fn result(rule: &str, level: &str, message: &str, location: Value, fingerprint: &str) -> Value {
    json!({
        "ruleId": rule,
        "ruleIndex": RULES.iter().chain([&PENDING, &NOT_SEEN]).position(|(code, _)| *code == rule),
        "level": level,
        "message": { "text": message },
        "locations": [location],
        "partialFingerprints": { FINGERPRINT: fingerprint },
    })
}

fn location(place: Place<'_>) -> Value {
    let region = json!({ "startLine": place.line });
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(place.file) }, "region": region } })
}

/// A relative reference, or a `file:` URI (SARIF 3.4.3), whose every other byte is percent-encoded (RFC 3986, 2.1).
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("db/shop.toml"), "db/shop.toml");
        assert_eq!(uri("/etc/é b.toml"), "file:///etc/%C3%A9%20b.toml");
        assert_eq!(uri("a:b?#%"), "a%3Ab%3F%23%25");
    }
}
