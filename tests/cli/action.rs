//! The action for GitHub: its script is run with a program in pgmoat's place that says on both streams what a runner takes for
//! commands, and the log is read as a runner reads it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::{Output, Run};

const ACTION: &str = include_str!("../../action.yml");

/// Says something on both streams, and writes the snapshot; the exit code is in a file.
const PROGRAM: &str = r#"#!/bin/bash
for arg; do case "$arg" in --out=*) echo '{}' > "${arg#--out=}" ;; esac; done
for stream in 1 2; do printf '%s %s\n  ::error::evil\n##[add-mask]evil\n::stop-commands::x\n::x::\n::error::evil' "$1" "$stream" >&"$stream"; done
exit "$(cat "$CODES/$1")"
"#;

/// The `run: |` of the step that has this id.
fn script(id: &str) -> String {
    let step = ACTION.split(&format!("id: {id}\n")).nth(1).expect("the step");
    let run = step.split("      run: |\n").nth(1).expect("its script");
    let lines = run.lines().take_while(|line| line.is_empty() || line.starts_with("        "));
    lines.map(|line| line.get(8..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The commands that a runner would find, with what it was told to stop for taken away.
fn commands(log: &str) -> Vec<String> {
    let mut stopped: Option<String> = None;
    let mut found = Vec::new();
    for line in log.lines().map(str::trim_start) {
        match &stopped {
            Some(token) if line == format!("::{token}::") => stopped = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => stopped = Some(token.to_owned()),
                None if line.starts_with("::") || line.contains("##[") => found.push(line.to_owned()),
                None => {}
            },
        }
    }
    assert!(stopped.is_none(), "commands are stopped to the end: {log}");
    found
}

struct Ran {
    end: Output,
    outputs: String,
}

fn run(folder: &Path, inspect: u8, drift: u8, inputs: &[(&str, &str)]) -> Ran {
    fs::create_dir_all(folder.join("bin")).expect("a folder");
    let program = folder.join("bin/pgmoat");
    fs::write(&program, PROGRAM).expect("written");
    assert!(Command::new("chmod").arg("+x").arg(&program).status().expect("chmod").success());
    fs::write(folder.join("inspect"), inspect.to_string()).expect("written");
    fs::write(folder.join("drift"), drift.to_string()).expect("written");
    let outputs = folder.join("outputs");
    fs::write(&outputs, "").expect("written");
    let mut shell = Command::new("/bin/bash");
    shell.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script("drift")]);
    let mut run = Run::of(shell, folder)
        .env("PATH", format!("{}:/usr/bin:/bin", folder.join("bin").display()))
        .env("CODES", folder)
        .env("MAX_AGE", "")
        .env("RUNNER_TEMP", folder)
        .env("GITHUB_OUTPUT", &outputs)
        .env("GITHUB_STEP_SUMMARY", folder.join("summary"));
    for name in ["LAYOUT", "ENV_NAME", "SNAPSHOT", "FORMAT", "BASELINE", "DBNAME"] {
        let value = inputs.iter().find(|(input, _)| *input == name).map_or("", |(_, value)| value);
        run = run.env(name, value);
    }
    let end = run.end();
    Ran { end, outputs: fs::read_to_string(outputs).expect("written") }
}

#[test]
fn nothing_that_the_program_says_is_a_command() {
    for format in ["text", "json", "markdown", "sarif", "junit"] {
        for (inspect, drift, code) in [(0, 0, 0), (0, 3, 3), (0, 4, 4), (0, 1, 1), (1, 0, 1), (2, 0, 2)] {
            for snapshot in ["", "snapshot.json"] {
                let folder = tempfile::tempdir().expect("a folder");
                let inputs = [("LAYOUT", "shop.toml"), ("FORMAT", format), ("SNAPSHOT", snapshot)];
                let code = if snapshot.is_empty() { code } else { i32::from(drift) };
                let ran = run(folder.path(), inspect, drift, &inputs);
                let end = ran.end.code(code).err("");
                assert_eq!(commands(&end.out), Vec::<String>::new(), "{end}");
                assert!(end.out.contains("drift 2\n") || end.out.contains("inspect 2\n"), "stderr is shown: {end}");
                assert!(ran.outputs.starts_with(&format!("exit-code={code}\nreport=")), "{}", ran.outputs);
                let reported = ran.outputs.contains("report.");
                assert_eq!(reported, [0, 3, 4].contains(&code), "{}", ran.outputs);
            }
        }
    }
}

/// Annotations are commands, and what the program says besides is none.
#[test]
fn annotations_alone_are_commands() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = run(folder.path(), 0, 4, &[("LAYOUT", "shop.toml"), ("FORMAT", "github")]);
    let end = ran.end.code(4).err("");
    let report = "::error::evil ##[add-mask]evil ::stop-commands::x ::x:: ::error::evil".split(' ').count();
    let (said, annotations) = end.out.split_at(end.out.find("drift 1\n").expect("the report"));
    assert_eq!(commands(said), Vec::<String>::new(), "{end}");
    assert!(annotations.lines().count() > report, "{end}");
}

#[test]
fn a_password_in_an_input_is_refused() {
    for dbname in ["host=db password=sesame", "postgresql://u:sesame@db/x"] {
        let folder = tempfile::tempdir().expect("a folder");
        let ran = run(folder.path(), 0, 0, &[("LAYOUT", "shop.toml"), ("FORMAT", "text"), ("DBNAME", dbname)]);
        let end = ran.end.code(2).out_has(&["::error::dbname: no password here"]);
        assert!(!end.out.contains("sesame"), "{end}");
    }
}
