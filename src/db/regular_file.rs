//! Files that others may have put where we look: nothing but a regular file is read, and never more than so many bytes.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, openat};

/// No file of settings, of passwords or of certificates has as many bytes; a system's authorities are some 200 kB.
pub const LARGEST_SETTINGS: u64 = 16 << 20;

/// Returns the bytes of a regular file.
///
/// # Errors
/// When it is something else, such as a FIFO that nobody writes or a device without an end; when it has more than `most`
/// bytes; and when it can't be read.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // before it is opened, since to open a device may do something
    if !std::fs::metadata(path)?.is_file() {
        return Err(not_regular());
    }
    // and yet it may be another by now, and a FIFO must not hold us
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(openat(CWD, path, flags, Mode::empty())?);
    let data = file.metadata()?;
    if !data.is_file() {
        return Err(not_regular());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(data.len().min(most)).unwrap_or_default());
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it has more than {} MiB", most >> 20)));
    }
    Ok(bytes)
}

/// Returns the text of a regular file.
///
/// # Errors
/// As [`read`], and when it isn't UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(path, most)?).map_err(|_| io::Error::other("it is no UTF-8 text"))
}

fn not_regular() -> io::Error {
    io::Error::other("it is no regular file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_else_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "1234").expect("written");
        std::os::unix::fs::symlink(at("file"), at("link")).expect("linked");
        rustix::fs::mkfifoat(CWD, at("fifo"), Mode::RUSR | Mode::WUSR).expect("a FIFO");
        assert_eq!(read_text(&at("file"), 4).expect("read"), "1234");
        assert_eq!(read_text(&at("link"), 4).expect("read"), "1234");
        assert!(read(&at("file"), 3).expect_err("too large").to_string().contains("more than"));
        for other in [at("fifo"), folder.path().into(), "/dev/zero".into(), "/dev/null".into()] {
            let said = read(&other, 4).expect_err("refused").to_string();
            assert_eq!(said, "it is no regular file", "{}", other.display());
        }
        // a file that says it is empty, and isn't
        assert!(read(Path::new("/proc/self/maps"), 16).is_err());
        assert_eq!(read(&at("none"), 4).expect_err("there is none").kind(), io::ErrorKind::NotFound);
    }
}
