//! A folder in which nobody else may write, and its files: no link is followed, nothing but a regular file is read, and a file is replaced
//! as a whole.
//!
//! What is below the folder is opened from the folder's own descriptor, step by step, so that nobody can put a link in the way in between
//! (openat(2) with O_NOFOLLOW).

use std::ffi::OsStr;
use std::fs::{DirBuilder, File};
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, fstat, mkdirat, openat, renameat, unlinkat};

/// No entry has as many bytes.
const LARGEST: u64 = 64 * 1024;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The folder, and how one comes to it.
#[derive(Debug)]
pub(super) struct PrivateFolder {
    /// Somebody's own choice: links in it are followed.
    base: PathBuf,
    /// From there on no link is followed.
    below: PathBuf,
}

impl PrivateFolder {
    /// `below`, as a file that others may have written names it, beside `base`; an absolute one is the whole.
    pub(super) fn beneath(base: PathBuf, below: PathBuf) -> Self {
        if below.is_absolute() { Self { base: below, below: PathBuf::new() } } else { Self { base, below } }
    }

    /// Where a file of the folder stands.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.base.join(&self.below).join(file)
    }

    /// Returns the text of a file, and when it was written; None where there is no such file.
    pub(super) fn read(&self, file: &str) -> io::Result<Option<(String, Option<SystemTime>)>> {
        absent(|| {
            let (folder, name) = self.folder_of(file, false)?;
            // a FIFO that nobody writes must not hold us
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let opened = File::from(openat(&folder, name, flags, Mode::empty())?);
            let data = opened.metadata()?;
            if !data.is_file() {
                return Err(io::Error::other("it is no regular file"));
            }
            let mut text = String::new();
            opened.take(LARGEST + 1).read_to_string(&mut text)?;
            if text.len() as u64 > LARGEST {
                return Err(io::Error::other("it is too large for an entry"));
            }
            Ok((text, data.modified().ok()))
        })
    }

    /// Writes a file as a whole, 0600, and makes the folders that it needs, 0700: a reader sees the old one, or the new one.
    pub(super) fn replace(&self, file: &str, text: &str) -> io::Result<()> {
        let (folder, name) = self.folder_of(file, true)?;
        let mut beside = name.to_owned();
        beside.push(".new");
        // what a dead run left, or somebody's link
        absent(|| Ok(unlinkat(&folder, &beside, AtFlags::empty())?))?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut new = File::from(openat(&folder, &beside, flags, Mode::RUSR | Mode::WUSR)?);
        new.write_all(text.as_bytes())?;
        new.sync_all()?;
        renameat(&folder, &beside, &folder, name)?;
        // a rename is durable when its folder is
        File::from(folder).sync_all()
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, file: &str) -> io::Result<()> {
        let removed = absent(|| {
            let (folder, name) = self.folder_of(file, false)?;
            unlinkat(&folder, name, AtFlags::empty())?;
            File::from(folder).sync_all()
        });
        removed.map(|_| ())
    }

    /// The folder that holds the file, and the file's own name.
    fn folder_of<'f>(&self, file: &'f str, make: bool) -> io::Result<(OwnedFd, &'f OsStr)> {
        let path = Path::new(file);
        let name = path.file_name().ok_or_else(|| io::Error::other("it has no name"))?;
        let mut folder = self.open(make)?;
        for step in path.parent().into_iter().flat_map(Path::components) {
            let Component::Normal(step) = step else { return Err(io::Error::other("it leads out of the folder")) };
            folder = enter(&folder, step, make)?;
            refuse_others(&folder, step)?;
        }
        Ok((folder, name))
    }

    fn open(&self, make: bool) -> io::Result<OwnedFd> {
        if make {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.base)?;
        }
        let base = if self.base.as_os_str().is_empty() { Path::new(".") } else { &self.base };
        refuse_movable(base)?;
        let mut folder = openat(CWD, base, FOLDER, Mode::empty())?;
        for step in self.below.components() {
            folder = match step {
                Component::CurDir => folder,
                step => enter(&folder, step.as_os_str(), make)?,
            };
        }
        refuse_others(&folder, self.base.join(&self.below).as_os_str())?;
        if make && self.below.components().next().is_some() {
            keep_from_git(&folder)?;
        }
        Ok(folder)
    }
}

