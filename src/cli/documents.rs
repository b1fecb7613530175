//! The files that commands read and write besides the layout: plans, snapshots, reports.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, ftruncate, openat};
use serde::Deserialize;

use super::error::CliError;
use crate::db::regular_file;

/// A snapshot of 100,000 objects has some 30 MB; what is larger than this by far would take the machine's memory.
const LARGEST: u64 = 1 << 30;

/// What a command writes by `--out`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    Plan,
    Snapshot,
    Baseline,
    /// Somebody may have gone on writing it: it is never overwritten unasked.
    Layout,
}

impl Document {
    /// The `kind` in the JSON.
    fn kind(self) -> Option<&'static str> {
        match self {
            Self::Plan => Some("plan"),
            Self::Snapshot => Some("snapshot"),
            Self::Baseline => Some("baseline"),
            Self::Layout => None,
        }
    }
}

/// Returns the text of a plan, a snapshot or a report: of a regular file, and of one that has an end.
pub(super) fn read(path: &Path) -> Result<String, CliError> {
    regular_file::read_text(path, LARGEST)
        .map_err(|e| CliError::new(format!("failed to read {}", path.display())).caused_by(&e))
}

/// Refuses to write over something else: before the work, so that nobody waits in vain.
pub(super) fn refuse_other(path: &Path, document: Document, force: bool) -> Result<(), CliError> {
    let refused = |what: &str| CliError::refused(format!("{} {what}, and wasn't overwritten", path.display()));
    let Ok(data) = path.symlink_metadata() else { return Ok(()) };
    if data.is_symlink() {
        return Err(refused("is a link").hint("name the file that it leads to"));
    }
    if !data.is_file() {
        return Err(refused("is no regular file").hint("without --out the answer is on stdout"));
    }
    if force || data.len() == 0 || is_own(path, document) {
        return Ok(());
    }
    let what = match document {
        Document::Plan => "holds something else than a plan",
        Document::Snapshot => "holds something else than a snapshot",
        Document::Baseline => return Err(refused("holds something else than a baseline").hint("name another file")),
        Document::Layout => "is there already",
    };
    Err(refused(what).hint("name another file, or add --force"))
}

/// Writes a document, over an older one of its kind.
pub(super) fn write(path: &Path, text: &str, document: Document, force: bool) -> Result<(), CliError> {
    refuse_other(path, document, force)?;
    replace(path, text).map_err(|e| CliError::new(format!("failed to write {}", path.display())).caused_by(&e))
}

/// What is there may be another by now: no link is followed, and no FIFO waited for.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let flags =
        OFlags::WRONLY | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let mut file = File::from(openat(CWD, path, flags, Mode::from_raw_mode(0o666))?);
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    ftruncate(&file, 0)?;
    file.write_all(text.as_bytes())
}

fn is_own(path: &Path, document: Document) -> bool {
    #[derive(Deserialize)]
    struct Head {
        kind: String,
    }
    let Some(kind) = document.kind() else { return false };
    let bytes = regular_file::read(path, LARGEST).unwrap_or_default();
    serde_json::from_slice::<Head>(&bytes).is_ok_and(|head| head.kind == kind)
}
