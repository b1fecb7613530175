//! The password file, `~/.pgpass`: lines of `host:port:database:user:password`.

use super::password::Password;
use super::regular_file;
use std::path::Path;

/// The lines of a password file, read once. Its Debug shows how many there are, and none of them.
#[derive(Clone, Default)]
pub(super) struct PasswordFile {
    entries: Vec<Entry>,
}

/// One line; `None` is the wildcard `*`.
#[derive(Clone)]
struct Entry {
    fields: [Option<String>; 4],
    password: Password,
}

/// What a password is looked up by.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

impl PasswordFile {
    /// Reads the file. A file that libpq would ignore is ignored, with a note that says why. A missing file is worth a
    /// note only if somebody named it.
    pub(super) fn read(path: &Path, named: bool, notes: &mut Vec<String>) -> PasswordFile {
        if let Err(why) = acceptable(path) {
            if named || !matches!(why, Unusable::Missing) {
                notes.push(format!("the password file {} is ignored: {}", path.display(), why.words()));
            }
            return PasswordFile::default();
        }
        match regular_file::read(path, regular_file::LARGEST_SETTINGS) {
            Ok(bytes) => PasswordFile::parse(&String::from_utf8_lossy(&bytes)),
            Err(error) => {
                notes.push(format!("the password file {} is ignored: {error}", path.display()));
                PasswordFile::default()
            }
        }
    }

    /// Lines that don't have five fields are skipped, as libpq does.
    fn parse(text: &str) -> PasswordFile {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        PasswordFile { entries: lines.filter_map(parse_line).collect() }
    }

    /// The password of the first line that fits.
    pub(super) fn find(&self, wanted: Wanted<'_>) -> Option<&Password> {
        let port = wanted.port.to_string();
        let values = [wanted.host, &port, wanted.database, wanted.user];
        self.entries
            .iter()
            .find(|entry| {
                let fields = entry.fields.iter().zip(values);
                fields.into_iter().all(|(field, value)| field.as_deref().is_none_or(|text| text == value))
            })
            .map(|entry| &entry.password)
            .filter(|password| !password.expose().is_empty())
    }
}

impl std::fmt::Debug for PasswordFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PasswordFile({} entries)", self.entries.len())
    }
}

enum Unusable {
    Missing,
    NotAFile,
    TooOpen,
}

impl Unusable {
    fn words(&self) -> &'static str {
        match self {
            Unusable::Missing => "there is no such file",
            Unusable::NotAFile => "it isn't a plain file",
            Unusable::TooOpen => "its group or everybody may read it (chmod 0600 makes it usable)",
        }
    }
}

fn acceptable(path: &Path) -> Result<(), Unusable> {
    let metadata = std::fs::metadata(path).map_err(|_| Unusable::Missing)?;
    if !metadata.is_file() {
        return Err(Unusable::NotAFile);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(Unusable::TooOpen);
        }
    }
    Ok(())
}

fn parse_line(line: &str) -> Option<Entry> {
    let mut rest = line;
    let mut fields = [None, None, None, None];
    for field in &mut fields {
        let end = unescaped_colon(rest)?;
        *field = if &rest[..end] == "*" { None } else { Some(unescape(&rest[..end])) };
        rest = &rest[end + 1..];
    }
    // The rest of the line is the password: a colon in it needs no backslash.
    Some(Entry { fields, password: Password::new(unescape(rest)) })
}

fn unescaped_colon(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ':' => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            plain.extend(characters.next());
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, host: &str, port: u16, database: &str, user: &str) -> Option<String> {
        let wanted = Wanted { host, port, database, user };
        PasswordFile::parse(text).find(wanted).map(|password| password.expose().to_owned())
    }

    #[test]
    fn the_first_line_that_fits_wins() {
        let file = "# h:1:d:u:comment\nh:5432:d:u:one\nh:*:*:u:two\n*:*:*:*:three\n";
        assert_eq!(find(file, "h", 5432, "d", "u").as_deref(), Some("one"));
        assert_eq!(find(file, "h", 5433, "d", "u").as_deref(), Some("two"));
        assert_eq!(find(file, "h2", 5433, "d", "u").as_deref(), Some("three"));
        assert_eq!(find("h:1:d:u:x", "h", 2, "d", "u"), None);
    }

    #[test]
    fn backslashes_escape_and_the_password_may_hold_colons() {
        assert_eq!(find(r"a\:b:1:d\\e:u:p\\a\:s:s", "a:b", 1, r"d\e", "u").as_deref(), Some(r"p\a:s:s"));
        assert_eq!(find(r"h:1:\*:u:p", "h", 1, "x", "u"), None);
        assert_eq!(find("fe80::1:1:d:u:p", "fe80::1", 1, "d", "u"), None);
        assert_eq!(find("h:1:d:u:p\r\n", "h", 1, "d", "u").as_deref(), Some("p"));
        assert_eq!(find("h:1:d:u", "h", 1, "d", "u"), None);
        assert_eq!(find("h:1:d:u:", "h", 1, "d", "u"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_ignored_with_a_note() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("pgpass");
        std::fs::write(&path, "*:*:*:*:hunter2").expect("written");
        for (mode, notes_expected) in [(0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("chmod");
            let mut notes = Vec::new();
            let file = PasswordFile::read(&path, false, &mut notes);
            assert_eq!(notes.len(), notes_expected, "{mode:o}");
            assert_eq!(file.entries.len(), 1 - notes_expected, "{mode:o}");
            assert!(!format!("{notes:?} {file:?}").contains("hunter2"));
        }
    }

    #[test]
    fn a_missing_file_is_worth_a_note_only_if_it_was_named() {
        let mut notes = Vec::new();
        PasswordFile::read(Path::new("/nonexistent/pgpass"), false, &mut notes);
        assert!(notes.is_empty());
        PasswordFile::read(Path::new("/nonexistent/pgpass"), true, &mut notes);
        assert_eq!(notes.len(), 1);
    }
}
