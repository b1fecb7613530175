//! Values as TOML writes them. <https://toml.io/en/v1.0.0#string>

use crate::model::{Name, Object, Privileges};

/// A basic string. What a terminal obeys or hides is escaped, too: it may be in a name.
pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if crate::model::is_hidden(c) => match u32::from(c) {
                code @ 0..=0xffff => out = format!("{out}\\u{code:04X}"),
                code => out = format!("{out}\\U{code:08X}"),
            },
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A key: bare where TOML takes it bare.
pub(super) fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(bare) { text.to_owned() } else { string(text) }
}

/// A name where placeholders have a meaning: braces are doubled.
pub(super) fn name(name: &Name) -> String {
    string(&braces(name.as_str()))
}

/// Literal, where placeholders have a meaning.
pub(super) fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

pub(super) fn list(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().collect();
    format!("[{}]", values.join(", "))
}

pub(super) fn privileges(privileges: Privileges) -> String {
    list(privileges.each().map(|(_, keyword)| string(keyword)))
}

/// A part of a pattern that means one name: in double quotes where a dot or a star would mean something.
pub(super) fn part(name: &Name) -> String {
    let text = name.as_str();
    if text.contains(['.', '*', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// A table as a pattern; with its schema, where there are several.
pub(super) fn table(table: &Object, qualified: bool) -> String {
    let name = part(&table.name);
    if qualified { format!("{}.{name}", part(&table.schema)) } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_read_back() {
        let odd = [
            "plain",
            "With Capitals",
            "a\"b",
            "a\\b",
            "a\\u0041",
            "tab\tline\nreturn\r",
            "'single'",
            "{env}",
            "größe",
            "日本語",
            "a\u{202e}b\u{200b}c",
            "\u{7f}\u{1}",
            "# no comment",
            "a.b*c",
            " ",
            "a=b",
            "[x]",
            "\u{1F600}",
        ];
        for text in odd {
            let document = format!("{} = {}\n[{}.\"x\"]\n", key(text), string(text), key(&format!("{text}!")));
            let table: ::toml::Table = document.parse().unwrap_or_else(|error| panic!("{document}: {error}"));
            assert_eq!(table[text].as_str(), Some(text), "{document}");
            assert!(table.contains_key(&format!("{text}!")));
            assert!(!string(text).contains(['\u{202e}', '\u{200b}', '\n', '\r']), "{document}");
        }
        assert_eq!(key("a_b-1"), "a_b-1");
        assert_eq!(key(""), "\"\"");
    }

    #[test]
    fn parts_of_patterns_mean_one_name() {
        for text in ["jobs", "a.b", "*", "a\"b", "A b", "\"", "a.*\"x"] {
            let at = crate::layout::At { file: 0, bytes: 0..0 };
            let written = format!("{}.{}", part(&Name::of_server(text)), part(&Name::of_server("t")));
            let pattern = crate::layout::TablePattern::parse(&written, at).expect(text);
            assert!(pattern.is_exact() && pattern.matches(text, "t"), "{written}");
        }
    }
}
