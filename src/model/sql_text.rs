//! SQL text that can be read and run: each hidden character is written as an escape, whose meaning is the same.
//!
//! `U&"…"` and `E'…'` with `\u` mean the same whatever `standard_conforming_strings` says.
//! <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>

use std::borrow::Cow;
use std::fmt::Write as _;

use super::hidden::{escaped, has_hidden, is_hidden, replaced};
use super::sql_tokens::{Token, is_word, tokens};

/// Returns an identifier in double quotes, as `U&"…"` where a character is hidden.
pub(super) fn identifier(text: &str) -> String {
    let doubled = text.replace('"', "\"\"");
    if has_hidden(text) {
        format!("U&\"{}\"", unicode_escapes(&doubled.replace('\\', "\\\\")))
    } else {
        format!("\"{doubled}\"")
    }
}

/// Returns a text literal for SQL. A backslash or a hidden character makes it an `E''` string.
#[must_use]
pub fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') || has_hidden(text) {
        format!("E'{}'", string_escapes(&doubled.replace('\\', "\\\\")))
    } else {
        format!("'{doubled}'")
    }
}

/// `\202E`, `\+0E0041`: in `U&"…"`.
fn unicode_escapes(text: &str) -> String {
    replaced(text, |out, c| match u32::from(c) {
        code @ 0..=0xffff => _ = write!(out, "\\{code:04X}"),
        code => _ = write!(out, "\\+{code:06X}"),
    })
}

/// `\u202E`, `\U000E0041`: in `E'…'`.
fn string_escapes(text: &str) -> String {
    replaced(text, |out, c| match u32::from(c) {
        code @ 0..=0xffff => _ = write!(out, "\\u{code:04X}"),
        code => _ = write!(out, "\\U{code:08X}"),
    })
}

/// Returns SQL text, such as the server writes identities, argument types and expressions, with its quoted identifiers and
/// its literals written anew where they hold hidden characters. Blanks that break the line become spaces.
#[must_use]
pub fn visible_sql(sql: &str) -> Cow<'_, str> {
    if !has_hidden(sql) {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len() + 16);
    for (token, text, after) in tokens(sql) {
        let visible = match token {
            Some(token) => token.visible(text, after),
            None if text.starts_with(['\t', '\n', '\x0b', '\x0c', '\r']) => " ".into(),
            None => escaped(text),
        };
        if token.is_some() && visible != text && out.ends_with(is_word) {
            out.push(' ');
        }
        out.push_str(&visible);
    }
    Cow::Owned(out)
}

impl Token<'_> {
    /// Returns the token as text of one line, where `after` follows it.
    fn visible(self, text: &str, after: &str) -> String {
        match self {
            // the line break that ends it becomes a space
            Self::Comment if text.starts_with("--") && !after.is_empty() => {
                format!("/*{}*/", escaped(&text[2..]).replace("*/", "* /").replace("/*", "/ *"))
            }
            Self::Comment => escaped(text),
            _ if !has_hidden(text) => text.to_owned(),
            Self::Identifier(body) => identifier(&body.replace("\"\"", "\"")),
            Self::Literal(body) => literal(&body.replace("''", "'")),
            Self::Dollar(body) => literal(body),
            Self::EscapeLiteral(body) => format!("E'{}'", string_escapes(&without_idle_backslashes(body))),
            Self::Unicode => unicode_escapes(text),
        }
    }
}

/// In `E'…'` a backslash before a hidden character means nothing, and would mean something before an escape.
fn without_idle_backslashes(body: &str) -> String {
    let mut out = String::new();
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(next)) => {
                if !is_hidden(next) {
                    out.push('\\');
                }
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_literals() {
        assert_eq!(identifier("a\"b\\"), "\"a\"\"b\\\"");
        assert_eq!(identifier("\u{202e}gpj\\.\"exe"), "U&\"\\202Egpj\\\\.\"\"exe\"");
        assert_eq!(identifier("\u{e0041}\u{1b}[0m"), "U&\"\\+0E0041\\001B[0m\"");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b'"), "E'a\\\\b'''");
        assert_eq!(literal("\u{202e}'\u{e0041}\n"), "E'\\u202E''\\U000E0041\\u000A'");
    }

    #[test]
    fn text_of_the_server_is_written_anew() {
        for (text, visible) in [
            ("integer, \"a b\".\"c\"", "integer, \"a b\".\"c\""),
            ("\"a\u{200b}\"\"b\".t(\"x\")", "U&\"a\\200B\"\"b\".t(\"x\")"),
            ("(a = 'x''\u{202e}'::text)", "(a = E'x''\\u202E'::text)"),
            ("(a = 'back\\\u{202e}'::text)", "(a = E'back\\\\\\u202E'::text)"),
            ("E'\\'\\\n\u{202e}\\\\' || b", "E'\\'\\u000A\\u202E\\\\' || b"),
            ("u&\"\\0061\u{202e}\"", "u&\"\\0061\\202E\""),
            ("$x$a'\u{202e}\\$x$ $1", "E'a''\\u202E\\\\' $1"),
            ("a$x$b\u{202e}", "a$x$b\\u{202e}"),
            ("SELECT\n\ta -- x\u{202e}\n, b", "SELECT  a /* x\\u{202e}*/ , b"),
            ("name'\u{202e}'", "name E'\\u202E'"),
            ("\"never ends\u{202e}", "\"never ends\\u{202e}"),
            ("'\u{202e}", "'\\u{202e}"),
        ] {
            assert_eq!(visible_sql(text), visible, "{text:?}");
            assert_eq!(visible_sql(&visible_sql(text)), visible_sql(text));
        }
    }
}
