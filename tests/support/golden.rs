//! A plan as a text that stays the same from run to run, and the file that says how it must be.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pgmoat::plan::{Plan, Stage, Step};
use pgmoat::proof::view::{headline, route};
use pgmoat::proof::{Certainty, Proof, Severity};

/// The steps with their SQL, then what is withheld, what is pending, and the notes.
pub(crate) fn text(plan: &Plan) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        text += &of_step(step);
    }
    for beyond in &plan.out_of_reach {
        let _ = write!(text, "beyond {}", of_step(&beyond.step));
        let _ = writeln!(text, "    needs: {}", beyond.needs);
        for statement in &beyond.once {
            let _ = writeln!(text, "    once: {statement};");
        }
    }
    for step in &plan.withheld {
        let _ = write!(text, "withheld: {}", of_step(step));
    }
    for pending in &plan.pending {
        let _ = writeln!(text, "pending: {pending}");
    }
    for note in &plan.notes {
        let _ = writeln!(text, "note: {note}");
    }
    if text.is_empty() { "nothing to do\n".to_owned() } else { text }
}

fn of_step(step: &Step) -> String {
    let stage = match step.stage {
        Stage::Prepare => "prepare ",
        Stage::Database => "database ",
        Stage::Converge => "",
        Stage::Retire => "retire ",
    };
    let hazards: Vec<&str> = step.hazards.iter().map(|hazard| hazard.code()).collect();
    let hazards = if hazards.is_empty() { String::new() } else { format!(" {{{}}}", hazards.join(", ")) };
    let mut text = format!("{} [{stage}{}] {}{hazards}\n", step.action.word(), step.database.shown(), step.what);
    for code in &step.code {
        let _ = writeln!(text, "    code of {}, by {}:", code.object.shown(), code.owner.shown());
        // extensions' own views end differently on each major version
        let lines = code.definition.trim_end().lines().take(12);
        text.extend(lines.flat_map(|line| ["        | ", line.trim_end(), "\n"]));
    }
    for statement in &step.sql {
        let _ = writeln!(text, "    {statement};");
    }
    text
}

/// Compares with the file for this major version, or writes it: with `UPDATE_GOLDEN=findings` the findings alone.
pub(crate) fn compare(folder: &Path, what: &str, major: u32, text: &str) {
    if env::var_os("UPDATE_GOLDEN").is_some_and(|wish| wish == "1" || wish == what) {
        update(folder, what, major, text);
    }
    let path = file(folder, what, major);
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == text,
        "{} is something else; UPDATE_GOLDEN=1 writes it anew\n{}",
        path.display(),
        lines(&golden, text)
    );
}

/// `plan.15.txt` is for 15 and older; `plan.txt` for all that have no such file.
fn file(folder: &Path, what: &str, major: u32) -> PathBuf {
    let older = (major..=17).map(|major| folder.join(format!("{what}.{major}.txt")));
    older.into_iter().find(|path| path.exists()).unwrap_or_else(|| folder.join(format!("{what}.txt")))
}

fn update(folder: &Path, what: &str, major: u32, text: &str) {
    if major >= 18 {
        for older in 14..18 {
            let _ = fs::remove_file(folder.join(format!("{what}.{older}.txt")));
        }
    }
    if fs::read_to_string(file(folder, what, major)).unwrap_or_default() == text {
        return;
    }
    let name = if major >= 18 { format!("{what}.txt") } else { format!("{what}.{major}.txt") };
    fs::write(folder.join(name), text).expect("written");
}

/// What a proof found, but for what is merely worth knowing.
pub(crate) fn findings(proof: &Proof) -> String {
    let mut text = String::new();
    for finding in proof.findings.iter().filter(|finding| finding.severity != Severity::Note) {
        let certainty = if finding.certainty == Certainty::Conditional { ", conditional" } else { "" };
        let severity = if finding.severity == Severity::Error { "violated" } else { "warning" };
        let _ = writeln!(text, "{severity}{certainty}: {}", headline(finding));
        let _ = writeln!(text, "    {}", route(finding));
    }
    text
}

fn lines(golden: &str, text: &str) -> String {
    similar::TextDiff::from_lines(golden, text).unified_diff().context_radius(2).to_string()
}
