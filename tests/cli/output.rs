//! The answer is on stdout and nothing else is; the same state gives the same bytes.

use std::process::Command;

use crate::cluster::{Cluster, NOTHING};
use crate::run::Run;

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\n[service.pay.table.bill]\nwriter = \"app\"\n";

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster.sql("pay").run("CREATE SCHEMA pay; CREATE TABLE pay.bill (); GRANT ALL ON pay.bill TO PUBLIC");
    cluster
}

#[test]
fn every_format() {
    let cluster = cluster();
    let plan = |format: &str| cluster.pgmoat("plan --format").arg(format).end().code(3).err("").out;
    assert!(plan("text").contains("SELECT, INSERT, UPDATE, DELETE"));
    let json: serde_json::Value = serde_json::from_str(&plan("json")).expect("JSON");
    assert_eq!((&json["format"], &json["kind"]), (&1.into(), &"plan".into()));
    let steps = json["steps"].as_array().expect("steps");
    assert!(steps.iter().enumerate().all(|(n, step)| step["id"] == n + 1 && step["sql"][0].is_string()));
    let hazards = steps.iter().filter(|step| step["hazards"] == serde_json::json!(["revokes-access"])).count();
    assert!(hazards > 0);
    let sql = plan("sql");
    assert!(sql.starts_with("-- pgmoat: ") && sql.contains("\\connect pay\n") && sql.contains("\nCOMMIT;\n"), "{sql}");
    let diff = plan("diff");
    assert!(diff.starts_with("--- ") && diff.contains("\n+++ ") && diff.contains("\n@@ "), "{diff}");
    assert!(diff.lines().any(|line| line.starts_with('-')) && diff.lines().any(|line| line.starts_with('+')));
    assert!(plan("markdown").contains("revokes-access"));
    cluster.converge();
    for format in ["text", "sql", "diff", "json", "markdown"] {
        let run = cluster.pgmoat("plan --format").arg(format).end().code(0).err("");
        if format == "json" {
            let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
            assert_eq!(json["steps"], serde_json::json!([]));
        }
    }
}

/// An answer without when, where and by whom the cluster was read.
pub(crate) fn but_for_look(text: &str) -> String {
    if let Ok(mut document) = serde_json::from_str::<serde_json::Value>(text) {
        let _ = document.as_object_mut().expect("a document").remove("look");
        return document.to_string();
    }
    let is_look = |line: &&str| {
        let line = line.trim_start_matches(['-', '#', '>', ' ']);
        line.starts_with("read 20") || line.starts_with("databases read")
    };
    let rest: String = text.split_inclusive('\n').filter(|line| !is_look(line)).collect();
    rest.trim_start().to_owned()
}

#[test]
fn the_same_plan_twice_is_the_same_bytes() {
    let cluster = cluster();
    for format in ["text", "sql", "diff", "json", "markdown"] {
        let plan = || cluster.pgmoat("plan -v --format").arg(format).end().code(3).err("").out;
        assert_eq!(but_for_look(&plan()), but_for_look(&plan()), "{format}");
    }
    let saved = |name: &str| {
        let _ = cluster.pgmoat("plan --out").arg(name).end().code(3);
        cluster.read(name)
    };
    assert_eq!(saved("one.json"), saved("two.json"));
    let shown = cluster.pgmoat("plan --format json").end().code(3).out;
    assert_eq!(but_for_look(&saved("one.json")), but_for_look(&shown));
}

#[test]
fn a_snapshot_replaces_the_server() {
    let cluster = cluster();
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0).out("").err("");
    let again = cluster.pgmoat("inspect").end().code(0).err("").out;
    assert_eq!(but_for_look(&again), but_for_look(&cluster.read("snapshot.json")));
    for format in ["text", "sql", "diff", "json", "markdown"] {
        let live = cluster.pgmoat("plan --format").arg(format).end().code(3).out;
        let bare = cluster.bare().env("PGHOST", "/nowhere").args("plan --snapshot snapshot.json --format").arg(format);
        let offline = bare.end().code(3).err("").out;
        assert!(offline.contains("snapshot.json"), "{format} says where it comes from");
        assert_eq!(but_for_look(&offline), but_for_look(&live), "{format}");
    }
    // and the plan that came of it can be applied
    let _ = cluster.bare().args("plan --snapshot snapshot.json --out plan.json").end().code(3);
    let _ = cluster.pgmoat("apply plan.json --yes --allow all").end().code(0).err("");
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0);
    let nothing = cluster.bare().args("plan --snapshot snapshot.json").end().code(0).err("");
    assert_eq!(but_for_look(&nothing.out), NOTHING);
}

