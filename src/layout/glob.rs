//! Names with stars: `jobs`, `archive.*`, `"odd.name"`.

use super::{At, Glob, TablePattern};
use crate::model::escaped;

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    #[error("a name may not be empty")]
    Empty,
    #[error("a name may not hold a NUL byte")]
    Nul,
    #[error("no name can match: {0} bytes besides the stars, PostgreSQL allows 63")]
    TooLong(usize),
    #[error("a double quote is never closed")]
    Unclosed,
    #[error("a table is written `name` or `schema.name`, and this has {0} parts")]
    Parts(usize),
}

impl Glob {
    /// One name; dots are part of it, `*` outside double quotes stands for any run of characters.
    ///
    /// # Errors
    /// [`GlobError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, GlobError> {
        let mut parts = parts(text, false)?;
        parts.pop().ok_or(GlobError::Empty)
    }

    /// A lone star: it matches everything.
    #[must_use]
    pub fn every() -> Self {
        Self(vec![String::new(), String::new()])
    }

    /// No star in it.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.0.len() == 1
    }

    /// The one name that it matches.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        match self.0.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }

    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else {
            return false;
        };
        if self.is_exact() {
            return name == first;
        }
        let Some(mut rest) = name.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
            return false;
        };
        // The leftmost place for each piece leaves the most for those after it.
        for piece in &self.0[1..self.0.len() - 1] {
            let Some(found) = rest.find(piece.as_str()) else {
                return false;
            };
            rest = &rest[found + piece.len()..];
        }
        true
    }

    /// As it would be written in a layout; safe on a terminal.
    #[must_use]
    pub fn shown(&self) -> String {
        let pieces: Vec<String> = self.0.iter().map(|piece| shown_piece(piece)).collect();
        pieces.join("*")
    }
}

fn shown_piece(piece: &str) -> String {
    if piece.contains(['.', '*', '"']) {
        return escaped(&format!("\"{}\"", piece.replace('"', "\"\"")));
    }
    escaped(piece)
}

impl TablePattern {
    /// `name` or `schema.name`.
    ///
    /// # Errors
    /// [`GlobError`] says what is wrong.
    pub fn parse(text: &str, at: At) -> Result<Self, GlobError> {
        let mut parts = parts(text, true)?.into_iter();
        match (parts.next(), parts.next(), parts.len()) {
            (Some(name), None, _) => Ok(Self { schema: None, name, at }),
            (Some(schema), Some(name), 0) => Ok(Self { schema: Some(schema), name, at }),
            (_, _, more) => Err(GlobError::Parts(more + 2)),
        }
    }

    /// Without a schema, a table of any of the service's schemas.
    #[must_use]
    pub fn matches(&self, schema: &str, table: &str) -> bool {
        self.schema.as_ref().is_none_or(|glob| glob.matches(schema)) && self.name.matches(table)
    }

    /// No star in it.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.name.is_exact() && self.schema.as_ref().is_none_or(Glob::is_exact)
    }

    /// As it would be written in a layout; safe on a terminal.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{}", schema.shown(), self.name.shown()),
            None => self.name.shown(),
        }
    }
}

/// The parts between dots, each cut at its stars. Inside double quotes both are literal, and `""` is a quote, as in SQL;
/// unlike in SQL, what stands outside of quotes keeps its capitals.
pub(super) fn parts(text: &str, dots: bool) -> Result<Vec<Glob>, GlobError> {
    let mut parts = vec![];
    let mut pieces = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => push(&mut pieces, '"'),
            '"' => quoted = !quoted,
            '*' if !quoted => pieces.push(String::new()),
            '.' if !quoted && dots => parts.push(checked(std::mem::replace(&mut pieces, vec![String::new()]))?),
            c => push(&mut pieces, c),
        }
    }
    if quoted {
        return Err(GlobError::Unclosed);
    }
    parts.push(checked(pieces)?);
    Ok(parts)
}

