//! Characters that a reader can't see, or that a terminal obeys, and how text from outside shows them.

use std::fmt::Write as _;

/// Ranges of characters that are hidden, sorted: all of the Unicode categories Cc (controls), Cf (format characters, the
/// bidirectional ones among them), Zl and Zp (line and paragraph separator), Zs except the space, Co (private use), the
/// property `Default_Ignorable_Code_Point`, and characters whose glyph is empty: U+1D159, U+2800, U+16FE4.
/// <https://www.unicode.org/Public/UCD/latest/ucd/UnicodeData.txt>,
/// <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>
const HIDDEN: [(u32, u32); 38] = [
    (0x0000, 0x001f),
    (0x007f, 0x00a0),
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xe000, 0xf8ff),
    (0xfdd0, 0xfdef),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0xfffe, 0xffff),
    (0x1_10bd, 0x1_10bd),
    (0x1_10cd, 0x1_10cd),
    (0x1_3430, 0x1_343f),
    (0x1_6fe4, 0x1_6fe4),
    (0x1_bca0, 0x1_bca3),
    (0x1_d159, 0x1_d159),
    (0x1_d173, 0x1_d17a),
    (0x1_fffe, 0x1_ffff),
    (0x2_fffe, 0x2_ffff),
    (0x3_fffe, 0x3_ffff),
    // planes without letters: tags, variation selectors, private use
    (0x4_0000, 0x10_ffff),
];

/// Returns whether there is nothing to read in it.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_hidden(c))
}

/// Returns whether a reader can't see this character, or whether a terminal or a reader of lines acts on it.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return false;
    }
    let code = u32::from(c);
    let at = HIDDEN.partition_point(|(_, last)| *last < code);
    HIDDEN.get(at).is_some_and(|(first, _)| *first <= code)
}

/// Returns whether the text holds a hidden character.
#[must_use]
pub fn has_hidden(text: &str) -> bool {
    text.chars().any(is_hidden)
}

/// Returns text from outside with each hidden character as `\u{…}`: for prose, file names and errors. A name is shown by
/// [`super::Name::shown`], a piece of SQL by [`super::visible_sql`].
#[must_use]
pub fn escaped(text: &str) -> String {
    replaced(text, |out, c| out.extend(c.escape_unicode()))
}

/// Returns lines for a terminal: line breaks and colours (`ESC [ … m`) stay, every other hidden character is escaped.
#[must_use]
pub fn escaped_lines(text: &str, colors: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\x1b' if colors => color_length(rest),
            _ => None,
        };
        match length {
            Some(length) => out.push_str(&rest[..length]),
            None if c == '\n' || !is_hidden(c) => out.push(c),
            None => out.extend(c.escape_unicode()),
        }
        rest = &rest[length.unwrap_or(c.len_utf8())..];
    }
    out
}

/// The bytes of a "select graphic rendition" sequence at the start of the text.
fn color_length(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\x1b[")?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    codes[end..].starts_with('m').then_some(2 + end + 1)
}

/// Returns a JSON document with each hidden character in its strings as `\uXXXX`, which reads as the same document.
#[must_use]
pub fn visible_json(document: &str) -> String {
    // outside of strings, JSON written by serde_json has line breaks and spaces alone
    let escape = |out: &mut String, c: char| match c {
        '\n' => out.push(c),
        // writing to a String can't fail
        _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| _ = write!(out, "\\u{unit:04x}")),
    };
    replaced(document, escape)
}

/// Returns the text with `escape` in the place of each hidden character.
pub(super) fn replaced(text: &str, escape: impl Fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { escape(&mut out, c) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The categories and the property as the tables of another crate have them.
    #[test]
    fn every_character_of_these_categories_is_hidden() {
        let class = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Co}\p{Default_Ignorable_Code_Point}]";
        let hir = regex_syntax::parse(class).unwrap();
        let regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class)) = hir.kind() else {
            panic!("{hir:?}")
        };
        for range in class.ranges() {
            let missing: Vec<char> = (range.start()..=range.end()).filter(|c| !is_hidden(*c) && *c != ' ').collect();
            assert!(missing.is_empty(), "{missing:?}");
        }
    }

    #[test]
    fn what_is_written_is_seen() {
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0), "sorted");
        for c in ['a', ' ', '~', 'é', 'я', '日', 'ｐ', '☃', '\u{301}', '\u{1f600}', '\u{fffd}'] {
            assert!(!is_hidden(c), "{c:?}");
        }
        for c in ['\0', '\t', '\u{7f}', '\u{9b}', '\u{a0}', '\u{61c}', '\u{2029}', '\u{fe0f}', '\u{e0041}'] {
            assert!(is_hidden(c), "{c:?}");
        }
        assert_eq!(escaped("a\u{202e}b\n"), "a\\u{202e}b\\u{a}");
    }

    #[test]
    fn lines_keep_their_colours_alone() {
        let text = "\x1b[1;31mred\x1b[0m\n\x1b[2J\x1b[\r\u{9b}m";
        assert_eq!(escaped_lines(text, true), "\x1b[1;31mred\x1b[0m\n\\u{1b}[2J\\u{1b}[\\u{d}\\u{9b}m");
        assert_eq!(escaped_lines("\x1b[0ma\n", false), "\\u{1b}[0ma\n");
    }

    #[test]
    fn json_stays_the_same_document() {
        let value = serde_json::json!({ "a\u{202e}": ["\u{e0041}\u{7f}\n\"\\", "é"] });
        let text = visible_json(&format!("{value:#}"));
        assert!(!has_hidden(&text.replace('\n', "")), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
