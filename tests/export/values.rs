//! No export but pgbouncer's names anything by which the value of an entry, or what is made of one, could be had.

use std::fs;
use std::path::{Path, PathBuf};

/// What reads a value, in this house.
const READS: [&str; 8] =
    ["Stage::", ".read(", "ExposeSecret", "expose_secret", "SecretString", "Entry", "stored(", "Keeper"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

/// Comments aside, which may speak of anything.
fn reads(source: &str) -> Vec<&'static str> {
    let code: String = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    READS.into_iter().filter(|word| code.contains(word)).collect()
}

#[test]
fn only_pgbouncers_export_reads_a_value() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/export");
    let mut files = vec![folder.with_extension("rs")];
    sources(&folder, &mut files);
    assert!(files.len() > 8, "{files:?}");
    for file in files {
        let found = reads(&fs::read_to_string(&file).expect("UTF-8"));
        let expected: &[&str] = if file.ends_with("pgbouncer.rs") { &["stored("] } else { &[] };
        assert_eq!(found, expected, "{}", file.display());
    }
}

#[test]
fn a_reading_is_found() {
    assert_eq!(reads("// store.read(x)\nlet x = store.read(name, Stage::Current).await;"), ["Stage::", ".read("]);
}
