//! Layouts in, words out: each `tests/layouts/{valid,invalid}/NAME.toml`, or folder `NAME/` of files that are one
//! layout, has beside it `NAME.expected`: what a terminal shows of its problems, or a summary of what was understood.
//!
//! A first line `# env: NAME` in the (first) file is `--env NAME`; `# today: 2026-11-24` is the day, on which exceptions may
//! have ended. To add a test, add a layout; to write the expected
//! texts anew after a change on purpose, run with `UPDATE_GOLDEN=1` and read the diff.
//!
//! Not covered: what a layout means on a server, and what only the server's inventory can tell.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use pgmoat::layout::{self, At, Layout, Mode, Problems, Service, SourceFile, UsedTables};
use pgmoat::model::Day;

#[test]
fn valid() {
    golden("valid", |result| summary(&result.unwrap_or_else(|problems| panic!("{problems}"))));
}

#[test]
fn invalid() {
    golden("invalid", |result| {
        let problems = result.expect_err("the layout is accepted");
        for problem in &problems.problems {
            inside(&problems, &problem.at);
            problem.also.iter().for_each(|(at, _)| inside(&problems, at));
        }
        format!("{problems}\n")
    });
}

/// Every place must be text that can be shown.
fn inside(problems: &Problems, at: &At) {
    let text = &problems.sources[at.file].text;
    assert!(text.get(at.bytes.clone()).is_some(), "{at:?} is not in the file");
}

/// A code that no layout here provokes is a message that nobody has read.
#[test]
fn every_code_has_a_layout() {
    let expected = cases("invalid").into_iter().map(|case| fs::read_to_string(case.with_extension("expected")));
    let shown: String = expected.map(Result::unwrap_or_default).collect();
    let unseen: Vec<_> = layout::CODES.iter().filter(|code| !shown.contains(&format!("error[{code}]"))).collect();
    assert!(unseen.is_empty(), "no layout provokes {unseen:?}");
    let expected = cases("valid").into_iter().map(|case| fs::read_to_string(case.with_extension("expected")));
    let shown: String = expected.map(Result::unwrap_or_default).collect();
    let unseen: Vec<_> = layout::WARNINGS.iter().filter(|code| !shown.contains(&format!("warning[{code}]"))).collect();
    assert!(unseen.is_empty(), "no layout provokes {unseen:?}");
}

#[test]
fn no_orphans() {
    for kind in ["valid", "invalid"] {
        let known: BTreeSet<PathBuf> =
            cases(kind).into_iter().flat_map(|case| [case.with_extension("expected"), case]).collect();
        for entry in fs::read_dir(root().join(kind)).expect("the folder is there") {
            let path = entry.expect("readable").path();
            assert!(known.contains(&path), "{} belongs to no layout", path.display());
        }
    }
}

#[test]
fn no_files_at_all() {
    let problems = layout::parse(Vec::new(), None).expect_err("nothing is no layout");
    assert_eq!(problems.problems.len(), 1);
    assert!(problems.to_string().starts_with("error[no-service]"), "{problems}");
}

#[test]
fn colour_is_only_colour() {
    let problems = layout::parse(vec![file("a.toml", "[cluster]\nnam = 1")], None).expect_err("a wrong key");
    let colored = layout::render(&problems.sources, &problems.problems, true);
    assert!(colored.contains('\u{1b}'));
    assert!(!problems.to_string().contains('\u{1b}'));
}

/// What a file says may not steer the terminal.
#[test]
fn control_characters_are_shown_as_text() {
    let text = "[service.\"a\\u001b[31m\\u202e\"]\nx = \"\u{202e}\"\n";
    let problems = layout::parse(vec![file("a.toml", text)], None).expect_err("a wrong key");
    let shown = problems.to_string();
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
}

#[test]
fn digests_differ_where_layouts_do() {
    let one = "[service.a]\n";
    let two = "[service.b]\n";
    let digest = |texts: &[&str], env| {
        let files = texts.iter().map(|text| file("x.toml", text)).collect();
        layout::parse(files, env).expect("valid").digest
    };
    let digests = [
        digest(&[one], None),
        digest(&[one, two], None),
        digest(&[two, one], None),
        digest(&["[service.a]\n[service.b]\n"], None),
        digest(&[one], Some("")),
        digest(&[one], Some("test")),
    ];
    assert_eq!(digests.iter().collect::<BTreeSet<_>>().len(), digests.len());
    assert_eq!(digests[0], digest(&[one], None));
    assert!(digests[0].starts_with("sha256:") && digests[0].len() == 7 + 64);
}