/// None where something isn't there.
fn absent<T>(of: impl FnOnce() -> io::Result<T>) -> io::Result<Option<T>> {
    match of() {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn enter(folder: &OwnedFd, step: &OsStr, make: bool) -> io::Result<OwnedFd> {
    if make {
        match mkdirat(folder, step, Mode::RWXU) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
    openat(folder, step, FOLDER | OFlags::NOFOLLOW, Mode::empty()).map_err(|error| match error {
        rustix::io::Errno::LOOP | rustix::io::Errno::NOTDIR => {
            io::Error::other(format!("{} is a link, or no folder", step.display()))
        }
        error => error.into(),
    })
}

/// Who may write into a folder puts what he likes in the place of a file.
fn refuse_others(folder: &OwnedFd, shown: &OsStr) -> io::Result<()> {
    let stat = fstat(folder)?;
    let (us, mode) = (rustix::process::geteuid().as_raw(), Mode::from_raw_mode(stat.st_mode));
    debug_assert_eq!(FileType::from_raw_mode(stat.st_mode), FileType::Directory);
    if stat.st_uid != us && stat.st_uid != 0 {
        return Err(io::Error::other(format!("the folder {} belongs to another user", shown.display())));
    }
    if mode.intersects(Mode::WGRP | Mode::WOTH) {
        let what = format!("others may write into the folder {}: chmod go-w it", shown.display());
        return Err(io::Error::other(what));
    }
    Ok(())
}

/// Who may write into a folder above can put another one in its place, but not in /tmp and its like, where one moves only what is one's own.
fn refuse_movable(base: &Path) -> io::Result<()> {
    for above in base.canonicalize()?.ancestors() {
        let mode = above.metadata()?.mode();
        if mode & 0o002 != 0 && mode & 0o1000 == 0 {
            let what = format!("others may write into the folder {}: chmod o-w it", above.display());
            return Err(io::Error::other(what));
        }
    }
    Ok(())
}

/// Passwords belong into no repository.
fn keep_from_git(folder: &OwnedFd) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(folder, ".gitignore", flags, Mode::RUSR | Mode::WUSR) {
        Ok(file) => File::from(file).write_all(b"# passwords: never in a repository\n*\n"),
        Err(rustix::io::Errno::EXIST) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    struct Place {
        around: tempfile::TempDir,
        folder: PrivateFolder,
    }

    fn place() -> Place {
        let around = tempfile::tempdir().expect("a folder");
        let folder = PrivateFolder::beneath(around.path().join("layout"), "secrets".into());
        fs::create_dir(around.path().join("layout")).expect("a folder");
        Place { around, folder }
    }

    impl Place {
        fn at(&self, path: &str) -> PathBuf {
            self.around.path().join("layout").join(path)
        }

        fn text(&self, file: &str) -> Option<String> {
            self.folder.read(file).expect("readable").map(|(text, _)| text)
        }
    }

    #[test]
    fn a_file_is_its_owners_alone_and_in_no_repository() {
        let place = place();
        place.folder.replace("orders/app.json", "one").expect("written");
        place.folder.replace("orders/app.json", "two").expect("written again");
        assert_eq!(place.text("orders/app.json").as_deref(), Some("two"));
        let mode = |path: &str| fs::metadata(place.at(path)).expect("there").permissions().mode() & 0o777;
        assert_eq!([mode("secrets"), mode("secrets/orders"), mode("secrets/orders/app.json")], [0o700, 0o700, 0o600]);
        assert!(fs::read_to_string(place.at("secrets/.gitignore")).expect("there").lines().any(|line| line == "*"));
        place.folder.remove("orders/app.json").expect("removed");
        place.folder.remove("orders/app.json").expect("nothing to remove");
        assert_eq!(place.text("orders/app.json"), None);
    }

    #[test]
    fn no_link_is_followed() {
        let place = place();
        place.folder.replace("app.json", "one").expect("written");
        let loot = place.at("loot");
        fs::write(&loot, "theirs").expect("written");
        // where the next version is written first, and by what name a dead run of an earlier pgmoat may have left it
        for beside in ["secrets/app.json.new", "secrets/app.new"] {
            symlink(&loot, place.at(beside)).expect("a link");
        }
        place.folder.replace("app.json", "two").expect("written");
        assert_eq!(fs::read_to_string(&loot).expect("there"), "theirs");
        assert_eq!(place.text("app.json").as_deref(), Some("two"));
        // an entry, a folder in the folder, the folder itself
        symlink(&loot, place.at("secrets/worker.json")).expect("a link");
        let _ = place.folder.read("worker.json").expect_err("a link");
        place.folder.replace("worker.json", "new").expect("the link itself is replaced");
        assert_eq!(fs::read_to_string(&loot).expect("there"), "theirs");
        fs::create_dir(place.at("elsewhere")).expect("a folder");
        symlink(place.at("elsewhere"), place.at("secrets/orders")).expect("a link");
        let _ = place.folder.replace("orders/app.json", "three").expect_err("a link");
        let whole = PrivateFolder::beneath(place.at(""), "linked".into());
        symlink(place.at("elsewhere"), place.at("linked")).expect("a link");
        let _ = whole.replace("app.json", "three").expect_err("a link");
        assert_eq!(fs::read_dir(place.at("elsewhere")).expect("readable").count(), 0);
    }

    #[test]
    fn a_folder_in_which_others_may_write_is_refused() {
        let place = place();
        place.folder.replace("orders/app.json", "one").expect("written");
        for (open, closed) in [("secrets", 0o700), ("secrets/orders", 0o700), ("", 0o755)] {
            let set = |mode| fs::set_permissions(place.at(open), fs::Permissions::from_mode(mode)).expect("chmod");
            set(0o777);
            let read = place.folder.read("orders/app.json").expect_err(open);
            let written = place.folder.replace("orders/app.json", "two").expect_err(open);
            assert!(read.to_string().contains("may write into the folder"), "{open:?}: {read}");
            assert!(written.to_string().contains("may write into the folder"), "{open:?}: {written}");
            set(closed);
        }
        assert_eq!(place.text("orders/app.json").as_deref(), Some("one"));
    }

    #[test]
    fn nothing_but_a_regular_file_of_a_fitting_size_is_read() {
        let place = place();
        place.folder.replace("app.json", "one").expect("written");
        let fifo = place.at("secrets/fifo.json");
        rustix::fs::mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a FIFO");
        let _ = place.folder.read("fifo.json").expect_err("a FIFO");
        fs::create_dir(place.at("secrets/folder.json")).expect("a folder");
        let _ = place.folder.read("folder.json").expect_err("a folder");
        fs::write(place.at("secrets/huge.json"), vec![b'x'; 1 << 20]).expect("written");
        let _ = place.folder.read("huge.json").expect_err("too large");
        let _ = place.folder.read("../loot").expect_err("it leads out of the folder");
    }
}
