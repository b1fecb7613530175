//! A document whose fenced blocks are run from top to bottom: `sql` on the server, `toml` is the layout, the commands of
//! `console` are run and must give what stands below them. `sh` is for commands that aren't for a test to run: .ci/run runs
//! each of them. Other blocks are refused, so that nothing in it is untried.
//!
//! psql and jq needn't be on the machine: what documents ask of them is done by the driver, and by serde.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use pgmoat::layout::{self, SourceFile};
use serde_json::Value;
use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

use crate::readme_support::{psql, run};

/// The server, as its superuser reaches it, and the folder in which somebody follows the document.
pub(crate) struct Session {
    config: Config,
    pub(crate) folder: tempfile::TempDir,
    last: i32,
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The document says what happens; or `UPDATE_GOLDEN=1` makes it say so.
pub(crate) fn follow(file: &str, session: &mut Session) {
    let document = read(file);
    let mut shown = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        shown = format!("{shown}{line}\n");
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            shown = format!("{shown}{}```\n", session.block(language, &block));
        }
    }
    if shown == document {
        return;
    }
    let changes = similar::TextDiff::from_lines(&document, &shown).unified_diff().context_radius(2).to_string();
    assert!(std::env::var_os("UPDATE_GOLDEN").is_some(), "UPDATE_GOLDEN=1 writes {file} anew\n{changes}");
    fs::write(root().join(file), shown).expect("written");
}

impl Session {
    pub(crate) fn new(config: Config) -> Session {
        Session { config, folder: tempfile::tempdir().expect("a folder"), last: 0 }
    }

    /// Runs a block, and gives it as it should be.
    fn block(&mut self, language: &str, lines: &[&str]) -> String {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        match language {
            "sql" => run(psql(&self.config, &text)),
            "toml" => self.layout(&text),
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

    fn layout(&self, text: &str) {
        let source = SourceFile { name: "pgmoat.toml".into(), text: text.to_owned() };
        let _ = layout::parse(vec![source], None).unwrap_or_else(|problems| panic!("{problems}"));
        fs::write(self.folder.path().join("pgmoat.toml"), text).expect("written");
    }

    /// What a command prints.
    fn command(&mut self, command: &str) -> String {
        if command == "echo $?" {
            return format!("{}\n", self.last);
        }
        let (last, output) = self.psql(command).or_else(|| self.keys(command)).unwrap_or_else(|| self.sh(command));
        self.last = last;
        output
    }

    /// `psql DATABASE -c 'SQL'`, `-qc`, or `psql "$(jq -r .url FILE)" -Atc 'SQL'`, which connects with what the file says alone.
    fn psql(&self, command: &str) -> Option<(i32, String)> {
        let rest = command.strip_prefix("psql ")?;
        if let Some((file, sql)) = rest.strip_prefix("\"$(jq -r .url ").and_then(|rest| rest.split_once(")\" -Atc ")) {
            return Some(self.login(&self.json(file)["url"], unquoted(sql)));
        }
        let (database, option, sql) = match rest.split_once(" -c ") {
            Some((database, sql)) => (database, "-c", unquoted(sql)),
            None => rest.split_once(" -qc ").map(|(database, sql)| (database, "-qc", unquoted(sql)))?,
        };
        run(psql(&self.config, &format!("\\connect {database}\n{sql};\n")));
        let tag =
            if option == "-c" { format!("{}\n", sql.split(' ').next().unwrap_or_default()) } else { String::new() };
        Some((0, tag))
    }

    /// Rows, or why there is no session, as psql prints them; the port is shown as PostgreSQL's own.
    fn login(&self, url: &Value, sql: &str) -> (i32, String) {
        let config: Config = url.as_str().expect("a URL").parse().expect("a URL");
        let Host::Tcp(host) = &config.get_hosts()[0] else { panic!("services connect over TCP") };
        match run(rows(&config, &self.config, sql)) {
            Ok(rows) => (0, rows),
            Err(error) => {
                let error = error.as_db_error().expect("the server answers");
                let (severity, why) = (error.severity(), error.message());
                let at = format!("connection to server at \"{host}\", port 5432");
                (2, format!("psql: error: {at} failed: {severity}:  {why}\n"))
            }
        }
    }

    /// `jq -c keys FILE`: what an entry has, without its values.
    fn keys(&self, command: &str) -> Option<(i32, String)> {
        let entry = self.json(command.strip_prefix("jq -c keys ")?);
        let mut keys: Vec<&String> = entry.as_object().expect("an object").keys().collect();
        keys.sort();
        Some((0, format!("{}\n", serde_json::to_string(&keys).expect("JSON"))))
    }

    fn json(&self, file: &str) -> Value {
        let text = fs::read_to_string(self.folder.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        serde_json::from_str(&text).expect("JSON")
    }

    fn sh(&self, command: &str) -> (i32, String) {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_pgmoat"));
        let host = match &self.config.get_hosts()[0] {
            Host::Tcp(name) => name.into(),
            Host::Unix(folder) => folder.clone(),
        };
        let password = String::from_utf8_lossy(self.config.get_password().unwrap_or_default());
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {command}")])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", binary.parent().expect("a folder").display()))
            .env("HOME", self.folder.path())
            .env("PGHOST", host)
            .env("PGPORT", self.config.get_ports().first().unwrap_or(&5432).to_string())
            .env("PGUSER", "postgres")
            .env("PGPASSWORD", &*password)
            .output()
            .expect("sh");
        (output.status.code().expect("a code"), steady(&String::from_utf8(output.stdout).expect("UTF-8")))
    }
}

/// Without the shell's quotes.
fn unquoted(word: &str) -> &str {
    let within = |quote| word.strip_prefix(quote)?.strip_suffix(quote);
    within('\'').or_else(|| within('"')).unwrap_or(word)
}

/// What a query gives, as psql -At prints it. The session has ended on the server, too, when this returns: whoever is asked
/// then finds nobody at work.
async fn rows(config: &Config, admin: &Config, sql: &str) -> Result<String, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    let connection = tokio::spawn(connection);
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await.expect("a number").get(0);
    let messages = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let mut text = String::new();
    for message in messages {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let cells: Vec<&str> = (0..row.len()).map(|cell| row.get(cell).unwrap_or_default()).collect();
        text = format!("{text}{}\n", cells.join("|"));
    }
    drop(client);
    connection.await.expect("it ends").expect("it ends well");
    let (admin, connection) = admin.connect(NoTls).await.expect("the superuser");
    tokio::spawn(connection);
    let there = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)";
    while admin.query_one(there, &[&pid]).await.expect("an answer").get(0) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(text)
}

