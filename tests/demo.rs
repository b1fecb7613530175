//! `pgmoat demo`, as a program. Not covered: the fetching of a server, which tests/throwaway.rs tries.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The demo, on the server version that the tests are told.
fn demo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgmoat"));
    command.arg("demo").args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(major) = env::var_os("PGMOAT_TEST_PG") {
        command.arg("--server-version").arg(major);
    }
    // what it must not listen to
    command.env("PGUSER", "nobody").env("PGHOST", "nowhere.invalid").env("PGMOAT_LAYOUT", "/nowhere");
    command
}

/// Reads on until a line that begins so; gives that line.
fn line(lines: &mut impl Iterator<Item = std::io::Result<String>>, start: &str) -> String {
    let found = lines.by_ref().map(|line| line.expect("UTF-8")).find(|line| line.trim_start().starts_with(start));
    found.unwrap_or_else(|| panic!("no line begins with {start:?}"))
}

/// The folder of the server of a demo that keeps it.
fn kept(child: &mut Child) -> PathBuf {
    let mut lines = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
    let psql = line(&mut lines, "psql \"host='");
    let folder = psql.split('\'').nth(1).expect("a host");
    assert!(Path::new(folder).join(".s.PGSQL.5432").exists(), "{folder}");
    PathBuf::from(folder)
}

#[test]
fn tells_the_whole_story_in_time() {
    let began = Instant::now();
    let output = demo(&[]).output().expect("it runs");
    let (told, talk) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}\n{talk}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());

    let mut lines = told.lines().map(|line| Ok(line.to_owned()));
    for expected in [
        "$ psql -U bob orders -c 'UPDATE orders.orders SET total = 0'",
        "UPDATE 3",
        "$ cat pgmoat.toml",
        "[service.orders.login]",
        "$ pgmoat check",
        "the layout is right: 2 services, 2 databases, 3 logins",
        "$ pgmoat plan",
        "- leave    bob is no longer a member of orders_dml [revokes-access]",
        "$ pgmoat plan --format sql",
        "REVOKE SELECT (\"email\"), UPDATE (\"email\") ON TABLE \"orders\".\"customers\" FROM \"metabase\";",
        "$ pgmoat apply --yes --allow ",
        "applied: ",
        "$ pgmoat plan",
        "nothing to do",
        "$ psql -U bob",
        "FATAL:  permission denied for database \"orders\"",
        "$ psql orders -c 'GRANT UPDATE ON orders.orders TO bob'",
        "$ psql -U bob",
        "UPDATE 3",
        "$ pgmoat plan",
        "- revoke   UPDATE on table orders.orders from bob [revokes-access]",
        "$ pgmoat apply --yes --allow revokes-access",
        "applied: 3 steps; the cluster is as the layout says",
        "$ pgmoat plan",
        "nothing to do",
        "With your own cluster:",
    ] {
        line(&mut lines, expected);
    }
    assert!(!told.contains('\u{1b}'), "colours where there is no terminal");
}

#[test]
fn ctrl_c_ends_it_and_its_server() {
    let mut child = demo(&["--keep"]).spawn().expect("it runs");
    let folder = kept(&mut child);
    let pid = child.id().to_string();
    assert!(Command::new("sh").args(["-c", "kill -s INT \"$0\"", &pid]).status().expect("sh").success());
    assert!(child.wait().expect("it ends").success());
    assert!(!folder.exists());
}

#[test]
fn enter_ends_it_and_its_server() {
    let mut child = demo(&["--keep"]).stdin(Stdio::piped()).spawn().expect("it runs");
    let folder = kept(&mut child);
    std::io::Write::write_all(child.stdin.as_mut().expect("a pipe"), b"\n").expect("written");
    assert!(child.wait().expect("it ends").success());
    assert!(!folder.exists());
}

#[test]
fn a_version_that_is_not_supported_is_a_usage_error() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgmoat"));
    let output = command.args(["demo", "--server-version", "13"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
}
