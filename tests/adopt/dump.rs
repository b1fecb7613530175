//! Clusters as one finds them: `cluster.sql` says how each is made, `pg_dumpall.N.sql` is what the real pg_dumpall wrote of it on a
//! server of major version N. What it takes to restore one is here: psql's part of it, on every machine the same.

use std::env;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::pin::pin;
use std::process::Command;

use futures_util::SinkExt;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Error};

use crate::readme_support::Server;

/// What pg_dumpall wrote.
pub(crate) struct Dump {
    /// Of the server it was taken from.
    pub(crate) major: u32,
    pub(crate) script: String,
}

/// Those below the folder that a server takes: one may be restored where the server is no older than it, nor than the pg_dump
/// that wrote it (that of 15 says `LOCALE_PROVIDER`, which 14 doesn't know).
pub(crate) fn for_server(folder: &Path, major: u32) -> Vec<Dump> {
    let mut dumps = Vec::new();
    for from in 14..=major {
        let Ok(script) = fs::read_to_string(folder.join(format!("pg_dumpall.{from}.sql"))) else { continue };
        let (_, version) = script.split_once("-- Dumped by pg_dump version ").expect("a dump of pg_dumpall's");
        let program: u32 = version.split('.').next().and_then(|n| n.parse().ok()).expect("a version");
        if program <= major {
            dumps.push(Dump { major: from, script });
        }
    }
    assert!(major < 15 || dumps.iter().any(|dump| dump.major == 15), "the dumps of {} are gone", folder.display());
    dumps
}

/// `UPDATE_DUMPS=PG_DUMPALL` writes anew what that program makes of the cluster on this server.
pub(crate) fn update(server: &Server, folder: &Path) {
    let Some(program) = env::var_os("UPDATE_DUMPS") else { return };
    let host = match &server.config.get_hosts()[0] {
        Host::Tcp(host) => host.into(),
        Host::Unix(path) => path.clone(),
    };
    let port = server.config.get_ports().first().copied().unwrap_or(5432).to_string();
    let mut dump = Command::new(program);
    // else the key is another one each time
    dump.arg("--restrict-key=dummy").env("PGHOST", host).env("PGPORT", port);
    dump.env("PGUSER", server.config.get_user().expect("a user"));
    let output = dump.output().expect("pg_dumpall starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(folder.join(format!("pg_dumpall.{}.sql", server.major)), output.stdout).expect("written");
}

/// Runs a script as `psql -f` does, and goes on after an error as psql does: the errors.
pub(crate) async fn restore(server: &Server, script: &str) -> Vec<String> {
    let mut client = server.superuser(server.conninfo.database()).await;
    let mut errors = Vec::new();
    let mut statement = String::new();
    let mut lines = script.lines();
    while let Some(line) = lines.next() {
        if statement.is_empty() {
            if let Some(target) = line.strip_prefix("\\connect ") {
                client = server.superuser(database(target)).await;
            }
            if line.is_empty() || line.starts_with(['\\', '-']) {
                continue;
            }
        }
        statement = format!("{statement}{line}\n");
        if !line.ends_with(';') || !is_whole(&statement) {
            continue;
        }
        let rows = statement.starts_with("COPY ") && line.ends_with(" FROM stdin;");
        let done = match rows {
            true => copy(&client, &statement, lines.by_ref().take_while(|line| *line != "\\.")).await,
            false => client.batch_execute(&statement).await,
        };
        if let Err(error) = done {
            errors.push(error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned()));
        }
        statement.clear();
    }
    assert!(statement.is_empty(), "unfinished: {statement}");
    errors
}

async fn copy(client: &Client, statement: &str, rows: impl Iterator<Item = &str>) -> Result<(), Error> {
    let mut text: String = rows.collect::<Vec<_>>().join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    let mut sink = pin!(client.copy_in(statement).await?);
    sink.send(Cursor::new(text.into_bytes())).await?;
    sink.finish().await.map(|_| ())
}

/// `orders`, `"Common DB"`, or `-reuse-previous=on "dbname='Common DB'"`; names of these clusters hold no quotes.
fn database(target: &str) -> &str {
    let name = target.strip_prefix("-reuse-previous=on ").unwrap_or(target).trim_matches('"');
    name.strip_prefix("dbname=").unwrap_or(name).trim_matches('\'')
}

/// Does it end outside quotes? A doubled quote is two strings to us, and pg_dump doubles the backslashes of `E''`.
fn is_whole(mut rest: &str) -> bool {
    while let Some(at) = rest.find(['\'', '"', '$']) {
        let from = &rest[at..];
        let Some(quote) = quote(from) else {
            rest = &from[1..];
            continue;
        };
        let body = &from[quote.len()..];
        let Some(end) = body.find(quote) else { return false };
        rest = &body[end + quote.len()..];
    }
    true
}

/// `'`, `"`, `$$` or `$tag$`; None: the `$` of a parameter.
fn quote(text: &str) -> Option<&str> {
    if !text.starts_with('$') {
        return text.get(..1);
    }
    let end = text[1..].find('$')? + 1;
    let is_tag = text[1..end].chars().all(|c| c.is_alphanumeric() || c == '_');
    is_tag.then_some(&text[..=end])
}