/// Thousands of services, right and wrong on every line: time must grow with the file, not with its square. (Of ten
/// megabytes a debug build takes some ten seconds, more than half of it the TOML parser's.)
#[test]
fn large_files() {
    let mut right = String::new();
    let mut wrong = String::new();
    for n in 0..12_000 {
        let before = n.max(1) - 1;
        write!(
            right,
            "[service.s{n}]\ntemporary = false\n[service.s{n}.login]\napp = \"dml\"\nworker = \"dml\"\n\
             [service.s{n}.table.jobs]\nwriter = \"worker\"\n"
        )
        .expect("memory");
        if n > 0 {
            writeln!(right, "[[service.s{n}.uses]]\nservice = \"s{before}\"\ntables = [\"orders\", \"archive\"]")
                .expect("memory");
        }
        writeln!(
            wrong,
            "[service.s{n}]\ntemporery = 1\n[[service.s{n}.uses]]\nservice = \"t{n}\"\ntables = [\"a\", 3]"
        )
        .expect("memory");
    }
    assert!(right.len() > 2_000_000, "{}", right.len());
    let layout = layout::parse(vec![file("right.toml", &right)], None).expect("valid");
    assert_eq!(layout.services.len(), 12_000);
    let problems = layout::parse(vec![file("wrong.toml", &wrong)], None).expect_err("wrong everywhere");
    assert!(problems.problems.len() >= 3 * 12_000);
    assert!(!problems.to_string().is_empty());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts")
}

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile { name: name.to_owned(), text: text.to_owned() }
}

/// The layouts of a folder: files and folders.
fn cases(kind: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(kind)).expect("the folder is there");
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    cases.sort();
    cases
}

fn read(case: &Path) -> Vec<SourceFile> {
    let paths = if case.is_dir() {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(case).expect("readable").map(|entry| entry.expect("readable").path()).collect();
        paths.sort();
        paths
    } else {
        vec![case.to_owned()]
    };
    let name = |path: &Path| path.file_name().expect("a file").to_string_lossy().into_owned();
    paths.iter().map(|path| file(&name(path), &fs::read_to_string(path).expect("UTF-8"))).collect()
}

