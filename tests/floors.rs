//! The house's floors: a module may name only those modules that its row lists. The table is that of the design; a breach
//! fails the build here, so that the picture stays true.
//!
//! The source is scanned, not compiled: comments and literals are blanked, and what is left is searched for paths. Not
//! covered: what a macro makes, and a module reached through another's re-export.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Module, floor, and the modules that it may name.
const HOUSE: &[(&str, u8, &[&str])] = &[
    ("model", 0, &[]),
    ("db", 0, &[]),
    ("throwaway", 0, &[]),
    ("layout", 1, &["model"]),
    ("catalog", 1, &["model", "db"]),
    ("access", 1, &["model"]),
    ("diff", 2, &["model"]),
    ("plan", 3, &["model", "diff"]),
    ("proof", 3, &["model", "access", "db"]),
    ("apply", 4, &["model", "access", "db", "catalog", "layout", "diff", "plan", "proof"]),
    ("secrets", 4, &["model", "db"]),
    (
        "cutover",
        5,
        &["model", "db", "throwaway", "layout", "catalog", "access", "diff", "plan", "proof", "apply", "secrets"],
    ),
    ("adopt", 5, &["model", "layout", "access", "diff", "plan"]),
    (
        "cli",
        6,
        &[
            "adopt",
            "model",
            "db",
            "throwaway",
            "layout",
            "catalog",
            "access",
            "diff",
            "plan",
            "proof",
            "apply",
            "secrets",
            "cutover",
        ],
    ),
];

/// The modules that may name the driver.
const DRIVER: &[&str] = &["db", "catalog"];

#[test]
fn the_table_itself_is_a_house() {
    let floor = |name: &str| HOUSE.iter().find(|(module, ..)| *module == name).map(|(_, floor, _)| *floor);
    for (module, own, may_use) in HOUSE {
        for used in *may_use {
            assert!(floor(used).is_some_and(|floor| floor < *own), "{module} may not stand on {used}");
        }
    }
}

#[test]
fn nobody_reaches_above_his_floor() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&source, &mut files);
    assert!(files.len() > 50, "only {} files below src: is this the right folder?", files.len());
    let mut breaches = Vec::new();
    for file in files {
        let path = file.strip_prefix(&source).expect("below src").to_string_lossy().into_owned();
        breaches.extend(self::breaches(&path, &fs::read_to_string(&file).expect("UTF-8")));
    }
    assert!(breaches.is_empty(), "against the table in tests/floors.rs:\n{}", breaches.join("\n"));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// What a file, by its path below src, names and may not.
fn breaches(path: &str, source: &str) -> Vec<String> {
    let modules = modules(path);
    let Some(home) = modules.first() else {
        // lib.rs and main.rs hang the house together
        return vec![];
    };
    let Some((_, _, may_use)) = HOUSE.iter().find(|(module, ..)| module == home) else {
        return vec![format!("{path}: the module {home} has no row")];
    };
    let code = blanked(source);
    let mut breaches = Vec::new();
    for (line, used) in named(&code, modules.len()) {
        let known = HOUSE.iter().any(|(module, ..)| *module == used);
        if known && used != *home && !may_use.contains(&used.as_str()) {
            breaches.push(format!("{path}:{line}: {home} names {used}"));
        }
    }
    for (at, line) in code.lines().enumerate() {
        let words: BTreeSet<&str> = words(line).collect();
        if words.contains("tokio_postgres") && !DRIVER.contains(&home.as_str()) {
            breaches.push(format!("{path}:{}: {home} names the driver", at + 1));
        }
        if (line.contains("env::var") || line.contains("env::args")) && home != "cli" {
            breaches.push(format!("{path}:{}: {home} reads the environment", at + 1));
        }
    }
    breaches
}

/// The modules that a file stands in: `plan/view/sql.rs` is `plan`, `view`, `sql`, and `plan/mod.rs` is `plan`.
fn modules(path: &str) -> Vec<String> {
    let mut modules: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if modules.last().is_some_and(|last| last == "mod") {
        modules.pop();
    }
    modules.retain(|module| module != "lib" && module != "main");
    modules
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The crate's modules that blanked code names, each with its line: by `crate::`, by enough `super::`, by `pgmoat::`.
fn named(code: &str, depth: usize) -> Vec<(usize, String)> {
    // a module inside the file is one deeper; there, one more `super` reaches as far
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut inner = Inner::default();
    let mut at = 0;
    while at < tokens.len() {
        inner.see(&tokens, at);
        let (line, token) = &tokens[at];
        let starts_path = at == 0 || tokens[at - 1].1 != "::";
        let root = match token.as_str() {
            "crate" | "pgmoat" if starts_path => Some(at),
            "super" if starts_path => {
                let mut last = at;
                while tokens.get(last + 1).is_some_and(|t| t.1 == "::")
                    && tokens.get(last + 2).is_some_and(|t| t.1 == "super")
                {
                    last += 2;
                }
                let supers = (last - at) / 2 + 1;
                (supers == depth + inner.depth()).then_some(last)
            }
            _ => None,
        };
        if let Some(root) = root {
            if tokens.get(root + 1).is_some_and(|t| t.1 == "::") {
                heads(&tokens, root + 2, &mut found);
            } else if *token == "crate" && tokens.get(at + 1).is_some_and(|t| t.1 == "as") {
                // the whole crate under another name would hide everything
                found.push((*line, "cli".into()));
            }
        }
        at += 1;
    }
    found
}

/// What follows the root: a name, or the first names of a group.
fn heads(tokens: &[(usize, String)], at: usize, found: &mut Vec<(usize, String)>) {
    let Some((line, token)) = tokens.get(at) else { return };
    if token != "{" {
        found.push((*line, token.clone()));
        return;
    }
    let (mut depth, mut first) = (0, false);
    for (line, token) in &tokens[at..] {
        match token.as_str() {
            "{" => {
                depth += 1;
                first = depth == 1;
            }
            "}" if depth == 1 => return,
            "}" => depth -= 1,
            "," => first = depth == 1,
            _ if first => {
                found.push((*line, token.clone()));
                first = false;
            }
            _ => {}
        }
    }
}

/// Which braces open a module.
#[derive(Default)]
struct Inner {
    braces: Vec<bool>,
}

impl Inner {
    fn see(&mut self, tokens: &[(usize, String)], at: usize) {
        match tokens[at].1.as_str() {
            "{" => self.braces.push(at >= 2 && tokens[at - 2].1 == "mod"),
            "}" => {
                self.braces.pop();
            }
            _ => {}
        }
    }

    fn depth(&self) -> usize {
        self.braces.iter().filter(|is_module| **is_module).count()
    }
}

/// Words, `::`, and the other signs one by one, each with its line.
fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut tokens: Vec<(usize, String)> = Vec::new();
    for (at, line) in code.lines().enumerate() {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let length = if first.is_alphanumeric() || first == '_' {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            if !first.is_whitespace() {
                tokens.push((at + 1, rest[..length].to_owned()));
            }
            rest = &rest[length..];
        }
    }
    tokens
}

