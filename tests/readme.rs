//! The README does what it says. Its fenced blocks are run from top to bottom: `sql` on a throwaway server, `toml` is the
//! layout, the commands of `console` are run and must give what stands below them. `sh` is for commands that aren't for a test
//! to run: .ci/run runs each of them. Other blocks are refused, so that nothing in it is untried.
//!
//! `UPDATE_GOLDEN=1` writes the outputs anew. One thing is made the same: the server's version is shown as 18.4.
//! Not covered: the prose.

mod readme_support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pgmoat::plan::Hazard;
use pgmoat::proof::CODES;
use readme_support::{Server, psql, run};
use tokio_postgres::config::Host;

/// The README with its blocks run; equal to the file, if all is well.
struct Session {
    server: Server,
    folder: tempfile::TempDir,
    last: i32,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn what_it_shows_is_what_happens() {
    let readme = read("README.md");
    let mut session = Session { server: run(Server::fresh()), folder: tempfile::tempdir().expect("a folder"), last: 0 };
    let mut shown = String::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        shown = format!("{shown}{line}\n");
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            shown = format!("{shown}{}```\n", session.block(language, &block));
        }
    }
    if shown == readme {
        return;
    }
    let changes = similar::TextDiff::from_lines(&readme, &shown).unified_diff().context_radius(2).to_string();
    assert!(std::env::var_os("UPDATE_GOLDEN").is_some(), "UPDATE_GOLDEN=1 writes the README anew\n{changes}");
    fs::write(root().join("README.md"), shown).expect("written");
}

impl Session {
    /// Runs a block, and gives it as it should be.
    fn block(&mut self, language: &str, lines: &[&str]) -> String {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        match language {
            "sql" => run(psql(&self.server, &text)),
            "toml" => fs::write(self.folder.path().join("pgmoat.toml"), &text).expect("written"),
            "console" => {
                let commands = lines.iter().filter_map(|line| line.strip_prefix("$ "));
                return commands.map(|command| format!("$ {command}\n{}", self.command(command))).collect();
            }
            "sh" => {
                let ci = read(".ci/run");
                let missing: Vec<_> = lines.iter().filter(|line| !ci.contains(**line)).collect();
                assert!(missing.is_empty(), ".ci/run doesn't run {missing:?}");
            }
            _ => panic!("a block of {language:?} is nothing that this test can try:\n{text}"),
        }
        text
    }

    /// What a command prints.
    fn command(&mut self, command: &str) -> String {
        if command == "echo $?" {
            return format!("{}\n", self.last);
        }
        if let Some((database, sql)) = command.strip_prefix("psql ").and_then(|rest| rest.split_once(" -c ")) {
            let sql = sql.trim_matches('\'');
            run(psql(&self.server, &format!("\\connect {database}\n{sql};\n")));
            return format!("{}\n", sql.split(' ').next().unwrap_or_default());
        }
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_pgmoat"));
        let host = match &self.server.config.get_hosts()[0] {
            Host::Tcp(name) => name.into(),
            Host::Unix(folder) => folder.clone(),
        };
        let password = String::from_utf8_lossy(self.server.config.get_password().unwrap_or_default());
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {command}")])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", binary.parent().expect("a folder").display()))
            .env("HOME", self.folder.path())
            .env("PGHOST", host)
            .env("PGPORT", self.server.config.get_ports().first().unwrap_or(&5432).to_string())
            .env("PGUSER", "postgres")
            .env("PGPASSWORD", &*password)
            .output()
            .expect("sh");
        self.last = output.status.code().expect("a code");
        steady(&String::from_utf8(output.stdout).expect("UTF-8"))
    }
}

/// The server's version as 18.4.
fn steady(text: &str) -> String {
    let Some(start) = text.find("PostgreSQL ").map(|at| at + "PostgreSQL ".len()) else { return text.to_owned() };
    let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
    format!("{}18.4{}", &text[..start], &text[end..])
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
    assert_eq!(first_cells("Exit codes"), ["0", "1", "2", "3", "4", "5"]);
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

#[test]
fn links_lead_somewhere() {
    for file in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(file);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            assert!(root().join(target).exists(), "{file}: {target} isn't there");
        }
    }
}
