//! Names of roles, databases, schemas and objects.

use std::fmt;
use std::sync::Arc;

use super::sql_text::identifier;

/// An identifier, exactly as the catalog stores it. There is no `Display`: SQL takes [`Name::quoted`], people
/// [`Name::shown`]. Cheap to clone.
#[derive(Clone, Eq)]
pub struct Name(Arc<str>);

/// Most names that meet are one allocation: the schema of a thousand tables.
impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { std::cmp::Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Why a text can't be a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The empty string.
    #[error("a name may not be empty")]
    Empty,
    /// Over 63 bytes of UTF-8.
    #[error("the name has {0} bytes, PostgreSQL allows 63")]
    TooLong(usize),
    /// A NUL byte, which no PostgreSQL text can hold.
    #[error("a name may not hold a NUL byte")]
    Nul,
}

impl Name {
    /// PostgreSQL truncates identifiers at NAMEDATALEN - 1 bytes, silently; a layout's name may not be longer.
    /// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>
    pub const MAX_BYTES: usize = 63;

    /// A name from a layout: 1 to 63 bytes, no NUL.
    ///
    /// # Errors
    /// [`NameError`] says which of the three rules is broken.
    pub fn new(text: &str) -> Result<Self, NameError> {
        match text.len() {
            0 => Err(NameError::Empty),
            n if n > Self::MAX_BYTES => Err(NameError::TooLong(n)),
            _ if text.contains('\0') => Err(NameError::Nul),
            _ => Ok(Self(text.into())),
        }
    }

    /// A name that a server sent: valid there, whatever its NAMEDATALEN.
    #[must_use]
    pub fn of_server(text: &str) -> Self {
        Self(text.into())
    }

    /// The bare text, for comparisons and bind parameters; never for SQL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name for SQL text: always in double quotes, so that no keyword, capital or space changes the meaning,
    /// and with every hidden character as an escape: `"orders"`, `U&"\202Egpj.exe"`. It can be run as it is shown.
    #[must_use]
    pub fn quoted(&self) -> String {
        identifier(&self.0)
    }

    /// Returns the name in double quotes with its characters as they are: the form in which the server writes and reads
    /// ACL items and lists of names in settings. Never for SQL or for people.
    #[must_use]
    pub fn stored(&self) -> String {
        format!("\"{}\"", self.0.replace('"', "\"\""))
    }

    /// Returns the name for people: bare where SQL would take it bare, else as SQL has it, so that it can be copied.
    #[must_use]
    pub fn shown(&self) -> String {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.0.chars().all(plain) && !self.0.starts_with(|c: char| c.is_ascii_digit()) {
            return self.0.to_string();
        }
        self.quoted()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl serde::Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Name {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(|text| Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        assert_eq!(Name::new(""), Err(NameError::Empty));
        assert!(Name::new(&"x".repeat(63)).is_ok());
        assert_eq!(Name::new(&"é".repeat(32)), Err(NameError::TooLong(64)));
        assert_eq!(Name::new("a\0b"), Err(NameError::Nul));
    }

    #[test]
    fn quoting_and_showing() {
        let odd = Name::of_server("Weird \"role\"");
        assert_eq!(odd.quoted(), "\"Weird \"\"role\"\"\"");
        assert_eq!(odd.shown(), odd.quoted());
        assert_eq!(Name::of_server("orders_dml").shown(), "orders_dml");
        assert_eq!(Name::of_server("a\u{202e}b").shown(), "U&\"a\\202Eb\"");
        assert_eq!(Name::of_server("a\u{202e}\"b").stored(), "\"a\u{202e}\"\"b\"");
    }
}
