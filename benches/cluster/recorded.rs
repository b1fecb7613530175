//! The floor: psql asks what the program was seen to ask, so that a new question can't be missing.

use std::fmt::Write as _;

use crate::run::{Bench, measure};

/// Runs the command once with every statement logged, and returns a script for psql that asks the same of the same databases, session
/// by session. Statements of ours that take or give a lock, or set something, are a part of it: they cost nothing.
pub(crate) fn floor(bench: &Bench, command: &str) -> String {
    bench.psql(&set("log_statement", "all"));
    bench.psql(&set("log_line_prefix", "%d|%p|"));
    let before = bench.log().len();
    measure(bench.pgmoat(&[command, "-q"]));
    bench.psql("ALTER SYSTEM RESET log_statement;\nALTER SYSTEM RESET log_line_prefix;\nSELECT pg_reload_conf();\n");
    let log = bench.log()[before..].to_owned();
    script(&entries(&log))
}

fn set(name: &str, value: &str) -> String {
    // whoever comes after the reload must meet it
    format!("ALTER SYSTEM SET {name} = '{value}';\nSELECT pg_reload_conf();\nSELECT pg_sleep(0.5);\n")
}

/// A line of the log with its continuation lines, which begin with a tab.
struct Entry {
    database: String,
    pid: String,
    text: String,
}

fn entries(log: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in log.lines() {
        let mut parts = line.splitn(3, '|');
        match (line.strip_prefix('\t'), entries.last_mut(), parts.next(), parts.next(), parts.next()) {
            (Some(more), Some(entry), ..) => write!(entry.text, "\n{more}").expect("text"),
            (None, _, Some(database), Some(pid), Some(text)) => {
                entries.push(Entry { database: database.into(), pid: pid.into(), text: text.into() });
            }
            _ => (),
        }
    }
    entries
}

fn script(entries: &[Entry]) -> String {
    let mut pids: Vec<&str> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.text.contains("ISOLATION LEVEL REPEATABLE READ")) {
        pids.push(&entry.pid);
    }
    let mut script = String::new();
    for pid in pids {
        let mut own = entries.iter().filter(|entry| entry.pid == pid).peekable();
        let Some(first) = own.peek() else { continue };
        writeln!(script, "\\connect {}", first.database).expect("text");
        while let Some(entry) = own.next() {
            if let Some(sql) = entry.text.strip_prefix("LOG:  statement: ") {
                writeln!(script, "{sql};").expect("text");
            } else if let Some((_, sql)) =
                entry.text.strip_prefix("LOG:  execute ").and_then(|sql| sql.split_once(": "))
            {
                let detail = own.next_if(|next| next.text.starts_with("DETAIL:  "));
                let values = detail.and_then(|detail| detail.text.split_once("arameters: ")).map(|(_, values)| values);
                writeln!(script, "PREPARE q AS {sql};\nEXECUTE q{};\nDEALLOCATE q;", arguments(values)).expect("text");
            }
        }
    }
    script
}

/// `$1 = 'a', $2 = NULL` as `('a', NULL)`.
fn arguments(values: Option<&str>) -> String {
    let Some(values) = values else { return String::new() };
    let mut text = values.to_owned();
    for number in (1..=9).rev() {
        text = text.replace(&format!("${number} = "), "");
    }
    format!("({text})")
}
