//! The README and docs/secrets.md do what they say: their fenced blocks are run from top to bottom, as
//! readme_support/session.rs tells.
//!
//! `UPDATE_GOLDEN=1` writes the outputs anew. What differs from run to run is made the same: the server's version is shown as
//! 18.4, its port as 5432, and a password's age as 0 s. Not covered: the prose.

#[path = "program/cluster.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod cluster;
mod readme_support;
#[path = "program/run.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod run;
#[path = "readme_support/session.rs"]
mod session;

use std::fs;
use std::process::Command;

use pgmoat::plan::Hazard;
use pgmoat::proof::CODES;
use pgmoat::throwaway::Options;
use readme_support::Server;

use cluster::Cluster;
use session::{Session, follow, read, root};

#[test]
fn what_it_shows_is_what_happens() {
    let server = readme_support::run(Server::fresh());
    follow("README.md", &mut Session::new(server.config.clone()));
}

/// On a server that asks for passwords, its superuser, too.
#[test]
fn passwords_are_tried_as_the_page_on_them_says() {
    let cluster = Cluster::with(&Options { tcp: true, ..Options::default() });
    cluster.sql("postgres").run("ALTER ROLE postgres PASSWORD 'pgmoat-test'");
    let conninfo = format!("{} password=pgmoat-test", cluster.server.tcp_conninfo().expect("it listens"));
    let mut session = Session::new(conninfo.parse().expect("a connection string"));
    follow("docs/secrets.md", &mut session);

    // the entries are there, and the page has none of their passwords
    let page = read("docs/secrets.md");
    let folder = fs::read_dir(session.folder.path().join("secrets/orders")).expect("a folder");
    let files: Vec<_> = folder.map(|file| file.expect("readable").path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let entry: serde_json::Value = serde_json::from_slice(&fs::read(&file).expect("readable")).expect("JSON");
        let password = entry["password"].as_str().expect("a password");
        assert!(password.len() >= 32 && !page.contains(password), "{}", file.display());
    }
}

/// The first cells of the table below a heading, without backquotes.
fn first_cells(heading: &str) -> Vec<String> {
    let readme = read("README.md");
    let (_, section) = readme.split_once(&format!("\n## {heading}\n")).expect("the heading is there");
    let rows = section.lines().take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.split('|').nth(1).unwrap_or_default().trim().trim_matches('`').to_owned()).collect()
}

#[test]
fn every_command_is_told_of() {
    let help = Command::new(env!("CARGO_BIN_EXE_pgmoat")).arg("--help").output().expect("it runs");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let (_, section) = help.split_once("Commands:\n").expect("commands");
    let lines = section.lines().take_while(|line| line.starts_with("  "));
    let of_line = |line: &str| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned);
    let commands: Vec<String> = lines.filter_map(of_line).filter(|name| !name.is_empty() && name != "help").collect();
    assert_eq!(first_cells("Commands"), commands);
}

#[test]
fn every_exit_code_is_told_of() {
    assert_eq!(first_cells("Exit codes"), ["0", "1", "2", "3", "4", "5", "6"]);
}

#[test]
fn every_hazard_has_its_page() {
    let index = read("docs/hazards/README.md");
    for code in Hazard::ALL.map(Hazard::code) {
        let page = read(&format!("docs/hazards/{code}.md"));
        assert!(page.starts_with(&format!("# {code}\n")), "{code}");
        for heading in ["What it means", "When it appears", "What to look at", "How to undo it"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{code}: {heading}");
        }
        assert!(index.contains(&format!("[{code}]({code}.md)")), "{code} isn't in the index");
    }
    let pages = fs::read_dir(root().join("docs/hazards")).expect("readable").count();
    assert_eq!(pages, Hazard::ALL.len() + 1, "a page without a hazard");
}

#[test]
fn every_finding_has_its_page() {
    let index = read("docs/findings/README.md");
    for code in CODES {
        let page = read(&format!("docs/findings/{code}.md"));
        assert!(page.starts_with(&format!("# {code}\n")), "{code}");
        for heading in ["What it means", "How it is exploited", "How to close it", "Versions and certainty"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{code}: {heading}");
        }
        assert!(index.contains(&format!("[{code}]({code}.md)")), "{code} isn't in the index");
    }
    let pages = fs::read_dir(root().join("docs/findings")).expect("readable").count();
    assert_eq!(pages, CODES.len() + 1, "a page without a finding");
}

/// What a page's headings are called in links.
fn anchors(page: &str) -> impl Iterator<Item = String> {
    let headings = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings.map(|heading| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    })
}

#[test]
fn links_lead_somewhere() {
    for file in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(file);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            assert!(root().join(path).exists(), "{file}: {target} isn't there");
            assert!(anchor.is_empty() || anchors(&read(path)).any(|there| there == anchor), "{file}: no {target}");
        }
    }
}
