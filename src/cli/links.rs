//! Links in a layout's path: whoever may write a file into a repository may write a link there, to a file of the machine
//! whose lines an error would show.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::error::CliError;

/// Refuses a path in which a link leads out of the folder that it stands in, or from `x.toml` to a file of another kind.
/// In an absolute path that concerns the last name: what is before it belongs to the machine.
pub(super) fn refuse_leaving(path: &Path) -> Result<(), CliError> {
    let mut walked = PathBuf::new();
    let mut components = path.components().peekable();
    while let Some(component) = components.next() {
        walked.push(component);
        let counts = path.is_relative() || components.peek().is_none();
        if counts && matches!(component, Component::Normal(_)) {
            refuse(&walked)?;
        }
    }
    Ok(())
}

/// Looks at the last name alone. A link that leads nowhere is for whoever opens it.
fn refuse(path: &Path) -> Result<(), CliError> {
    if !path.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
        return Ok(());
    }
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(folder), Ok(target)) = (folder.canonicalize(), path.canonicalize()) else { return Ok(()) };
    let same_kind = target.is_dir() || target.extension().map(OsStr::to_owned) == path.extension().map(OsStr::to_owned);
    if target.starts_with(&folder) && same_kind {
        return Ok(());
    }
    let why = if same_kind { "out of the folder that it stands in" } else { "to a file of another kind" };
    Err(CliError::new(format!("{} is a link that leads {why}, to {}", path.display(), target.display())).hint(
        "whoever may write into the folder could show any file of this machine by it; name what it leads to with -l PATH",
    ))
}
