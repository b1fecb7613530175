//! The proof for people: what doesn't hold, the path that shows it, and how to close it.

use std::fmt::Write;

use crate::access::{Hop, stations};
use crate::model::{Privileges, escaped};
use crate::proof::{Certainty, Finding, Proof, Severity};

/// How many objects of one and the same finding are named before the rest is counted.
const NAMED: usize = 5;

/// Worst first; findings that differ only in their object, or only in their principal, stand together.
#[must_use]
pub fn text(proof: &Proof, color: bool) -> String {
    let mut text = String::new();
    let mut rest: Vec<&Finding> = proof.findings.iter().collect();
    while let Some(first) = rest.first().copied() {
        let one_way = |a: &&Finding| same_way(first, a);
        let (mut same, mut others): (Vec<&Finding>, Vec<&Finding>) = rest.iter().partition(|other| one_way(other));
        if same.len() == 1 {
            (same, others) = rest.iter().partition(|other| same_place(first, other));
        }
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

/// The same of several objects.
fn same_way(a: &Finding, b: &Finding) -> bool {
    let shape =
        |f: &Finding| (f.code, f.severity, f.certainty, f.rights, f.object.kind.clone(), f.object.database.clone());
    let place = |f: &Finding| (f.object.schema.clone(), f.principal.clone());
    shape(a) == shape(b) && place(a) == place(b) && a.path == b.path
}

/// The same of several principals.
fn same_place(a: &Finding, b: &Finding) -> bool {
    let shape = |f: &Finding| (f.code, f.severity, f.certainty, f.rights, f.object.clone());
    shape(a) == shape(b)
}

fn group(text: &mut String, same: &[&Finding], color: bool) {
    let [first, ..] = same else { return };
    let (word, paint) = match first.severity {
        Severity::Error => ("violated", "\x1b[1;31m"),
        Severity::Warning => ("warning", "\x1b[1;33m"),
        Severity::Note => ("note", "\x1b[1;36m"),
    };
    let (paint, reset) = if color { (paint, "\x1b[0m") } else { ("", "") };
    let _ = writeln!(text, "{paint}{word}[{}]:{reset} {}", first.code, sentence(first));
    let _ = writeln!(text, "  {}", route(first));
    if let [_, others @ ..] = same
        && !others.is_empty()
    {
        let named = |f: &&Finding| if f.principal == first.principal { f.object.shown() } else { f.shown.clone() };
        let names: Vec<String> = others.iter().take(NAMED).map(named).collect();
        let more = if others.len() > NAMED { format!(" and {} more", others.len() - NAMED) } else { String::new() };
        let _ = writeln!(text, "  likewise: {}{more}", names.join(", "));
    }
    let _ = writeln!(text, "  claim: {}", escaped(&first.claim));
    let mut said: Vec<&str> = Vec::new();
    for sql in same.iter().take(NAMED).flat_map(|finding| &finding.fix) {
        if !said.contains(&sql.as_str()) || sql.contains("ROLE") {
            let _ = writeln!(text, "  fix: {};", escaped(sql));
            said.push(sql);
        }
    }
    text.push('\n');
}

/// `second-writer: billing_app can INSERT into orders.orders.jobs`
#[must_use]
pub fn headline(finding: &Finding) -> String {
    format!("{}: {}", finding.code, sentence(finding))
}

/// The path of a finding, from the principal to the object.
#[must_use]
pub fn route(finding: &Finding) -> String {
    arrow(&finding.shown, &finding.path, &finding.object.shown())
}

/// What is so and shouldn't.
fn sentence(finding: &Finding) -> String {
    let (who, object) = (&finding.shown, finding.object.shown());
    let may = match finding.certainty {
        Certainty::Certain => "can",
        Certainty::Conditional => "may",
    };
    let rights = finding.rights;
    match finding.code {
        "planted-default" => format!("{who} will have {} on {object}", rights.keywords()),
        "foreign-code" | "trigger-function" | "event-trigger" if rights.is_empty() => {
            format!("{who} {may} run code in {object}")
        }
        "definer-function" => format!("{who} may act as another through {object}"),
        "unsafe-definer" => format!("{who} may bend what {object} means"),
        "database-owner" | "schema-owner" | "foreign-owner" | "login-owns" => format!("{who} owns {object}"),
        "planted-setting" => format!("a setting steers sessions: {object}"),
        "blocking-reference" => format!("rows of {who} hold rows of {object}"),
        _ if !rights.is_empty() => format!("{who} {}", verb(may, rights, &object)),
        _ if finding.object.name != finding.principal => format!("{who} {may} act as {object}"),
        _ => finding.path.last().map_or_else(|| format!("{who}: {object}"), |hop| format!("{who} {}", hop.words())),
    }
}

/// `can INSERT into orders.orders.jobs`
fn verb(may: &str, rights: Privileges, object: &str) -> String {
    let keywords = rights.keywords();
    let preposition = match keywords.as_str() {
        "INSERT" => " into",
        "SELECT" | "DELETE" => " from",
        "UPDATE" | "EXECUTE" | "TRUNCATE" => "",
        "CONNECT" => " to",
        _ if may == "may" => return format!("may use {keywords} on {object}"),
        _ => return format!("has {keywords} on {object}"),
    };
    format!("{may} {keywords}{preposition} {object}")
}

/// `billing_app —member of→ orders_dml —granted INSERT by orders_ddl→ orders.orders.jobs`
#[must_use]
pub fn arrow(who: &str, path: &[Hop], object: &str) -> String {
    let mut text = String::new();
    for station in stations(who, path) {
        let _ = write!(text, "{} —{}→ ", station.name, station.words);
    }
    let end = path.last().and_then(Hop::leads_to).unwrap_or_else(|| object.to_owned());
    text + if path.is_empty() { who } else { &end }
}
