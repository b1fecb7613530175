//! The proof for people: what doesn't hold, the path that shows it, and how to close it.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{route, sentence};
use crate::access::Hop;
use crate::model::{escaped, visible_sql};
use crate::proof::live::{Live, Logins};
use crate::proof::{Finding, Proof, Severity, Trust, Unseen};

/// How many objects of one and the same finding are named before the rest is counted.
const NAMED: usize = 5;

/// Worst first; findings that differ only in their object, or only in their principal, stand together.
#[must_use]
pub fn text(proof: &Proof, color: bool) -> String {
    let mut text = unseen(proof, color);
    groups(&proof.findings).iter().for_each(|same| group(&mut text, same, color));
    let claims = proof.claims;
    let all = format!("{} {}", claims.checked, if claims.checked == 1 { "claim" } else { "claims" });
    let not_seen = match proof.unseen.len() {
        0 => String::new(),
        1 => "; 1 thing not seen".into(),
        count => format!("; {count} things not seen"),
    };
    let _ = match (claims.violated, proof.unseen.len()) {
        (0, 0) => writeln!(text, "{all} checked, every one holds"),
        (0, _) => writeln!(text, "{all} checked, none violated{not_seen}"),
        (violated, _) => writeln!(text, "{all} checked, {violated} violated{not_seen}"),
    };
    if !proof.trusted.is_empty() {
        let names: Vec<String> = proof.trusted.iter().map(|name| name.shown()).collect();
        let _ = writeln!(text, "trusted with everything: {}", names.join(", "));
    }
    trusts(&mut text, proof);
    for note in &proof.notes {
        let _ = writeln!(text, "note: {}", escaped(note));
    }
    text
}

/// What wasn't seen, with which the text begins; empty where everything was.
#[must_use]
pub fn unseen(proof: &Proof, color: bool) -> String {
    let (paint, reset) = if color { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    let one = |unseen: &Unseen| {
        let (what, why, to_do) = (escaped(&unseen.what), escaped(&unseen.why), escaped(&unseen.to_do));
        format!("{paint}not seen:{reset} {what}\n  why: {why}\n  to do: {to_do}\n\n")
    };
    proof.unseen.iter().map(one).collect()
}

/// Whose code runs as whom where one service uses another's tables, a line for each answer.
fn trusts(text: &mut String, proof: &Proof) {
    let line = |text: &mut String, head: &str, which: &dyn Fn(&Trust) -> bool| {
        let each = proof.trusts.iter().filter(|trust| which(trust)).map(|trust| {
            let today = if trust.code.is_empty() { String::new() } else { format!(" ({} today)", trust.code.len()) };
            format!("{} that of {}{today}", escaped(&trust.service), escaped(&trust.uses))
        });
        let each: Vec<String> = each.collect();
        if !each.is_empty() {
            let _ = writeln!(text, "{head}: {}", each.join(", "));
        }
    };
    line(text, "code on used tables, trusted by the layout", &|trust| trust.trusts_code);
    line(text, "code on used tables, not trusted", &|trust| !trust.trusts_code && !trust.code.is_empty());
    line(text, "code on used tables, not trusted, none today", &|trust| !trust.trusts_code && trust.code.is_empty());
}

/// What came of trying the claims: those on which catalog and server disagree, or with `all` every one.
#[must_use]
pub fn live(live: &Live, all: bool) -> String {
    let mut text = String::new();
    for claim in live.claims.iter().filter(|claim| all || claim.tried != claim.agreed) {
        let _ =
            writeln!(text, "{} of {} tries as the catalog says: {}", claim.agreed, claim.tried, escaped(&claim.claim));
    }
    for wrong in &live.disagreements {
        let may = |may: bool| if may { "yes" } else { "no" };
        let (who, object) = (escaped(&wrong.principal), wrong.object.shown());
        let (catalog, server) = (may(wrong.catalog), may(wrong.server));
        let _ = writeln!(text, "{who} {} {object}: the catalog says {catalog}, the server {server}", wrong.privilege);
    }
    for what in &live.untried {
        let _ = writeln!(text, "not tried: {}", escaped(what));
    }
    let agree = if live.agrees() { "the server agrees with the catalog on all" } else { "they disagree" };
    let Logins { all, tried } = live.logins;
    let left =
        if tried < all { format!("; not tried everywhere: {} of {all} logins", all - tried) } else { String::new() };
    let _ = writeln!(text, "tried {} times on the server, for {} claims: {agree}{left}", live.tried, live.claims.len());
    text
}

/// Each finding in one group, that of its first: the same of several objects, else of several principals.
fn groups(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let (mut ways, mut places) = (BTreeMap::<_, Vec<usize>>::new(), BTreeMap::<_, Vec<usize>>::new());
    for (at, finding) in findings.iter().enumerate() {
        ways.entry(way(finding)).or_default().push(at);
        places.entry(place(finding)).or_default().push(at);
    }
    let mut said = vec![false; findings.len()];
    let mut groups = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        if said[at] {
            continue;
        }
        let left = |all: Option<&mut Vec<usize>>| -> Vec<usize> {
            let Some(all) = all else { return Vec::new() };
            all.retain(|one| !said[*one]);
            all.clone()
        };
        let mut same = left(ways.get_mut(&way(finding)));
        if same.len() == 1 {
            same = left(places.get_mut(&place(finding)));
        }
        same.iter().for_each(|one| said[*one] = true);
        groups.push(same.into_iter().map(|one| &findings[one]).collect());
    }
    groups
}

/// The same of several objects.
fn way(finding: &Finding) -> impl Ord + '_ {
    let Finding { code, severity, certainty, rights, object, principal, path, .. } = finding;
    ((code, severity, certainty, rights), (&object.kind, &object.database, &object.schema), principal, same(path))
}

/// What two paths have in common where one and the same code on several relations is one way.
fn same(path: &[Hop]) -> impl Ord + '_ {
    match path.split_last() {
        Some((Hop::Calls { part, code, author, .. }, before)) => (before, Some((part, code, author))),
        _ => (path, None),
    }
}

/// The same of several principals.
fn place(finding: &Finding) -> impl Ord + '_ {
    let Finding { code, severity, certainty, rights, object, .. } = finding;
    (code, severity, certainty, rights, object)
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
    if !first.path.is_empty() {
        let _ = writeln!(text, "  {}", route(first));
    }
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
            let _ = writeln!(text, "  fix: {};", visible_sql(sql));
            said.push(sql);
        }
    }
    text.push('\n');
}
