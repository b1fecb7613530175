//! JUnit's XML, as Jenkins and GitLab read it: a suite for each service, with a case for what is pending and one for each kind of
//! claim, or, where claims are violated, one for each of them. There is no time in it: same input, same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::report::{Drift, Whose};
use super::rules::{RULES, change};
use crate::model::{is_hidden, visible_sql};
use crate::plan::{Beyond, Step};
use crate::proof::view::{route, sentence};
use crate::proof::{Finding, Severity, Unseen};

/// How a case ended.
enum End {
    Passed,
    /// With something that should be known.
    Warned(String),
    Skipped(String),
    Failed(String),
}

struct Case {
    name: String,
    end: End,
}

pub(super) fn junit(drift: &Drift<'_>) -> String {
    let changes = drift.changes_by_service();
    let mut findings: BTreeMap<Whose<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in &drift.proof.findings {
        findings.entry(drift.whose(finding)).or_default().push(finding);
    }
    let services = drift.layout.services.keys().map(|key| Whose::Service(key));
    let suites: BTreeSet<Whose<'_>> =
        services.chain([Whose::Cluster]).chain(changes.keys().copied()).chain(findings.keys().copied()).collect();
    let suites: Vec<(Whose<'_>, Vec<Case>)> = suites
        .into_iter()
        .map(|whose| {
            let changes = changes.get(&whose).map(Vec::as_slice).unwrap_or_default();
            let findings = findings.get(&whose).map(Vec::as_slice).unwrap_or_default();
            (whose, cases(drift, whose, changes, findings))
        })
        .collect();
    let all: Vec<&Case> = suites.iter().flat_map(|(_, cases)| cases).collect();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites name=\"pgmoat drift\" {}>", counts(&all));
    for (whose, cases) in &suites {
        let title = attribute(&whose.title());
        let _ = writeln!(xml, "  <testsuite name=\"{title}\" {}>", counts(&cases.iter().collect::<Vec<_>>()));
        if *whose == Whose::Cluster {
            write_look(&mut xml, drift);
        }
        cases.iter().for_each(|case| write_case(&mut xml, &title, case));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn cases(
    drift: &Drift<'_>,
    whose: Whose<'_>,
    changes: &[(&Step, Option<&Beyond>)],
    findings: &[&Finding],
) -> Vec<Case> {
    let pending: Vec<String> = changes.iter().map(|(step, beyond)| change(step, *beyond)).collect();
    let end = if pending.is_empty() { End::Passed } else { End::Failed(pending.join("\n")) };
    let mut cases = vec![Case { name: "nothing is pending".into(), end }];
    if whose == Whose::Cluster {
        cases.push(Case { name: "everything was seen".into(), end: seen(drift) });
    }
    for (code, _) in RULES {
        let of_code: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.code == *code).collect();
        match whose {
            _ if !of_code.is_empty() => cases.extend(of_kind(drift, code, &of_code)),
            Whose::Service(key) => cases.push(Case { name: (*code).into(), end: nothing_found(drift, key) }),
            // what is claimed of others than services is told by what is found
            Whose::Cluster | Whose::Database(_) => {}
        }
    }
    cases
}

/// Whether something that a claim needs is left in the dark.
fn seen(drift: &Drift<'_>) -> End {
    let one = |unseen: &Unseen| format!("{}\nwhy: {}\nto do: {}", unseen.what, unseen.why, unseen.to_do);
    let dark: Vec<String> = drift.unseen().map(one).collect();
    let accepted: Vec<String> = drift.accepted_unseen().map(one).collect();
    match (drift.is_blind(), dark.is_empty(), accepted.is_empty()) {
        (true, ..) => End::Failed(dark.join("\n\n")),
        (false, false, _) => End::Warned(dark.join("\n\n")),
        (false, true, false) => End::Skipped(format!("accepted: {}", accepted.join("\n\n"))),
        (false, true, true) => End::Passed,
    }
}

/// When and where the cluster was read.
fn write_look(xml: &mut String, drift: &Drift<'_>) {
    let look = attribute(&drift.look.lines().join("\n"));
    let _ = writeln!(xml, "    <properties><property name=\"look\" value=\"{look}\"/></properties>");
}

/// Nothing is found where nobody could look, either.
fn nothing_found(drift: &Drift<'_>, service: &str) -> End {
    let database = drift.layout.services.get(service).map(|service| &service.database);
    match database.filter(|database| !drift.seen.snapshot.contents.contains_key(*database)) {
        None => End::Passed,
        Some(database) => End::Skipped(format!("the database {} isn't there yet, or is closed", database.shown())),
    }
}

/// A case for each claim that is violated, or would be if it weren't accepted; else one for all of its kind.
fn of_kind(drift: &Drift<'_>, code: &str, findings: &[&Finding]) -> Vec<Case> {
    let broken: Vec<&Finding> = findings.iter().copied().filter(|f| f.severity == Severity::Error).collect();
    if broken.is_empty() {
        return vec![Case { name: code.into(), end: End::Warned(told(findings)) }];
    }
    let claims: BTreeSet<&str> = broken.iter().map(|finding| finding.claim.as_str()).collect();
    let case = |claim: &str| {
        let of_claim = broken.iter().copied().filter(|finding| finding.claim == claim);
        let (accepted, open): (Vec<&Finding>, Vec<&Finding>) = of_claim.partition(|f| drift.is_accepted(f));
        let end = if open.is_empty() {
            End::Skipped(format!("accepted: {}", told(&accepted)))
        } else {
            End::Failed(told(&open))
        };
        Case { name: format!("{code}: {claim}"), end }
    };
    claims.into_iter().map(case).collect()
}

fn told(findings: &[&Finding]) -> String {
    let one = |finding: &&Finding| {
        let fix: String = finding.fix.iter().map(|sql| format!("\nfix: {};", visible_sql(sql))).collect();
        format!("{}\n{}{fix}", sentence(finding), route(finding))
    };
    findings.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

fn counts(cases: &[&Case]) -> String {
    let failures = cases.iter().filter(|case| matches!(case.end, End::Failed(_))).count();
    let skipped = cases.iter().filter(|case| matches!(case.end, End::Skipped(_))).count();
    format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"", cases.len())
}

fn write_case(xml: &mut String, suite: &str, case: &Case) {
    let head = format!("    <testcase classname=\"pgmoat.{suite}\" name=\"{}\"", attribute(&case.name));
    let first = |text: &str| attribute(text.lines().next().unwrap_or_default());
    let _ = match &case.end {
        End::Passed => writeln!(xml, "{head}/>"),
        End::Warned(text) => writeln!(xml, "{head}>\n      <system-out>{}</system-out>\n    </testcase>", escape(text)),
        End::Skipped(text) => {
            writeln!(xml, "{head}>\n      <skipped message=\"{}\"/>\n    </testcase>", first(text))
        }
        End::Failed(text) => {
            let (message, text) = (first(text), escape(text));
            writeln!(xml, "{head}>\n      <failure message=\"{message}\">{text}</failure>\n    </testcase>")
        }
    };
}

/// For the inside of an element. XML 1.0 has no form for most control characters (2.2, Characters): what is hidden is shown.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push(c),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// The same for an attribute, in which a line break would become a blank (3.3.3).
fn attribute(text: &str) -> String {
    escape(text).replace('\n', "&#10;")
}

#[cfg(test)]
mod tests {
    use super::{attribute, escape};

    #[test]
    fn nothing_ends_an_element_or_attribute() {
        assert_eq!(escape("</failure>]]>&\"'"), "&lt;/failure&gt;]]&gt;&amp;&quot;'");
        assert_eq!(escape("a\u{0}\u{1b}\u{85}\u{ffff}\nb"), r"a\u{0}\u{1b}\u{85}\u{ffff}".to_owned() + "\nb");
        assert_eq!(attribute("\"\n\t>"), r"&quot;&#10;\u{9}&gt;");
    }
}
