//! Each folder's exports, to the byte: stdout, stderr and the exit code. No server is there, no store and no AWS: whatever
//! needs one of them would fail.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Output, Run};
use crate::shape;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export");
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

/// In a folder of its own, which it must leave as it was.
fn export(case: &Path, command: &str) -> Output {
    let home = tempfile::tempdir().expect("a folder");
    fs::copy(case.join("layout.toml"), home.path().join("pgmoat.toml")).expect("copied");
    let output = Run::new(home.path()).args("export").args(command).end();
    assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 1, "{command} wrote something");
    output
}

#[test]
fn every_export_is_the_golden_one() {
    let cases = cases();
    assert!(cases.len() >= 5, "only {} folders", cases.len());
    for case in cases {
        let mut text = String::new();
        for command in fs::read_to_string(case.join("commands.txt")).expect("commands.txt").lines() {
            let output = export(&case, command);
            if output.code == 0 {
                shape::check(command, &output.out);
            }
            let (out, err) = (&output.out, &output.err);
            writeln!(text, "$ pgmoat export {command}\n{out}{err}[exit {}]\n", output.code).expect("a string");
        }
        let path = case.join("expected.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &text).expect("written");
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        let diff = similar::TextDiff::from_lines(&golden, &text).unified_diff().to_string();
        assert!(golden == text, "{} is something else; UPDATE_GOLDEN=1 writes it anew\n{diff}", path.display());
    }
}