/// When, where and from which cluster something was read, always as in the text.
fn looked_at(line: &str) -> String {
    let parts = || {
        let (file, rest) = line.strip_prefix("read 20")?.split_once(" UTC")?.1.split_once(" from ")?;
        let (_, user) = rest.split_once(" as ")?;
        Some((file, user.split_once(", system identifier ")?.0))
    };
    parts().map_or_else(
        || line.to_owned(),
        |(file, user)| {
            format!(
                "read 2026-11-29 16:40:03 UTC{file} from db.example.com:5432 as {user}, system identifier 7433090143018520577\n"
            )
        },
    )
}

/// The server's version as 18.4, and the age of a password, which is new in a test, as 0 s.
fn steady(text: &str) -> String {
    let mut text: String = text.split_inclusive('\n').map(looked_at).collect();
    if let Some(start) = text.find("PostgreSQL ").map(|at| at + "PostgreSQL ".len()) {
        let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
        text.replace_range(start..end, "18.4");
    }
    if let Some((before, after)) = text.split_once(" s old") {
        text = format!("{}0 s old{after}", before.trim_end_matches(|c: char| c.is_ascii_digit()));
    }
    let columns = text.lines().next().and_then(|head| Some((head.find("  AGE ")? + 2, head.find("  ROLE ")?)));
    let Some((start, end)) = columns else { return text };
    let row = |line: &str| {
        let age = line[start..end].trim();
        let young = age.strip_suffix(" s").is_some_and(|seconds| seconds.parse::<u8>().is_ok());
        format!("{}{:3}{}\n", &line[..start], if young { "0 s" } else { age }, &line[end..])
    };
    text.lines().map(row).collect()
}
