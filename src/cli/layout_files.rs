//! Reads the layout's files.

use std::path::{Path, PathBuf};

use super::error::CliError;
use super::{Context, clock, links};
use crate::db::regular_file;
use crate::layout::{self, Layout, Problem, SourceFile};

impl Context<'_> {
    /// The layout that -l names, checked, as it counts today.
    pub(super) fn layout(&self) -> Result<Layout, CliError> {
        let files = read(&self.global.layout)?;
        let layout = layout::parse(files, self.global.env.as_deref());
        let layout = layout.map_err(|problems| self.wrong(&problems.sources, &problems.problems))?;
        Ok(layout.on(clock::today()))
    }

    /// What is wrong with the layout, and how much.
    pub(super) fn wrong(&self, sources: &[SourceFile], problems: &[Problem]) -> CliError {
        let text = layout::render(sources, problems, self.printer.color_of_talk());
        let total = if problems.len() == 1 { "1 problem".into() } else { format!("{} problems", problems.len()) };
        let message = format!("the layout has {total}");
        CliError { ready_made: Some(format!("{text}\n\n{message}")), ..CliError::new(message) }
    }

    /// Warns of exceptions that have ended: what they kept is drift now.
    pub(super) fn warn_of_ended(&self, layout: &Layout) {
        self.warn(&layout.sources, &layout.ended());
    }

    /// Shows warnings with their place in the layout.
    pub(super) fn warn(&self, sources: &[SourceFile], warnings: &[Problem]) {
        if !warnings.is_empty() {
            let text = layout::render_warnings(sources, warnings, self.printer.color_of_talk());
            self.printer.rendered(&format!("{text}\n"));
        }
    }

    /// Shows problems that only the server brought to light with their place in the layout.
    pub(super) fn placed(&self, mut error: CliError, layout: &Layout) -> CliError {
        if !error.problems.is_empty() {
            let color = self.printer.color_of_talk();
            error.ready_made = Some(layout::render(&layout.sources, &error.problems, color));
        }
        error
    }
}

/// Somebody writes a layout by hand, or adopt does: 100,000 logins are some 10 MB. With all its text kept, and shown
/// where something is wrong, more would take memory for nothing.
const LARGEST: u64 = 32 << 20;

/// Reads the file, or each *.toml of the folder. Nothing is left out: what isn't read would be taken away from whom it names.
fn read(path: &Path) -> Result<Vec<SourceFile>, CliError> {
    let about = |what: &str, path: &Path| format!("failed to {what} {}", path.display());
    let hint = "name the layout with -l PATH or PGMOAT_LAYOUT; docs/layout.md says how to write one";
    links::refuse_leaving(path)?;
    let meta =
        std::fs::metadata(path).map_err(|e| CliError::new(about("find the layout", path)).caused_by(&e).hint(hint))?;
    if !meta.is_dir() {
        return Ok(vec![read_file(path, LARGEST)?]);
    }
    let unreadable = |e| CliError::new(about("read the folder", path)).caused_by(&e);
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        // Emacs' lock of a file that somebody edits is a link to nowhere
        let lock = file.is_symlink() && file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".#"));
        if !lock && file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(CliError::new(format!("the folder {} holds no *.toml file", path.display())).hint(hint));
    }
    let mut left = LARGEST;
    let mut sources = Vec::with_capacity(files.len());
    for file in &files {
        links::refuse_leaving(file)?;
        let source = read_file(file, left)?;
        left -= source.text.len() as u64;
        sources.push(source);
    }
    Ok(sources)
}

fn read_file(path: &Path, most: u64) -> Result<SourceFile, CliError> {
    let failed = |e| CliError::new(format!("failed to read the layout {}", path.display())).caused_by(&e);
    let bytes = regular_file::read(path, most).map_err(|e| match most < LARGEST {
        true => failed(e).hint(format!("the files of a layout may have {} MiB together", LARGEST >> 20)),
        false => failed(e),
    })?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        // what comes before is text, and editors count its characters
        let before = String::from_utf8_lossy(&e.as_bytes()[..valid]);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let place = format!("{}:{line}:{column}", path.display());
        CliError::new(format!("{place}: this is no UTF-8 text"))
            .hint("save the file as UTF-8; TOML allows nothing else")
    })?;
    Ok(SourceFile { name: path.display().to_string(), text })
}
