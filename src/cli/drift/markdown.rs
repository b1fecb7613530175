//! For a pull request's comment: the verdict, what doesn't hold, worst first, and the pending changes folded away by service.

use super::report::Drift;
use super::rules::page;
use crate::model::escaped;
use crate::plan::view::{code, prose};
use crate::plan::{Beyond, Step};
use crate::proof::view::{route, sentence};
use crate::proof::{Finding, Severity, Unseen};

/// A comment on GitHub holds 65,536 characters; findings may take this many bytes of them,
const FINDINGS: usize = 30_000;
/// changes these,
const CHANGES: usize = 20_000;
/// and accepted findings these.
const ACCEPTED: usize = 8_000;

pub(super) fn markdown(drift: &Drift<'_>) -> String {
    let plan = drift.plan();
    let cluster = match plan.target.cluster.as_str() {
        "cluster" => String::new(),
        name => format!(" of {}", prose(name)),
    };
    let (major, minor) = (plan.target.server_version_num / 10_000, plan.target.server_version_num % 10_000);
    let claims = drift.proof.claims.checked;
    let mut parts = vec![
        format!("### pgmoat: drift{cluster}"),
        format!("**{}**", prose(&drift.verdict())),
        format!("{claims} {} checked on PostgreSQL {major}.{minor}.", if claims == 1 { "claim" } else { "claims" }),
        drift.look.lines().iter().map(|line| prose(line)).collect::<Vec<_>>().join("\\\n"),
    ];
    let unseen: Vec<String> = drift.unseen().map(not_seen).collect();
    if !unseen.is_empty() {
        parts.push(format!("#### Not seen\n\n{}", fitting(&unseen, &mut { ACCEPTED })));
    }
    let mut left = FINDINGS;
    for (severity, title) in
        [(Severity::Error, "Violated"), (Severity::Warning, "Warnings"), (Severity::Note, "Worth knowing")]
    {
        let items: Vec<String> = drift.open().filter(|f| f.severity == severity).map(item).collect();
        if !items.is_empty() {
            let body = fitting(&items, &mut left);
            parts.push(match severity {
                Severity::Note => folded(&format!("{title}: {}", items.len()), &body),
                _ => format!("#### {title}\n\n{body}"),
            });
        }
    }
    parts.extend(changes(drift));
    parts.extend(accepted(drift));
    let notes = plan.pending.iter().chain(&plan.notes).map(|note| format!("- {}", prose(note)));
    let notes: Vec<String> = notes.collect();
    if !notes.is_empty() {
        parts.push(folded("Notes", &fitting(&notes, &mut { ACCEPTED })));
    }
    format!("{}\n", parts.join("\n\n"))
}

fn not_seen(unseen: &Unseen) -> String {
    let (why, to_do) = (prose(&unseen.why), prose(&unseen.to_do));
    format!("- {}\\\n  why: {why}\\\n  to do: {to_do}", prose(&unseen.what))
}

/// ``- [`second-writer`](…): billing_app can INSERT on orders.orders.jobs``, with the path, the claim and the fix below.
fn item(finding: &Finding) -> String {
    let head = format!("- [`{0}`]({1}): {2}", finding.code, page(finding.code), prose(&sentence(finding)));
    let claim = format!("claim: {}", prose(&finding.claim));
    let fix = finding.fix.iter().map(|sql| format!("fix: {}", code(&format!("{sql};"))));
    let lines: Vec<String> = [head, prose(&route(finding)), claim].into_iter().chain(fix).collect();
    // a backslash at a line's end is a hard break
    lines.join("\\\n  ")
}

fn changes(drift: &Drift<'_>) -> Option<String> {
    let all = drift.changes_by_service();
    let mut left = CHANGES;
    let blocks: Vec<String> = all
        .iter()
        .map(|(whose, changes)| {
            let items: Vec<String> = changes.iter().map(|(step, beyond)| change(step, *beyond)).collect();
            let count = if items.len() == 1 { "1 change".into() } else { format!("{} changes", items.len()) };
            folded(&format!("{}: {count}", whose.title()), &fitting(&items, &mut left))
        })
        .collect();
    (!blocks.is_empty()).then(|| format!("#### Pending\n\n{}", blocks.join("\n\n")))
}

fn change(step: &Step, beyond: Option<&Beyond>) -> String {
    let hazards: String = step.hazards.iter().map(|hazard| format!(" **{hazard}**")).collect();
    let why = if step.why.is_empty() { String::new() } else { format!(": {}", prose(&step.why)) };
    let needs = beyond.map(|beyond| format!(" — out of reach: {}", prose(&beyond.needs))).unwrap_or_default();
    format!("- {} {}{hazards}{why}{needs}", step.action.word(), code(&step.what))
}

fn accepted(drift: &Drift<'_>) -> Option<String> {
    let baseline = drift.baseline?;
    let because = |id: &str| drift.because(id).map(|why| format!(": {}", prose(&why))).unwrap_or_default();
    let items =
        drift.accepted().map(|f| format!("- `{}` {} (`{}`){}", f.code, prose(&sentence(f)), f.id, because(&f.id)));
    let unseen = drift.accepted_unseen();
    let unseen = unseen.map(|u| format!("- not seen: {} (`{}`){}", prose(&u.what), u.id, because(&u.id)));
    let items: Vec<String> = items.chain(unseen).collect();
    let title = format!("{} accepted by {}", items.len(), baseline.file);
    (!items.is_empty()).then(|| folded(&title, &fitting(&items, &mut { ACCEPTED })))
}

/// As many as there is room for, and how many there are besides.
fn fitting(items: &[String], left: &mut usize) -> String {
    let mut shown: Vec<&str> = Vec::new();
    for item in items {
        let Some(rest) = left.checked_sub(item.len() + 1) else { break };
        *left = rest;
        shown.push(item);
    }
    let more = items.len() - shown.len();
    let more = (more > 0).then(|| format!("- and {more} more, for which there is no room in a comment"));
    shown.into_iter().map(str::to_owned).chain(more).collect::<Vec<_>>().join("\n")
}

/// In a summary only HTML counts.
fn folded(summary: &str, body: &str) -> String {
    let summary = escaped(summary).replace('&', "&amp;").replace('<', "&lt;").replace('@', "&#64;");
    format!("<details><summary>{summary}</summary>\n\n{body}\n\n</details>")
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn a_comment_has_an_end() {
        let items: Vec<String> = (0..5).map(|n| format!("- {n}")).collect();
        assert_eq!(fitting(&items, &mut 100), "- 0\n- 1\n- 2\n- 3\n- 4");
        let mut left = 9;
        assert_eq!(fitting(&items, &mut left), "- 0\n- 1\n- and 3 more, for which there is no room in a comment");
        assert_eq!(fitting(&items, &mut left), "- and 5 more, for which there is no room in a comment");
    }
}
