//! The proof for people: what doesn't hold, the path that shows it, and how to close it.

use std::fmt::Write;

use crate::access::Hop;
use crate::model::{Privileges, escaped};
use crate::proof::{Certainty, Finding, Proof, Severity};

/// How many objects of one and the same finding are named before the rest is counted.
const NAMED: usize = 5;

/// Worst first; findings that differ only in their object stand together.
#[must_use]
pub fn text(proof: &Proof, color: bool) -> String {
    let mut text = String::new();
    let mut rest: Vec<&Finding> = proof.findings.iter().collect();
    while let Some(first) = rest.first().copied() {
        let (same, others): (Vec<&Finding>, Vec<&Finding>) = rest.into_iter().partition(|other| alike(first, other));
        rest = others;
        group(&mut text, &same, color);
    }
    let claims = proof.claims;
    let all = format!("{} {}", claims.checked, if claims.checked == 1 { "claim" } else { "claims" });
    let _ = match claims.violated {
        0 => writeln!(text, "{all} checked, every one holds"),
        violated => writeln!(text, "{all} checked, {violated} violated"),
    };
    if !proof.trusted.is_empty() {
        let names: Vec<String> = proof.trusted.iter().map(|name| name.shown()).collect();
        let _ = writeln!(text, "trusted with everything: {}", names.join(", "));
    }
    for note in &proof.notes {
        let _ = writeln!(text, "note: {}", escaped(note));
    }
    text
}

fn alike(a: &Finding, b: &Finding) -> bool {
    let shape = |f: &Finding| (f.code, f.severity, f.certainty, f.privileges.clone(), f.object.schema.clone());
    shape(a) == shape(b) && a.principal == b.principal && a.object.database == b.object.database && a.path == b.path
}

fn group(text: &mut String, same: &[&Finding], color: bool) {
    let [first, ..] = same else { return };
    let (word, paint) = match first.severity {
        Severity::Error => ("violated", "\x1b[1;31m"),
        Severity::Warning => ("warning", "\x1b[1;33m"),
        Severity::Note => ("note", "\x1b[1;36m"),
    };
    let (paint, reset) = if color { (paint, "\x1b[0m") } else { ("", "") };
    let _ = writeln!(text, "{paint}{word}[{}]:{reset} {}", first.code, about(first, same.len()));
    let _ = writeln!(text, "  {}", arrow(&first.shown, &first.path, first.rights, &first.object.shown()));
    if same.len() > 1 {
        let names: Vec<String> = same.iter().take(NAMED).map(|f| f.object.shown()).collect();
        let more = if same.len() > NAMED { format!(" and {} more", same.len() - NAMED) } else { String::new() };
        let _ = writeln!(text, "  the same: {}{more}", names.join(", "));
    }
    let _ = writeln!(text, "  claim: {}", escaped(&first.claim));
    for sql in same.iter().take(NAMED).flat_map(|finding| &finding.fix) {
        let _ = writeln!(text, "  fix: {};", escaped(sql));
    }
    let _ = writeln!(text);
}

/// The path of a finding, from the principal to the object.
#[must_use]
pub fn route(finding: &Finding) -> String {
    arrow(&finding.shown, &finding.path, finding.rights, &finding.object.shown())
}

/// What is so and shouldn't.
#[must_use]
pub fn sentence(finding: &Finding) -> String {
    about(finding, 1)
}

fn about(finding: &Finding, count: usize) -> String {
    let who = &finding.shown;
    let may = match finding.certainty {
        Certainty::Certain => "can",
        Certainty::Conditional => "may",
    };
    let object = match count {
        1 => finding.object.shown(),
        count => format!("{count} objects like {}", finding.object.shown()),
    };
    match (finding.privileges.is_empty(), finding.code) {
        (false, "planted-default") => format!("{who} will have {} on {object}", finding.rights.keywords()),
        (false, _) => format!("{who} {may} {} on {object}", finding.rights.keywords()),
        (true, "foreign-code" | "trigger-function" | "event-trigger") => format!("{who} {may} run code in {object}"),
        (true, "database-owner") => format!("{who} owns {object}"),
        (true, "planted-setting") => format!("a setting steers sessions: {object}"),
        (true, "superuser" | "changes-roles" | "foreign-role" | "admin-role" | "predefined-role")
            if finding.object.name != finding.principal =>
        {
            format!("{who} {may} act as {object}")
        }
        (true, _) => finding
            .path
            .last()
            .map_or_else(|| format!("{who}: {object}"), |hop| format!("{who} {}", hop.words(Privileges::NONE).0)),
    }
}

/// `billing_app —member of→ orders_dml —granted INSERT by orders_ddl→ orders.orders.jobs`
#[must_use]
pub fn arrow(who: &str, path: &[Hop], privileges: Privileges, object: &str) -> String {
    let mut text = who.to_owned();
    let last = path.len().saturating_sub(1);
    for (at, hop) in path.iter().enumerate() {
        let (words, to) = hop.words(privileges);
        let _ = match (to, at == last) {
            (Some(to), _) => write!(text, " —{words}→ {to}"),
            (None, true) => write!(text, " —{words}→ {object}"),
            (None, false) => write!(text, " —{words}→"),
        };
    }
    text
}
