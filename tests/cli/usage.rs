//! The command line itself, and the exit codes that need no server.

use std::path::Path;
use std::process::Command;

use crate::run::Run;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pgmoat.toml"), "[service.orders.login]\napp = \"dml\"\n").expect("written");
    folder
}

fn pgmoat(home: &Path, args: &str) -> Run {
    Run::new(home).args(args)
}

#[test]
fn a_wrong_command_line_ends_with_2_and_says_so_on_stderr() {
    let folder = folder();
    for (args, said) in [
        ("", "Usage: pgmoat"),
        ("frobnicate", "unrecognized subcommand 'frobnicate'"),
        ("plan --frobnicate", "unexpected argument '--frobnicate'"),
        ("plan --format yaml", "[possible values: text, sql, diff, json, markdown]"),
        ("plan --color sometimes", "[possible values: auto, always, never]"),
        ("apply --allow revokes-acces", "expected one of revokes-access, moves-owner, adopts-code"),
        ("apply --allow revokes-access,nonsense", "invalid value 'nonsense' for '--allow <HAZARD>'"),
        ("apply --allow", "a value is required for '--allow <HAZARD>'"),
        ("plan --undo plan.json --out other.json", "cannot be used with '--out <FILE>'"),
        ("plan --undo plan.json --snapshot snapshot.json", "cannot be used with '--snapshot <FILE>'"),
        ("plan --undo plan.json --format json", "`--undo` writes SQL, and no other format"),
        ("apply --lock-timeout soon", "expected a time such as 500ms, 5s or 2min"),
        ("apply --statement-timeout 999h", "the longest time is 24 days"),
        ("apply one two", "unexpected argument 'two'"),
        ("check --layout", "a value is required for '--layout <PATH>'"),
    ] {
        let _ = pgmoat(folder.path(), args).end().code(2).out("").err_has(&[said]);
    }
}

#[test]
fn help_and_version_are_answers() {
    let folder = folder();
    let _ = pgmoat(folder.path(), "--help").end().code(0).err("").out_has(&[
        "Usage: pgmoat",
        "Exit codes: 0 done, in sync",
        "3 changes are pending",
        "5 refused",
    ]);
    let _ = pgmoat(folder.path(), "--version").end().code(0).err("").out("pgmoat 0.1.0\n");
    for command in ["check", "inspect", "plan", "apply"] {
        let _ = pgmoat(folder.path(), command).args("--help").end().code(0).err("").out_has(&["Usage: pgmoat"]);
    }
}

/// An option's default or variable must not show a password to whoever asks for help.
#[test]
fn help_shows_no_environment() {
    let folder = folder();
    let run = pgmoat(folder.path(), "plan --help").env("PGPASSWORD", "sesame").env("PGHOST", "sesame");
    let help = run.end().code(0);
    assert!(!help.out.contains("sesame"), "{help}");
}

#[test]
fn check_needs_no_server() {
    let folder = folder();
    let right = "the layout is right: 1 service, 1 database, 1 login\n";
    let _ = pgmoat(folder.path(), "check").end().code(0).out(right).err("");
    // nothing of the connection is even looked at
    let broken = pgmoat(folder.path(), "check -d postgre://sesame@").env("PGHOST", "/nowhere").env("PGSERVICE", "none");
    let _ = broken.end().code(0).out(right).err("");
    std::fs::rename(folder.path().join("pgmoat.toml"), folder.path().join("other.toml")).expect("renamed");
    let _ = pgmoat(folder.path(), "check").env("PGMOAT_LAYOUT", "other.toml").end().code(0).out(right).err("");
}

#[test]
fn the_way_back_needs_neither_server_nor_layout() {
    let folder = folder();
    std::fs::remove_file(folder.path().join("pgmoat.toml")).expect("removed");
    let missing = pgmoat(folder.path(), "plan --undo plan.json").end();
    let _ = missing.code(1).out("").err_has(&["failed to read plan.json"]);
    let plan = r#"{ "format": 1, "kind": "plan",
        "target": { "system_identifier": "7", "server_version_num": 150018, "cluster": "shop" },
        "from": "sha256:aa", "layout": "sha256:bb", "pending": [], "notes": [], "summary": { "alter": 1 },
        "steps": [ { "id": 1, "stage": "converge", "database": "postgres", "action": "alter",
                     "object": { "kind": "role", "name": "x" }, "sql": ["ALTER ROLE x LOGIN"],
                     "undo": ["ALTER ROLE x NOLOGIN"], "hazards": [], "what": "role x: LOGIN", "why": "so" } ] }"#;
    std::fs::write(folder.path().join("plan.json"), plan).expect("written");
    let back = pgmoat(folder.path(), "plan --undo plan.json").env("PGHOST", "/nowhere").end();
    let _ = back.code(0).err("").out_has(&["\\connect postgres", "\nALTER ROLE x NOLOGIN;\n"]);
}

#[test]
fn env_is_replaced_in_names() {
    let folder = folder();
    let layout = "[naming]\ndatabase = \"{env}_{service}\"\n[service.orders.login]\napp = \"dml\"\n";
    std::fs::write(folder.path().join("pgmoat.toml"), layout).expect("written");
    let _ = pgmoat(folder.path(), "check").end().code(1).out("").err_has(&["error[env-missing]", "pgmoat.toml:2"]);
    let _ = pgmoat(folder.path(), "check --env test").end().code(0).err("");
    let _ = pgmoat(folder.path(), "check").env("PGMOAT_ENV", "test").end().code(0).err("");
}

/// `sh -c "pgmoat … | head -1"`: the reader has gone, and that is nobody's error.
#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder();
    let mut shell = Command::new("/bin/bash");
    let program = env!("CARGO_BIN_EXE_pgmoat");
    shell.args(["-c", &format!("'{program}' check --color never | true; echo ${{PIPESTATUS[0]}}")]);
    let _ = Run::of(shell, folder.path()).end().code(0).out("0\n").err("");
}
