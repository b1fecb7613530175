//! `before.sql` and its like: a little of what psql understands.

/// Statements for one connection.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) database: String,
    /// None: the superuser.
    pub(crate) role: Option<String>,
    pub(crate) statements: Vec<String>,
}

/// The lines that are for this major version: `\from N` and `\before N` open a passage, `\end` closes it.
pub(crate) fn lines_for(major: u32, text: &str) -> Vec<&str> {
    let mut open = true;
    let mut lines = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["\\from", n] => open = major >= number(n),
            ["\\before", n] => open = major < number(n),
            ["\\end"] => open = true,
            _ if open => lines.push(line),
            _ => {}
        }
    }
    lines
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no major version"))
}

/// Splits at `\connect`, and into statements: each ends with the line that ends with a semicolon outside `$$`.
pub(crate) fn parts(major: u32, maintenance: &str, text: &str) -> Vec<Part> {
    let start = |database: &str, role: Option<&str>| Part {
        database: database.to_owned(),
        role: role.map(str::to_owned),
        statements: Vec::new(),
    };
    let mut parts = vec![start(maintenance, None)];
    let mut statement = String::new();
    for line in lines_for(major, text) {
        if let Some(target) = line.strip_prefix("\\connect ") {
            assert!(statement.trim().is_empty(), "unfinished before {line}: {statement}");
            parts.push(target_of(target, start));
            continue;
        }
        statement = format!("{statement}{line}\n");
        let quotes = statement.matches("$$").count();
        if line.trim_end().ends_with(';') && quotes.is_multiple_of(2) {
            let last = parts.len() - 1;
            parts[last].statements.push(std::mem::take(&mut statement));
        }
    }
    let comments_alone = statement.lines().all(|line| line.trim().is_empty() || line.starts_with("--"));
    assert!(comments_alone, "unfinished at the end: {statement}");
    parts
}

/// `NAME`, `"NAME"`, and a role after it.
fn target_of(text: &str, start: impl Fn(&str, Option<&str>) -> Part) -> Part {
    let words = words(text);
    match words.as_slice() {
        [database] => start(database, None),
        [database, role] => start(database, Some(role)),
        _ => panic!("\\connect DATABASE [ROLE], not {text}"),
    }
}

/// Words apart from each other by blanks; double quotes take blanks literally, and doubled quotes are one.
pub(crate) fn words(text: &str) -> Vec<String> {
    let (mut words, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() {
        let (word, after) = word(rest, &[' ']);
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// The name at the start of a text, up to one of the stops, and what follows.
pub(crate) fn word<'a>(text: &'a str, stops: &[char]) -> (String, &'a str) {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find(stops).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut name = String::new();
    loop {
        let end = rest.find('"').unwrap_or_else(|| panic!("an open quote in {text}"));
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return (name, rest),
        }
    }
}