/// The source with comments and the insides of literals blanked; lines stay where they are.
fn blanked(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end == at {
            code.push(chars[at]);
            at += 1;
        } else {
            code.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// Where the comment or literal that begins here ends; `at` itself, if none does.
fn skipped(chars: &[char], at: usize) -> usize {
    let is = |offset: usize, c: char| chars.get(at + offset) == Some(&c);
    let in_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if is(1, '/') => (at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len()),
        '/' if is(1, '*') => block_comment(chars, at),
        '"' => string(chars, at),
        'r' if !in_word || chars[at - 1] == 'b' || chars[at - 1] == 'c' => raw_string(chars, at),
        '\'' if is(1, '\\') => (at + 3..chars.len()).find(|i| chars[*i] == '\'').map_or(chars.len(), |i| i + 1),
        '\'' if is(2, '\'') => at + 3,
        _ => at,
    }
}

fn block_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

fn string(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `r"…"`, `r#"…"#`; but `r#name` is a name.
fn raw_string(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return start;
    }
    let closes =
        |at: usize| chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
    (open + 1..chars.len()).find(|at| closes(*at)).map_or(chars.len(), |at| at + 1 + hashes)
}

mod can_fail {
    use super::breaches;

    #[test]
    fn by_the_crate() {
        assert_eq!(
            breaches("plan/sql.rs", "use crate::model::Name;\nuse crate::db::Session;\n"),
            ["plan/sql.rs:2: plan names db"]
        );
        assert_eq!(breaches("model/a.rs", "fn f() -> crate::cli::Exit {}"), ["model/a.rs:1: model names cli"]);
    }

    #[test]
    fn in_a_group() {
        let source = "use crate::{\n    diff::{Change, db},\n    apply,\n    model::Name,\n};";
        assert_eq!(breaches("plan/view/sql.rs", source), ["plan/view/sql.rs:3: plan names apply"]);
    }

    #[test]
    fn by_way_of_super() {
        assert_eq!(breaches("diff/mod.rs", "use super::plan::Step;"), ["diff/mod.rs:1: diff names plan"]);
        assert_eq!(breaches("diff/acl.rs", "use super::super::plan::Step;"), ["diff/acl.rs:1: diff names plan"]);
        assert!(breaches("diff/acl.rs", "use super::plan::Step;").is_empty());
        let inside = "mod tests {\n    use super::super::super::plan;\n    use super::super::plan;\n}";
        assert_eq!(breaches("diff/acl.rs", inside), ["diff/acl.rs:2: diff names plan"]);
    }

    #[test]
    fn by_the_whole_crate_renamed() {
        assert_eq!(breaches("plan/mod.rs", "use crate as c;"), ["plan/mod.rs:1: plan names cli"]);
    }

    #[test]
    fn by_the_driver_and_the_environment() {
        assert_eq!(breaches("apply/mod.rs", "use tokio_postgres::Row;"), ["apply/mod.rs:1: apply names the driver"]);
        assert!(breaches("db/mod.rs", "use tokio_postgres::Row;").is_empty());
        assert!(breaches("db/mod.rs", "use tokio_postgres_rustls::X;").is_empty());
        assert_eq!(breaches("db/mod.rs", "std::env::var_os(x)"), ["db/mod.rs:1: db reads the environment"]);
    }

    #[test]
    fn by_a_module_without_a_row() {
        assert_eq!(breaches("util/mod.rs", ""), ["util/mod.rs: the module util has no row"]);
        assert_eq!(breaches("util.rs", ""), ["util.rs: the module util has no row"]);
    }

    #[test]
    fn but_not_by_comments_and_literals() {
        let source = "// crate::cli\n/* /* */ crate::cli */ fn f<'a>(c: &'a str) { g('\"', \"crate::cli \\\" crate::cli\", '\\'', r#\"\"crate::cli\"#) }";
        assert!(breaches("model/a.rs", source).is_empty());
        let after = "fn f<'a>() { g('\"', '\\u{1}', br\"\\\") } use crate::cli;";
        assert_eq!(breaches("model/a.rs", after), ["model/a.rs:1: model names cli"]);
    }
}
