//! The form `host=db.example.com user=app password='a secret'`.

use super::keyword;
use super::settings::Settings;
use crate::db::conninfo_error::{ConninfoError, Origin};

/// Splits the string as libpq does. Errors say where, never what: any piece of a malformed string may be a piece of a
/// password.
pub(super) fn parse(text: &str) -> Result<Settings, ConninfoError> {
    let mut settings = Settings::default();
    let mut reader = Reader { text, at: 0 };
    let mut ordinal = 0;
    loop {
        reader.skip_blanks();
        if reader.peek().is_none() {
            return Ok(settings);
        }
        ordinal += 1;
        let offset = reader.at;
        let name = reader.name();
        reader.skip_blanks();
        if reader.next() != Some('=') {
            return Err(ConninfoError::MissingEquals { ordinal, offset });
        }
        let Some(keyword) = keyword::find(name) else {
            return Err(ConninfoError::UnknownKeyword { ordinal, offset });
        };
        reader.skip_blanks();
        let value = reader.value()?;
        settings.set(keyword, value, &Origin::Argument);
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
    }

    fn name(&mut self) -> &'a str {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|character| character != '=' && !is_blank(character))
        {
            self.next();
        }
        &self.text[start..self.at]
    }

    fn value(&mut self) -> Result<String, ConninfoError> {
        let start = self.at;
        let quoted = self.peek() == Some('\'');
        if quoted {
            self.next();
        }
        let mut value = String::new();
        loop {
            match self.next() {
                None if quoted => return Err(ConninfoError::UnterminatedQuote { offset: start }),
                None => return Ok(value),
                Some('\'') if quoted => return Ok(value),
                Some(blank) if !quoted && is_blank(blank) => return Ok(value),
                Some('\\') => value.extend(self.next()),
                Some(character) => value.push(character),
            }
        }
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, name: &'static str) -> Option<String> {
        parse(text).expect("a well-formed string").get(name).map(str::to_owned)
    }

    #[test]
    fn values_may_be_quoted_escaped_and_spaced() {
        for (text, name, value) in [
            ("host=h port=1", "port", Some("1")),
            ("  host = h\n\tport =\t1 ", "host", Some("h")),
            ("password='a b\\'c\\\\d'", "password", Some("a b'c\\d")),
            (r"password=a\ b\'c", "password", Some("a b'c")),
            (r"password=a\", "password", Some("a")),
            ("password=it's", "password", Some("it's")),
            ("password=a=b", "password", Some("a=b")),
            ("password='' user=u", "password", None),
            ("password= user=u", "password", Some("user=u")), // libpq skips blanks after `=`, and so do we
            ("user=a user=b", "user", Some("b")),
            ("user='é'", "user", Some("é")),
            ("", "user", None),
        ] {
            assert_eq!(get(text, name).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn malformed_strings_are_told_by_position() {
        let error = |text| parse(text).err().expect("malformed").to_string();
        assert!(error("host=h password=abc hunter2=x").contains("setting 3, at byte 20"));
        assert!(error("host=h hunter2").contains("setting 2, at byte 7"));
        assert!(error("password='hunter2").contains("at byte 9"));
        assert!(error("Host=h").contains("setting 1"));
    }
}
