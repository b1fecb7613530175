//! PostgreSQL refuses to run as root: then everything of the server belongs to, and runs as, an ordinary user.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::error::{Doing, Error};

/// Who the server runs as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Runner {
    /// We are an ordinary user: as ourselves.
    Ourselves { uid: u32, gid: u32 },
    /// We are root: as this user.
    Other { uid: u32, gid: u32 },
}

impl Runner {
    pub(super) fn find() -> Result<Runner, Error> {
        let uid = effective_uid()?;
        if uid != 0 {
            return Ok(Runner::Ourselves { uid, gid: id("-g")? });
        }
        let path = Path::new("/etc/passwd");
        let passwd = fs::read_to_string(path).doing("read", path)?;
        ["postgres", "nobody"].iter().find_map(|name| account(&passwd, name)).ok_or(Error::NoOrdinaryUser)
    }

    pub(super) fn uid(self) -> u32 {
        match self {
            Runner::Ourselves { uid, .. } | Runner::Other { uid, .. } => uid,
        }
    }

    pub(super) fn gid(self) -> u32 {
        match self {
            Runner::Ourselves { gid, .. } | Runner::Other { gid, .. } => gid,
        }
    }

    /// A command that will run as the server's user, with nothing of our environment that PostgreSQL would read.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin").env("LC_ALL", "C");
        command.current_dir("/");
        if let Runner::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Gives a file or folder to the server's user.
    pub(super) fn give(self, path: &Path) -> Result<(), Error> {
        match self {
            Runner::Ourselves { .. } => Ok(()),
            Runner::Other { uid, gid } => chown(path, Some(uid), Some(gid)).doing("change the owner of", path),
        }
    }

    /// Whether the server's user may pass through every folder up to `path`.
    pub(super) fn reaches(self, path: &Path) -> bool {
        let Runner::Other { uid, gid } = self else { return true };
        path.ancestors().filter(|folder| !folder.as_os_str().is_empty()).all(|folder| {
            let Ok(found) = fs::metadata(folder) else { return false };
            let mode = found.permissions().mode();
            let bit = match () {
                () if found.uid() == uid => 0o100,
                () if found.gid() == gid => 0o010,
                () => 0o001,
            };
            mode & bit != 0
        })
    }
}

pub(super) fn effective_uid() -> Result<u32, Error> {
    id("-u")
}

/// std has no geteuid, and we have no unsafe.
fn id(option: &str) -> Result<u32, Error> {
    let program = Path::new("id");
    let output = Command::new(program).arg(option).output().doing("run", program)?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| Error::Program {
        program: format!("id {option}"),
        status: output.status.to_string(),
        output: text.into_owned(),
    })
}

fn account(passwd: &str, name: &str) -> Option<Runner> {
    let mut fields = passwd.lines().map(|line| line.split(':')).find_map(|mut fields| {
        let matches = fields.next() == Some(name);
        matches.then_some(fields)
    })?;
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    // A uid of 0 under another name would be refused like root.
    (uid != 0).then_some(Runner::Other { uid, gid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_by_their_whole_name() {
        let passwd = "root:x:0:0::/root:/bin/sh\npostgresql:x:7:8::/:/bin/sh\npostgres:x:101:104:a b,,:/:/bin/bash\n";
        assert!(matches!(account(passwd, "postgres"), Some(Runner::Other { uid: 101, gid: 104 })));
        assert!(account(passwd, "nobody").is_none());
        assert!(account(passwd, "root").is_none());
    }
}