/// The parts of a name between dots; double quotes as in a layout, and a star is a star.
///
/// # Errors
/// [`GlobError`] says what is wrong.
pub fn name_parts(text: &str) -> Result<Vec<String>, GlobError> {
    Ok(parts(text, true)?.into_iter().map(|glob| glob.0.join("*")).collect())
}

fn push(pieces: &mut [String], c: char) {
    if let Some(last) = pieces.last_mut() {
        last.push(c);
    }
}

fn checked(mut pieces: Vec<String>) -> Result<Glob, GlobError> {
    let bytes: usize = pieces.iter().map(String::len).sum();
    if bytes == 0 && pieces.len() == 1 {
        return Err(GlobError::Empty);
    }
    if bytes > crate::model::Name::MAX_BYTES {
        return Err(GlobError::TooLong(bytes));
    }
    if pieces.iter().any(|piece| piece.contains('\0')) {
        return Err(GlobError::Nul);
    }
    // `**` is `*`: an empty piece between two stars says nothing.
    let last = pieces.len() - 1;
    let mut place = 0;
    pieces.retain(|piece| {
        place += 1;
        !piece.is_empty() || place == 1 || place == last + 1
    });
    Ok(Glob(pieces))
}

#[cfg(test)]
mod tests {
    //! Not covered: the places of patterns, which the files of `tests/layouts` show.
    use super::*;
    use proptest::prelude::*;

    fn pattern(text: &str) -> TablePattern {
        TablePattern::parse(text, At { file: 0, bytes: 0..0 }).expect(text)
    }

    #[test]
    fn names_and_stars() {
        let cases = [
            ("jobs", "a", "jobs", true),
            ("jobs", "a", "Jobs", false),
            ("a.jobs", "b", "jobs", false),
            ("a*.j*s", "archive", "jobs", true),
            ("*", "a", "x", true),
            ("a*a", "s", "a", false),
            ("a*b*a", "s", "aba", true),
            ("**x", "s", "x", true),
            ("\"a.b\"", "s", "a.b", true),
            ("\"*\"", "s", "x", false),
            ("\"*\"", "s", "*", true),
            ("\"a\"\"b\"", "s", "a\"b", true),
            ("\"s.t\".\"A b\"*", "s.t", "A bc", true),
            ("é*", "s", "été", true),
        ];
        for (text, schema, table, expected) in cases {
            assert_eq!(pattern(text).matches(schema, table), expected, "{text} on {schema}.{table}");
        }
    }

    #[test]
    fn refused() {
        let error = |text: &str| TablePattern::parse(text, At { file: 0, bytes: 0..0 }).expect_err(text);
        assert_eq!(error(""), GlobError::Empty);
        assert_eq!(error("a."), GlobError::Empty);
        assert_eq!(error("\"a"), GlobError::Unclosed);
        assert_eq!(error("a.b.c"), GlobError::Parts(3));
        assert_eq!(error("a\0"), GlobError::Nul);
        assert_eq!(error(&"x".repeat(64)), GlobError::TooLong(64));
    }

    proptest! {
        #[test]
        fn shown_reads_back(schema in "[a.*\" é]{1,6}", name in "[a.*\" é]{1,6}") {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let first = pattern(&format!("{}.{}", quoted(&schema), quoted(&name)));
            prop_assert!(first.is_exact() && first.matches(&schema, &name));
            let again = pattern(&first.shown());
            prop_assert_eq!((again.schema, again.name), (first.schema, first.name));
        }

        #[test]
        fn same_as_the_obvious_algorithm(glob in "[ab*]{1,6}", name in "[ab]{0,8}") {
            fn obvious(glob: &[u8], name: &[u8]) -> bool {
                match (glob.first(), name.first()) {
                    (None, None) => true,
                    (Some(b'*'), _) => obvious(&glob[1..], name) || (!name.is_empty() && obvious(glob, &name[1..])),
                    (Some(g), Some(n)) => g == n && obvious(&glob[1..], &name[1..]),
                    _ => false,
                }
            }
            let parsed = Glob::parse(&glob).expect("no quotes, not empty");
            prop_assert_eq!(parsed.matches(&name), obvious(glob.as_bytes(), name.as_bytes()));
        }
    }
}
