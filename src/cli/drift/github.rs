//! Workflow commands, which GitHub shows as annotations beside the layout's lines. It takes ten of a kind from a step, so the
//! worst come first, and changes are told by service.
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use super::place::Place;
use super::report::Drift;
use super::rules::change;
use crate::model::{escaped, visible_sql};
use crate::plan::{Beyond, Step};
use crate::proof::view::{route, sentence};
use crate::proof::{Finding, Severity};

/// How many changes of a service are named.
const NAMED: usize = 10;

/// A line each, and a last one that is no command.
pub(super) fn github(drift: &Drift<'_>) -> String {
    let unseen = drift.unseen().map(|unseen| {
        let message = escaped_parts(&[&unseen.what, &unseen.why, &unseen.to_do]);
        format!("::error title=not seen::{}", data(&message))
    });
    let look = format!("::notice title=look::{}", data(&drift.look.lines().join("\n")));
    let mut lines: Vec<String> = unseen.chain([look]).collect();
    lines.extend(drift.open().map(|finding| of_finding(drift, finding)));
    for (whose, changes) in drift.changes_by_service() {
        let place = changes.first().map(|(step, _)| drift.place_of_step(step));
        let title = format!("pending-change: {}", whose.title());
        lines.extend(place.map(|place| command("warning", place, &title, &pending(&changes))));
    }
    for finding in drift.accepted() {
        let title = format!("accepted: {}", finding.code);
        let message = [Some(sentence(finding)), drift.because(&finding.id)].into_iter().flatten();
        let message = message.collect::<Vec<_>>().join("\n");
        lines.push(command("notice", drift.place_of_finding(finding), &title, &message));
    }
    for unseen in drift.accepted_unseen() {
        let message = [Some(escaped(&unseen.what)), drift.because(&unseen.id)].into_iter().flatten();
        lines.push(format!("::notice title=accepted%2C not seen::{}", data(&message.collect::<Vec<_>>().join("\n"))));
    }
    lines.push(drift.verdict());
    lines.join("\n") + "\n"
}

fn of_finding<'a>(drift: &Drift<'a>, finding: &'a Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut message = vec![sentence(finding), route(finding), format!("claim: {}", escaped(&finding.claim))];
    message.extend(finding.fix.iter().map(|sql| format!("fix: {};", visible_sql(sql))));
    command(level, drift.place_of_finding(finding), finding.code, &message.join("\n"))
}

fn escaped_parts(parts: &[&str]) -> String {
    parts.iter().map(|part| escaped(part)).collect::<Vec<_>>().join("\n")
}

fn pending(changes: &[(&Step, Option<&Beyond>)]) -> String {
    let named = changes.iter().take(NAMED).map(|(step, beyond)| {
        let hazards: String = step.hazards.iter().map(|hazard| format!(" [{hazard}]")).collect();
        escaped(&format!("{}{hazards}", change(step, *beyond)))
    });
    let more = changes.len().checked_sub(NAMED + 1).map(|more| format!("and {} more", more + 1));
    named.chain(more).collect::<Vec<_>>().join("\n")
}

fn command(level: &str, place: Place<'_>, title: &str, message: &str) -> String {
    let (file, title) = (property(place.file), property(title));
    format!("::{level} file={file},line={},title={title}::{}", place.line, data(message))
}

/// `escapeData` in actions/toolkit, packages/core/src/command.ts.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// `escapeProperty`, in the same place.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_or_begins_another() {
        let place = Place { file: "a,b:c%.toml", line: 3 };
        assert_eq!(
            command("error", place, "x::y\n::warning::z", "50%\r\n::error::no, it isn't: a:b"),
            "::error file=a%2Cb%3Ac%25.toml,line=3,title=x%3A%3Ay%0A%3A%3Awarning%3A%3Az::50%25%0D%0A::error::no, it isn't: a:b"
        );
    }
}
