//! What is wrong in a layout, and how a terminal shows it.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::masked::masked;
use super::{At, Problem, SourceFile};
use crate::model::{escaped, escaped_lines};

/// Every code that [`super::parse`] can give a [`Problem`], and [`super::Layout::ended`]; what needs a server has others.
pub const CODES: [&str; 59] = [
    "allow-form",
    "allow-on",
    "allow-role",
    "connection-limit",
    "create-option",
    "duplicate-allow",
    "duplicate-name",
    "duplicate-secret",
    "duplicate-section",
    "duplicate-service",
    "duplicate-setting",
    "duplicate-table",
    "empty-list",
    "empty-name",
    "empty-reason",
    "empty-secret",
    "env-missing",
    "expired-allow",
    "lone-brace",
    "maintenance-database",
    "many-writers",
    "missing-key",
    "name-too-long",
    "new-tables-many-writers",
    "no-service",
    "nul-in-name",
    "privilege-refused",
    "reassign-to-retired",
    "reserved-name",
    "retired-database",
    "retired-declared",
    "retired-twice",
    "rotation-without-password",
    "second-writer",
    "secret-collision",
    "secret-name",
    "secret-without-password",
    "secrets-key",
    "secrets-value",
    "setting-name",
    "setting-refused",
    "setting-value",
    "shared-database",
    "syntax",
    "system-identifier",
    "table-pattern",
    "two-writers",
    "unknown-database",
    "unknown-key",
    "unknown-login",
    "unknown-placeholder",
    "unknown-privilege",
    "unknown-role",
    "unknown-schema",
    "unknown-service",
    "unknown-value",
    "uses-itself",
    "write-on-all",
    "wrong-type",
];

/// Everything that is wrong in a layout, in the order of the files.
#[derive(Debug, Clone)]
pub struct Problems {
    pub sources: Vec<SourceFile>,
    pub problems: Vec<Problem>,
}

impl Problems {
    /// Sorts by place, so that a reader goes through each file once, from top to bottom.
    pub(super) fn new(sources: Vec<SourceFile>, mut problems: Vec<Problem>) -> Self {
        debug_assert!(problems.iter().all(|problem| CODES.contains(&problem.code)));
        sort(&mut problems);
        Self { sources, problems }
    }
}

/// Sorts by file and place.
pub(super) fn sort(problems: &mut [Problem]) {
    problems.sort_by(|a, b| place(a).cmp(&place(b)));
}

fn place(problem: &Problem) -> (usize, usize, usize, &str, &str) {
    let at = &problem.at;
    (at.file, at.bytes.start, at.bytes.end, problem.code, &problem.message)
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(&self.sources, &self.problems, false))
    }
}

impl std::error::Error for Problems {}

/// The problems as a terminal shows them: the sentence, the place, the line, and what was expected.
#[must_use]
pub fn render(sources: &[SourceFile], problems: &[Problem], color: bool) -> String {
    all(sources, problems, &Level::ERROR, color)
}

/// The same, for what may be and should be known.
#[must_use]
pub fn render_warnings(sources: &[SourceFile], problems: &[Problem], color: bool) -> String {
    all(sources, problems, &Level::WARNING, color)
}

/// Of each the line is looked for and drawn; nobody reads a thousand.
const SHOWN: usize = 100;

fn all(sources: &[SourceFile], problems: &[Problem], level: &Level<'static>, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let texts: Vec<String> = sources.iter().map(|source| masked(&source.text)).collect();
    // a name may hold a line break, and would begin a line of its own by it
    let names: Vec<String> = sources.iter().map(|source| escaped(&source.name)).collect();
    let files: Vec<Lines<'_>> = names.iter().zip(&texts).map(|(name, text)| Lines::of(name, text)).collect();
    let shown = problems.iter().take(SHOWN).map(|problem| one(&renderer, &files, &on_one_line(problem), level));
    let mut shown: Vec<String> = shown.collect();
    if let Some(more @ 1..) = problems.len().checked_sub(SHOWN) {
        shown.push(format!("and {more} more"));
    }
    escaped_lines(&shown.join("\n\n"), color)
}

/// The problem with the hidden characters of its names as escapes, line breaks among them.
fn on_one_line(problem: &Problem) -> Problem {
    Problem {
        code: problem.code,
        message: escaped(&problem.message),
        at: problem.at.clone(),
        label: escaped(&problem.label),
        also: problem.also.as_ref().map(|(at, label)| (at.clone(), escaped(label))),
        help: problem.help.as_deref().map(escaped),
    }
}

fn one(renderer: &Renderer, files: &[Lines<'_>], problem: &Problem, level: &Level<'static>) -> String {
    let message = masked(&problem.message);
    let mut group = level.clone().primary_title(message.as_str()).id(problem.code).elements(NOTHING);
    let main = (&problem.at, problem.label.as_str(), AnnotationKind::Primary);
    let also = problem.also.as_ref().map(|(at, label)| (at, label.as_str(), AnnotationKind::Context));
    match also {
        Some(also) if files.get(main.0.file).is_some_and(|file| file.near(main.0, also.0)) => {
            group = group.elements(snippet(files, &[main, also]));
        }
        also => {
            group = group.elements(snippet(files, &[main]));
            group = group.elements(also.and_then(|also| snippet(files, &[also])));
        }
    }
    group = group.elements(problem.help.as_ref().map(|help| Level::HELP.message(help.as_str())));
    renderer.render(&[group])
}

const NOTHING: Option<Snippet<'static, annotate_snippets::Annotation<'static>>> = None;

type Mark<'a> = (&'a At, &'a str, AnnotationKind);

/// The marks of one file, which must be near each other, over the lines that hold them.
fn snippet<'a>(files: &[Lines<'a>], marks: &[Mark<'a>]) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let file = files.get(marks.first()?.0.file)?;
    let spans: Vec<Range<usize>> = marks.iter().map(|(at, ..)| file.clamped(at)).collect();
    let first = spans.iter().map(|span| file.line(span.start)).min()?;
    let last = spans.iter().map(|span| file.line(span.end)).max()?;
    let window = file.starts[first]..file.starts.get(last + 1).copied().unwrap_or(file.text.len());
    let annotations = marks.iter().zip(spans).map(|((_, label, kind), span)| {
        let label = (!label.is_empty()).then_some(*label);
        kind.span(span.start - window.start..span.end - window.start).label(label)
    });
    let source = Snippet::source(&file.text[window.clone()]).line_start(first + 1).path(file.name);
    Some(source.annotations(annotations))
}

/// Further apart than this, two places are shown as two pieces: the renderer reads every line between them.
const NEAR_LINES: usize = 200;

/// Where the lines of a file start, so that showing a problem costs its lines and not the file.
struct Lines<'a> {
    name: &'a str,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(name: &'a str, text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { name, text, starts }
    }

    /// The line, from 0, that holds a byte.
    fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// A span that lies in the text, on character boundaries, and on one line: a table's or an array's start says enough.
    fn clamped(&self, at: &At) -> Range<usize> {
        let boundary =
            |byte: usize| (0..=byte.min(self.text.len())).rev().find(|i| self.text.is_char_boundary(*i)).unwrap_or(0);
        let start = boundary(at.bytes.start);
        let end = boundary(at.bytes.end).max(start);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |i| start + i);
        start..end.min(line_end)
    }

    fn near(&self, a: &At, b: &At) -> bool {
        a.file == b.file && self.line(a.bytes.start).abs_diff(self.line(b.bytes.start)) <= NEAR_LINES
    }
}
