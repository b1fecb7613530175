//! Where things are kept, and how something is made there once by several processes at a time.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::binaries::Origin;
use super::error::{Doing, Error};
use super::user::{Runner, effective_uid};

/// A fetch takes seconds, on a slow line minutes.
const LONGEST_MAKING: Duration = Duration::from_secs(600);

/// The folders and the search path to work with. The caller reads the environment, this module doesn't.
#[derive(Debug, Clone)]
pub struct Places {
    /// The value of `PATH`: where `pg_config`, `postgres`, `npm` and `docker` are looked for.
    pub path: Option<OsString>,
    /// Holds fetched binaries, what is known of images, and template data directories from one run to the next.
    pub cache: PathBuf,
    /// Holds the running servers. A socket's path must be under 104 bytes: `/tmp` is taken where this is too long.
    pub temp: PathBuf,
    /// The only origin that the server's binaries may have. `None` takes the first that has them.
    pub origin: Option<Origin>,
}

impl Places {
    /// The usual places, from the values of `PATH`, `XDG_CACHE_HOME` and `HOME`, and the temporary folder.
    ///
    /// For root the cache is `/var/cache/pgmoat`: the server's user can't enter root's home.
    pub fn usual(
        path: Option<OsString>,
        xdg_cache_home: Option<OsString>,
        home: Option<OsString>,
        temp: PathBuf,
    ) -> Result<Places, Error> {
        let absolute = |value: Option<OsString>| value.map(PathBuf::from).filter(|path| path.is_absolute());
        let uid = effective_uid()?;
        let cache = if uid == 0 {
            PathBuf::from("/var/cache/pgmoat")
        } else if let Some(folder) = absolute(xdg_cache_home) {
            folder.join("pgmoat")
        } else if let Some(folder) = absolute(home) {
            folder.join(".cache/pgmoat")
        } else {
            temp.join(format!("pgmoat-cache-{uid}"))
        };
        Ok(Places { path, cache, temp, origin: None })
    }

    /// The same, with the server's binaries from nowhere but `origin`: `machine`, `npm` or `docker`.
    pub fn only_from(self, origin: Option<&OsStr>) -> Result<Places, Error> {
        let origin = origin.map(Origin::named).transpose()?;
        Ok(Places { origin, ..self })
    }

    /// The first executable of that name on the search path.
    pub(super) fn program(&self, name: &str) -> Option<PathBuf> {
        self.search_path().map(|folder| folder.join(name)).find(|file| is_executable(file))
    }

    pub(super) fn search_path(&self) -> impl Iterator<Item = PathBuf> {
        let folders: Vec<PathBuf> = self.path.iter().flat_map(std::env::split_paths).collect();
        folders.into_iter().filter(|folder| folder.is_absolute())
    }

    /// A folder in the cache, made if need be, that the server's user can enter.
    pub(super) fn cache_folder(&self, name: &str, runner: Runner) -> Result<PathBuf, Error> {
        let folder = self.cache.join(name);
        DirBuilder::new().recursive(true).mode(0o755).create(&folder).doing("make the folder", &folder)?;
        if matches!(runner, Runner::Other { .. }) {
            for made in [&self.cache, &folder] {
                fs::set_permissions(made, fs::Permissions::from_mode(0o755)).doing("open up", made)?;
            }
        }
        Ok(folder)
    }

    /// A new folder for one server, for its user alone (whoever gets to the socket is a superuser there).
    pub(super) fn run_folder(&self, runner: Runner) -> Result<PathBuf, Error> {
        const LONGEST_SOCKET: usize = "/pgmoat-4194304-9999/.s.PGSQL.65535".len();
        let temp = &self.temp;
        let fits = temp.is_absolute() && temp.as_os_str().len() + LONGEST_SOCKET < 104 && runner.reaches(temp);
        let base = if fits { temp.as_path() } else { Path::new("/tmp") };
        loop {
            let folder = base.join(format!("pgmoat-{}", unique()));
            match DirBuilder::new().mode(0o700).create(&folder) {
                Ok(()) => {
                    runner.give(&folder)?;
                    return Ok(folder);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error).doing("make the folder", &folder),
            }
        }
    }
}

/// Runs `make` on a fresh path beside `target` and moves the result there, unless `target` is there already.
///
/// The rename alone makes this right, and the lock only saves work: where several processes need the same thing, one makes
/// it and the others wait.
pub(super) fn make_once(target: &Path, make: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
    if target.exists() {
        return Ok(());
    }
    let _lock = Lock::take(target)?;
    if target.exists() {
        return Ok(());
    }
    sweep(target);
    let fresh = Fresh(target.with_extension(format!("making-{}", unique())));
    make(&fresh.0)?;
    match fs::rename(&fresh.0, target) {
        // A folder that isn't empty is in the way: somebody else was faster.
        Err(_) if target.exists() => Ok(()),
        other => other.doing("move into place", target),
    }
}

/// A path that is removed again unless it was renamed away.
struct Fresh(PathBuf);

impl Drop for Fresh {
    fn drop(&mut self) {
        // Nothing to be done about a failure, and usually there is nothing to remove.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that names the process which makes `target`. It appears with its content, being a link to a finished file.
struct Lock(PathBuf);

impl Lock {
    fn take(target: &Path) -> Result<Lock, Error> {
        let lock = target.with_extension("lock");
        let mine = target.with_extension(format!("lock-{}", unique()));
        fs::write(&mine, process::id().to_string()).doing("write", &mine)?;
        let taken = loop {
            match fs::hard_link(&mine, &lock) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    if is_stale(&lock) {
                        let _ = fs::remove_file(&lock);
                    } else {
                        thread::sleep(Duration::from_millis(50));
                    }
                }
                other => break other.doing("lock", &lock),
            }
        };
        let _ = fs::remove_file(&mine);
        taken.map(|()| Lock(lock))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Whether a lock's holder is dead. A process id says nothing across containers that share a cache: so age counts too.
fn is_stale(lock: &Path) -> bool {
    let age = fs::metadata(lock).and_then(|found| found.modified()).ok().and_then(|made| made.elapsed().ok());
    if age.is_some_and(|age| age > LONGEST_MAKING) {
        return true;
    }
    fs::read_to_string(lock).is_ok_and(|holder| is_dead(&holder))
}

/// The cache belongs to one user, so `kill -0` may ask.
fn is_dead(pid: &str) -> bool {
    let asked = Command::new("sh").args(["-c", "kill -0 \"$0\"", pid]).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| !status.success())
}

/// Removes what processes that died while making `target` left beside it.
fn sweep(target: &Path) {
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
        return;
    };
    let prefix = format!("{}.making-", name.to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let pid = name.strip_prefix(&prefix).and_then(|rest| rest.split('-').next());
        if pid.is_some_and(is_dead) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Different for every call in every living process.
fn unique() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

pub(super) fn is_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_by_many_and_after_a_death() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("thing");
        // No process has this id: it is above every system's largest.
        let leftover = folder.path().join("thing.making-99999999-0");
        fs::create_dir(&leftover).unwrap();
        fs::write(folder.path().join("thing.lock"), "99999999").unwrap();
        let made = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    make_once(&target, |fresh| {
                        made.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(100));
                        fs::create_dir(fresh).doing("make", fresh)
                    })
                    .unwrap();
                });
            }
        });
        assert!(target.is_dir() && !leftover.exists());
        assert!(made.into_inner() >= 1);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let result = make_once(&folder.path().join("thing"), |fresh| {
            fs::create_dir(fresh).doing("make", fresh)?;
            Err(Error::NoOrdinaryUser)
        });
        assert!(result.is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
