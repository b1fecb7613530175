//! Names as fields of pg_hba.conf: `next_token` and `next_field_expand` in src/backend/libpq/hba.c.
//! <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>

use crate::model::Name;

/// What means something unless it is quoted, as a database or as a role.
const KEYWORDS: [&str; 5] = ["all", "sameuser", "samerole", "samegroup", "replication"];

/// Exactly this database. From 16 on, what starts with a slash is a regular expression, quoted or not
/// (`regcomp_auth_token`), so such a name is written as one that fits nothing else.
pub(super) fn database(name: &Name) -> String {
    let text = name.as_str();
    if text.starts_with('/') { quoted(&format!("/^{}$", literally(text))) } else { field(text) }
}

/// Exactly this role. With a slash before it, as "members of it", which the role itself counts as, on every version; the
/// layout gives a login no members but its own slots. An unquoted plus before the quotes keeps its meaning.
pub(super) fn role(name: &Name) -> String {
    let text = name.as_str();
    if text.starts_with('/') { format!("+{}", quoted(text)) } else { field(text) }
}

fn field(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && !KEYWORDS.contains(&text) { text.to_owned() } else { quoted(text) }
}

/// A doubled quote is one; nothing else means anything between quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// In an advanced regular expression a backslash takes what isn't alphanumeric literally.
/// <https://www.postgresql.org/docs/current/functions-matching.html#POSIX-ATOMS-TABLE>
fn literally(text: &str) -> String {
    text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_is_quoted() {
        for (name, is) in [
            ("orders_app", "orders_app"),
            ("Orders", "Orders"),
            ("all", "\"all\""),
            ("ALL", "ALL"),
            ("replication", "\"replication\""),
            ("+admins", "\"+admins\""),
            ("@file", "\"@file\""),
            ("a,b c#d", "\"a,b c#d\""),
            ("we\"ird", "\"we\"\"ird\""),
            ("\"", "\"\"\"\""),
            ("back\\", "\"back\\\""),
        ] {
            assert_eq!(database(&Name::of_server(name)), is);
            assert_eq!(role(&Name::of_server(name)), is);
        }
    }

    #[test]
    fn a_slash_is_no_pattern() {
        assert_eq!(database(&Name::of_server("/a.\"b")), "\"/^\\/a\\.\\\"\"b$\"");
        assert_eq!(role(&Name::of_server("/a.b")), "+\"/a.b\"");
    }
}
