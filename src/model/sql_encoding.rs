//! SQL text for a database without an encoding.
//!
//! In a database of the encoding SQL_ASCII the server takes no Unicode escape beyond ASCII, because it doesn't know which
//! bytes that character has (`pg_unicode_to_server` in src/backend/utils/mb/mbutils.c): there the bytes themselves are sent.

use std::borrow::Cow;

use super::sql_tokens::{Token, tokens};

/// Returns the statement as a session sends it, whose database has this encoding.
#[must_use]
pub fn sql_in_encoding<'a>(sql: &'a str, server_encoding: &str) -> Cow<'a, str> {
    match server_encoding {
        "SQL_ASCII" => sql_without_encoding(sql).map_or(Cow::Borrowed(sql), Cow::Owned),
        _ => Cow::Borrowed(sql),
    }
}

/// Returns the statement as it is sent to a database without an encoding, where that differs: with the characters beyond
/// ASCII themselves in the place of their escapes.
#[must_use]
pub fn sql_without_encoding(sql: &str) -> Option<String> {
    if !sql.contains('\\') {
        return None;
    }
    let (mut out, mut changed) = (String::with_capacity(sql.len()), false);
    for (token, text, _) in tokens(sql) {
        let plain = match token {
            Some(Token::Unicode) if text.ends_with('"') => identifier(text),
            Some(Token::EscapeLiteral(_)) => literal(text),
            _ => None,
        };
        changed |= plain.is_some();
        out.push_str(plain.as_deref().unwrap_or(text));
    }
    changed.then_some(out)
}

/// `U&"\202Ea"` as `"…a"`; None where nothing in it is beyond ASCII.
fn identifier(text: &str) -> Option<String> {
    let (mut out, mut rest, mut beyond) = (String::new(), &text[2..], false);
    while let Some(at) = rest.find('\\') {
        let (before, escape) = (&rest[..at], &rest[at + 1..]);
        out.push_str(before);
        let (c, length) = match escape.as_bytes().first()? {
            b'\\' => ('\\', 1),
            b'+' => (character(escape, 1, 6)?, 7),
            _ => (character(escape, 0, 4)?, 4),
        };
        beyond |= !c.is_ascii();
        out.push(c);
        rest = &escape[length..];
    }
    beyond.then(|| out + rest)
}

/// `E'\u202Ea\\'` with the character itself; None where no escape is beyond ASCII.
fn literal(text: &str) -> Option<String> {
    let (mut out, mut rest, mut beyond) = (String::new(), text, false);
    while let Some(at) = rest.find('\\') {
        let (before, escape) = (&rest[..at], &rest[at + 1..]);
        out.push_str(before);
        let digits = match escape.as_bytes().first()? {
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        match character(escape, 1, digits).filter(|c| !c.is_ascii()) {
            Some(c) => {
                beyond = true;
                out.push(c);
                rest = &escape[1 + digits..];
            }
            None => {
                let next = escape.chars().next()?;
                out.extend(['\\', next]);
                rest = &escape[next.len_utf8()..];
            }
        }
    }
    beyond.then(|| out + rest)
}

fn character(text: &str, start: usize, digits: usize) -> Option<char> {
    let code = text.get(start..start + digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    char::from_u32(u32::from_str_radix(code, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::{Name, literal};
    use super::sql_without_encoding;

    #[test]
    fn characters_beyond_ascii_are_sent_as_they_are() {
        for text in ["a\u{202e}\"b\\", "\u{e0041}\n'\\u202E", "\u{ad}\\\\"] {
            let name = Name::of_server(text);
            assert_eq!(sql_without_encoding(&name.quoted()), Some(name.stored()));
            let sent = sql_without_encoding(&literal(text)).expect("it differs");
            assert_eq!(sent, format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''").replace('\n', "\\u000A")));
        }
        for same in ["a", "U&\"\\000A\"", "E'\\\\u202E'", "'\\u202E'", "\"U&\\202E\"", "-- U&\"\\202E\""] {
            assert_eq!(sql_without_encoding(same), None, "{same}");
        }
    }
}
