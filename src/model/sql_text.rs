//! SQL text that can be read and run: each hidden character is written as an escape, whose meaning is the same.
//!
//! `U&"…"` and `E'…'` with `\u` mean the same whatever `standard_conforming_strings` says.
//! <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>

use std::borrow::Cow;

use super::hidden::{escaped, has_hidden, is_hidden, replaced};

/// Returns an identifier in double quotes, as `U&"…"` where a character is hidden.
pub(super) fn identifier(text: &str) -> String {
    let doubled = text.replace('"', "\"\"");
    if has_hidden(text) { format!("U&\"{}\"", unicode_escapes(&doubled.replace('\\', "\\\\"))) } else { format!("\"{doubled}\"") }
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
        code @ 0..=0xffff => out.push_str(&format!("\\{code:04X}")),
        code => out.push_str(&format!("\\+{code:06X}")),
    })
}

/// `\u202E`, `\U000E0041`: in `E'…'`.
fn string_escapes(text: &str) -> String {
    replaced(text, |out, c| match u32::from(c) {
        code @ 0..=0xffff => out.push_str(&format!("\\u{code:04X}")),
        code => out.push_str(&format!("\\U{code:08X}")),
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
    let mut rest = sql;
    let mut in_word = false;
    while let Some(first) = rest.chars().next() {
        let token = if in_word { None } else { Token::first_of(rest) };
        match token {
            Some((token, length)) => {
                let (text, after) = rest.split_at(length);
                let visible = token.visible(text, after);
                if visible != text && out.ends_with(is_word) {
                    out.push(' ');
                }
                out.push_str(&visible);
                rest = after;
            }
            None => {
                match first {
                    '\t' | '\n' | '\x0b' | '\x0c' | '\r' => out.push(' '),
                    c if is_hidden(c) => out.extend(c.escape_unicode()),
                    c => out.push(c),
                }
                rest = &rest[first.len_utf8()..];
                // a quote that follows a word at once begins a token of its own, and a dollar in a word begins none
                in_word = is_word(first) && !rest.starts_with(['"', '\'']);
            }
        }
    }
    Cow::Owned(out)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// What can hold a hidden character in SQL text.
#[derive(Clone, Copy)]
enum Token<'a> {
    /// `"…"`: what is between the quotes.
    Identifier(&'a str),
    /// `'…'`
    Literal(&'a str),
    /// `E'…'`
    EscapeLiteral(&'a str),
    /// `U&"…"` or `U&'…'`, which need `\XXXX` for what is hidden.
    Unicode,
    /// `$tag$…$tag$`
    Dollar(&'a str),
    /// `-- …` to the end of the line, or `/* … */`
    Comment,
}

impl<'a> Token<'a> {
    /// Returns the token that the text begins with, and its length in bytes.
    fn first_of(text: &'a str) -> Option<(Self, usize)> {
        let mut chars = text.chars();
        match (chars.next()?, chars.next()) {
            ('"', _) => quoted(text, 1, '"', false).map(|(body, length)| (Self::Identifier(body), length)),
            ('\'', _) => quoted(text, 1, '\'', false).map(|(body, length)| (Self::Literal(body), length)),
            ('e' | 'E', Some('\'')) => {
                quoted(text, 2, '\'', true).map(|(body, length)| (Self::EscapeLiteral(body), length))
            }
            ('u' | 'U', Some('&')) => {
                let quote = chars.next().filter(|quote| matches!(quote, '"' | '\''))?;
                quoted(text, 3, quote, false).map(|(_, length)| (Self::Unicode, length))
            }
            ('$', _) => dollar(text),
            ('-', Some('-')) => Some((Self::Comment, text.find('\n').unwrap_or(text.len()))),
            ('/', Some('*')) => Some((Self::Comment, text.find("*/").map_or(text.len(), |end| end + 2))),
            _ => None,
        }
    }

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

/// Returns what is between the quote at `start - 1` and the one that ends it, and the length of it all.
fn quoted(text: &str, start: usize, quote: char, backslashes: bool) -> Option<(&str, usize)> {
    let mut chars = text[start..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && backslashes {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Some((&text[start..start + at], start + at + 1));
        }
    }
    None
}

fn dollar(text: &str) -> Option<(Token<'_>, usize)> {
    let tag = text[1..].find('$').map(|end| &text[..end + 2])?;
    let is_tag = tag[1..tag.len() - 1].chars().all(|c| c != '$' && is_word(c)) && !tag[1..].starts_with(|c: char| c.is_ascii_digit());
    let body = &text[tag.len()..];
    let end = body.find(tag).filter(|_| is_tag)?;
    Some((Token::Dollar(&body[..end]), tag.len() * 2 + end))
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
