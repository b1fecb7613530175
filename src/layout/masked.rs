//! A layout has no place for a password. Who writes one into it all the same must not find it in a log, beside the error.

/// A key that holds one of these, in small letters, names a password.
const NAMES: [&str; 3] = ["passw", "pwd", "token"];

/// The text with `*` for what looks like a password, byte for byte as long as before: what is said of a place stays true.
pub(super) fn masked(text: &str) -> String {
    text.split_inclusive('\n').map(line).collect()
}

fn line(line: &str) -> String {
    let small = line.to_ascii_lowercase();
    if let Some(value) = NAMES.iter().filter_map(|name| value_of(&small, name)).min() {
        return format!("{}{}", &line[..value], stars(&line[value..]));
    }
    match password_of_url(line) {
        Some((before, password, after)) => format!("{before}{}{}", stars(password), self::line(after)),
        None => line.to_owned(),
    }
}

/// Where the value begins of the first key with this in its name, also of one in an inline table.
fn value_of(line: &str, name: &str) -> Option<usize> {
    let is_key = |letter: char| letter.is_alphanumeric() || " _-.\"'".contains(letter);
    line.match_indices(name).find_map(|(at, _)| {
        let equals = at + line[at..].find('=')?;
        line[at..equals].chars().all(is_key).then_some(equals + 1)
    })
}

/// What stands before, in and after the password of the first URL with one.
fn password_of_url(line: &str) -> Option<(&str, &str, &str)> {
    let start = line.find("://")? + "://".len();
    let end = line[start..].find([' ', '"', '\'', '\n']).map_or(line.len(), |at| start + at);
    let at = line[start..end].rfind('@').map(|at| start + at);
    let colon = at.and_then(|at| line[start..at].find(':').map(|colon| start + colon + 1));
    match (colon, at) {
        (Some(colon), Some(at)) => Some((&line[..colon], &line[colon..at], &line[at..])),
        _ => password_of_url(&line[end..]).map(|(before, password, after)| {
            let shift = line.len() - before.len() - password.len() - after.len();
            (&line[..shift + before.len()], password, after)
        }),
    }
}

fn stars(text: &str) -> String {
    let star = |letter: char| match letter.is_whitespace() {
        true => letter.to_string(),
        false => "*".repeat(letter.len_utf8()),
    };
    text.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_looks_like_a_password_goes() {
        for (text, expected) in [
            ("password = \"x y\"\n", "password = ** **\n"),
            (
                "role = \"dml\"\nDB_PASSWORD=größe # x\nauth = \"password\"",
                "role = \"dml\"\nDB_PASSWORD=******* * *\nauth = \"password\"",
            ),
            ("host = \"postgresql://u:p@ss@h:1/d\" # a@b", "host = \"postgresql://u:****@h:1/d\" # a@b"),
            ("a = \"http://h/x\" # pg://u:s@h", "a = \"http://h/x\" # pg://u:*@h"),
            ("app = { role = \"dml\", Password = \"x\" }", "app = { role = \"dml\", Password = *** *"),
            ("app = { auth = \"password\", role = \"dml\" }", "app = { auth = \"password\", role = \"dml\" }"),
            ("arn:aws:kms://x", "arn:aws:kms://x"),
        ] {
            assert_eq!(masked(text), expected);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