fn golden(kind: &str, shown: impl Fn(Result<Layout, Problems>) -> String) {
    let mut wrong = String::new();
    for case in cases(kind) {
        let files = read(&case);
        let first = files.first().and_then(|file| file.text.lines().next()).unwrap_or_default();
        let env = first.strip_prefix("# env: ").map(str::to_owned);
        let today = first.strip_prefix("# today: ").map(day);
        let parsed = layout::parse(files, env.as_deref());
        let found = shown(match today {
            None => parsed,
            Some(today) => parsed.and_then(|layout| without_ended(layout.on(today))),
        });
        let path = case.with_extension("expected");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &found).expect("writable");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found != expected {
            writeln!(wrong, "--- {}\n{expected}+++ found\n{found}", path.display()).expect("memory");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn day(text: &str) -> Day {
    let parts: Vec<u16> = text.split('-').map(|part| part.parse().expect(text)).collect();
    let small = |n: u16| u8::try_from(n).expect(text);
    Day { year: parts[0], month: small(parts[1]), day: small(parts[2]) }
}

/// As `pgmoat check` takes it: an exception that has ended is a problem.
fn without_ended(layout: Layout) -> Result<Layout, Problems> {
    let problems = layout.ended();
    if problems.is_empty() { Ok(layout) } else { Err(Problems { sources: layout.sources, problems }) }
}

/// What was understood, canonically.
fn summary(layout: &Layout) -> String {
    let cluster = &layout.cluster;
    let mut out = format!(
        "cluster {:?} database {:?} provisioner {:?} admins {:?} inspector {:?}\n",
        cluster.name, cluster.database, cluster.provisioner, cluster.admins, cluster.inspector
    );
    if cluster.mode == Mode::Additive {
        out += "only adds\n";
    }
    if let Some(secrets) = &layout.secrets {
        writeln!(out, "{secrets:#?}").expect("memory");
    }
    for service in layout.services.values() {
        of_service(&mut out, service).expect("memory");
    }
    for allow in &layout.allows {
        writeln!(out, "\nallow {} {}", allow.said(), allow.because()).expect("memory");
    }
    of_retire(&mut out, &layout.retire).expect("memory");
    if !layout.warnings.is_empty() {
        writeln!(out, "\n{}", layout::render_warnings(&layout.sources, &layout.warnings, false)).expect("memory");
    }
    out
}

fn of_retire(out: &mut String, retire: &layout::Retire) -> std::fmt::Result {
    for role in &retire.roles {
        writeln!(out, "\nretire role {:?} to {:?}", role.name, role.reassign_to.0)?;
    }
    for s in &retire.services {
        let to = s.reassign_to.as_ref().map(|(to, _)| to);
        writeln!(out, "\nretire service {:?} {:?} to {to:?}", s.key, s.groups)?;
        writeln!(out, "  logins {:?} or {:?} drops {:?}", s.logins, s.pattern.0, s.drop_database)?;
    }
    Ok(())
}

fn of_service(out: &mut String, s: &Service) -> std::fmt::Result {
    writeln!(
        out,
        "\nservice {:?}: database {:?} schemas {:?} extensions {:?}",
        s.key, s.database, s.schemas, s.extensions
    )?;
    writeln!(out, "  ddl {:?} dml {:?} ro {:?}", s.ddl, s.dml, s.ro)?;
    writeln!(
        out,
        "  temporary {} public_schema {:?} search_path {:?} single_writer {} create_schemas {} new_tables {:?}",
        s.temporary,
        s.public_schema,
        s.search_path,
        s.single_writer.is_some(),
        s.create_schemas,
        s.new_tables
    )?;
    if s.create != layout::CreateDatabase::default() {
        writeln!(out, "  create {:?}", s.create)?;
    }
    for l in s.logins.values() {
        write!(out, "  login {:?}: {:?} {:?} {:?}", l.key, l.name, l.group, l.auth)?;
        if !l.slots().is_empty() || l.adopt {
            write!(out, " {:?} adopt {}", l.rotation, l.adopt)?;
        }
        writeln!(out, " limit {:?} settings {:?} secret {:?}", l.connection_limit, l.settings, l.secret)?;
    }
    for t in &s.tables {
        writeln!(out, "  table {}: writer {:?} {}", t.table.shown(), t.writer, t.privileges.keywords())?;
    }
    for u in &s.uses {
        let tables = match &u.tables {
            UsedTables::All => "all".to_owned(),
            UsedTables::Named(named) => named.iter().map(layout::TablePattern::shown).collect::<Vec<_>>().join(", "),
        };
        let trusts = if u.trusts_code { " trusts code" } else { "" };
        writeln!(out, "  uses {:?}: {tables}: {} logins {:?}{trusts}", u.service, u.privileges.keywords(), u.logins)?;
    }
    Ok(())
}

/// The reference names every code, and its examples are layouts.
#[test]
fn the_reference_is_right() {
    let text = fs::read_to_string(root().join("../../docs/layout.md")).expect("docs/layout.md");
    let unsaid: Vec<_> = layout::CODES.iter().filter(|code| !text.contains(&format!("`{code}`"))).collect();
    assert!(unsaid.is_empty(), "docs/layout.md says nothing of {unsaid:?}");
    let mut examples: Vec<&str> = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(layout::parse(vec![file("smallest.toml", examples.remove(0))], None).is_ok());
    // The others are pieces of one layout.
    let whole =
        examples.concat() + "[service.orders.login.app]\nrole = \"dml\"\n[service.billing.login]\napp = \"dml\"\n";
    layout::parse(vec![file("everything.toml", &whole)], Some("test")).unwrap_or_else(|problems| panic!("{problems}"));
}
/// Nesting may not exhaust the stack.
#[test]
fn deep_files() {
    let deep = |piece: &str| piece.repeat(100_000);
    let texts = [
        format!("a = {}", deep("[")),
        format!("a = {}", deep("{a=")),
        format!("{}a = 1", deep("a.")),
        format!("[{}a]", deep("a.")),
        format!("[service.a.login.b.settings]\n{}a = 1", deep("a.")),
    ];
    for text in texts {
        let problems = layout::parse(vec![file("deep.toml", &text)], None).expect_err("no layout");
        assert!(!problems.to_string().is_empty());
    }
}

proptest! {
    /// However a layout is damaged, the answer is a layout or problems with places in it.
    #[test]
    fn damaged_files(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, "[a-z\"'=.{}*é\n\\[\\]\r\t]{0,3}"), 1..4)) {
        let whole = fs::read_to_string(root().join("valid/everything.toml")).expect("UTF-8");
        let mut chars: Vec<char> = whole.chars().collect();
        for (place, length, text) in cuts {
            let start = place.index(chars.len().max(1)).min(chars.len());
            let end = (start + length).min(chars.len());
            chars.splice(start..end, text.chars());
        }
        let text: String = chars.into_iter().collect();
        if let Err(problems) = layout::parse(vec![file("damaged.toml", &text)], Some("test")) {
            problems.problems.iter().for_each(|problem| inside(&problems, &problem.at));
            prop_assert!(!problems.problems.is_empty() && !problems.to_string().is_empty());
        }
    }
}