#[test]
fn plan_and_inspect_change_nothing() {
    let cluster = cluster();
    let before = cluster.catalog();
    for args in ["plan", "plan -v", "inspect", "check", "plan --out plan.json"] {
        let _ = cluster.pgmoat(args).end();
    }
    assert_eq!(cluster.catalog(), before);
}

#[test]
fn quiet_keeps_the_answer_and_the_errors() {
    let cluster = cluster();
    let loud = cluster.pgmoat("plan").end().code(3).out;
    let _ = cluster.pgmoat("plan -q").end().code(3).out(&loud).err("");
    let _ = cluster.pgmoat("apply -q --yes").end().code(5).err_has(&["error: ", "hint: "]);
    let warned = cluster.pgmoat("plan").env("PGSSLMODE", "prefer").end().code(3);
    let quiet = cluster.pgmoat("plan -q").env("PGSSLMODE", "prefer").end().code(3).err("");
    assert_eq!(warned.out, quiet.out);
}

#[test]
fn colour_only_where_it_is_wanted() {
    let cluster = cluster();
    let escapes = |run: Run| {
        let output = run.end();
        (output.out.contains('\u{1b}'), output.err.contains('\u{1b}'))
    };
    let apply = |args: &str| cluster.pgmoat(args).args("apply --yes");
    assert_eq!(escapes(apply("")), (false, false));
    assert_eq!(escapes(apply("--color never")), (false, false));
    assert_eq!(escapes(apply("--color always")), (true, true));
    assert_eq!(escapes(apply("--color always").env("NO_COLOR", "1")), (true, true));
    for format in ["text", "diff"] {
        let colored = cluster.pgmoat("plan --color always --format").arg(format).end().code(3).out;
        let plain = cluster.pgmoat("plan --color never --format").arg(format).end().code(3).out;
        assert!(colored.contains('\u{1b}'), "{format}");
        assert_eq!(without_escapes(&colored), plain, "nothing depends on colour");
    }
    // on a terminal, unless NO_COLOR or TERM forbids it
    let on_terminal = |run: Run| run.end().out.contains('\u{1b}');
    let plan = || cluster.pgmoat_in("plan").env("TERM", "xterm");
    assert!(on_terminal(plan()));
    assert!(!on_terminal(plan().env("NO_COLOR", "1")));
    assert!(!on_terminal(plan().env("TERM", "dumb")));
    assert!(!on_terminal(cluster.pgmoat_in("plan --color never").env("TERM", "xterm")));
}

fn without_escapes(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn a_reader_that_goes_is_no_error() {
    let cluster = cluster();
    let mut shell = Command::new("/bin/bash");
    let script = "'PROGRAM' plan --format json | head -1; echo ${PIPESTATUS[0]}";
    shell.args(["-c", &script.replace("PROGRAM", env!("CARGO_BIN_EXE_pgmoat"))]);
    let _ = cluster.aim(Run::of(shell, cluster.folder.path()).env("PATH", "/usr/bin:/bin")).end().err("").out("{\n3\n");
}

#[test]
fn a_file_that_cannot_be_written() {
    let cluster = cluster();
    for args in ["plan --out /nonexistent/file", "inspect --out /nonexistent/file"] {
        let _ = cluster
            .pgmoat(args)
            .end()
            .code(1)
            .out("")
            .err("error: failed to write /nonexistent/file\n  caused by: No such file or directory (os error 2)\n");
    }
    let mut shell = Command::new("/bin/bash");
    shell.args(["-c", &format!("'{}' plan > /dev/full", env!("CARGO_BIN_EXE_pgmoat"))]);
    let full = cluster.aim(Run::of(shell, cluster.folder.path())).end().code(1);
    let _ = full.err("error: failed to write to stdout\n  caused by: No space left on device (os error 28)\n");
}
