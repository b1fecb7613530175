//! The examples below plans/, each on a real server: `before.sql` is what is there, `layout.toml` is what is wanted, and
//! `plan.txt` and `plan.sql` are what pgmoat makes of it, where `plan.15.sql` is for 15 and older, up to the next such file.
//!
//! On one server the plan is applied, on a second one its script is run as psql would; both must leave nothing to plan.
//! Not covered: that the rights are then what the layout means, which tests/scenarios.rs asks the server.
//!
//! To add an example, add a folder with `before.sql` and `layout.toml` and its name below, and run
//! `UPDATE_GOLDEN=1 PGMOAT_TEST_PG=18 cargo test --test plans`, then the same with 17 … 14. Read what it wrote.

mod readme_support;

use std::fs;
use std::path::{Path, PathBuf};

use pgmoat::apply::{Options, Survey, begin, connect, survey};
use pgmoat::layout::{self, Layout, SourceFile};
use pgmoat::plan::view;
use readme_support::{Server, psql, run};

macro_rules! examples {
    ($($test:ident: $folder:literal),+ $(,)?) => {
        $(#[test]
        fn $test() {
            run(example($folder));
        })+

        const FOLDERS: &[&str] = &[$($folder),+];
    };
}

examples! {
    common_database: "common-database",
    everything: "everything",
    open_cluster: "open-cluster",
    secrets: "secrets",
    single_writer: "single-writer",
    two_services: "two-services",
}

/// A folder without a test would never run.
#[test]
fn every_folder_has_a_test() {
    let folders = fs::read_dir(root()).expect("plans/ is there").map(|entry| entry.expect("readable").path());
    let mut names: Vec<String> = folders
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, FOLDERS);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plans")
}

async fn example(name: &str) {
    let folder = root().join(name);
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let (before, text) = (read("before.sql"), read("layout.toml"));
    let source = SourceFile { name: "layout.toml".into(), text };
    let layout = layout::parse(vec![source], Some("prod")).unwrap_or_else(|problems| panic!("{problems}"));

    let applied = Server::fresh().await;
    psql(&applied.config, &before).await;
    let made = plan(&applied, &layout).await;
    let style = view::Style::default();
    let script = view::sql(&made.plan, &made.desired.maintenance);
    let major = made.snapshot.server.major();
    compare(&folder, "txt", major, &steady(&view::text(&made.plan, style)));
    compare(&folder, "sql", major, &steady(&script));
    apply(&applied, &layout).await;
    nothing_left(&applied, &layout, "after apply").await;

    // there may be only one
    drop(applied);
    let scripted = Server::fresh().await;
    psql(&scripted.config, &before).await;
    psql(&scripted.config, &script).await;
    nothing_left(&scripted, &layout, "after plan.sql").await;
}

async fn plan(server: &Server, layout: &Layout) -> Survey {
    let session = connect(&server.conninfo, layout).await.expect("connected");
    let made = survey(&server.conninfo, layout, &session).await;
    session.close().await;
    made.unwrap_or_else(|error| panic!("{error}: {error:?}"))
}

async fn apply(server: &Server, layout: &Layout) {
    let ready = begin(&server.conninfo, layout).await.unwrap_or_else(|error| panic!("{error}: {error:?}"));
    ready.run(Options::default(), &|_| ()).await.unwrap_or_else(|error| panic!("{error}: {error:?}"));
}

async fn nothing_left(server: &Server, layout: &Layout, when: &str) {
    let made = plan(server, layout).await;
    let style = view::Style { verbose: true, ..view::Style::default() };
    assert!(made.plan.is_empty(), "{when} there is something to do:\n{}", view::text(&made.plan, style));
}

/// Without what differs from server to server: its version and identifier, and the fingerprint that is made of them.
fn steady(text: &str) -> String {
    let mut text = text.to_owned();
    for (start, steady) in [("PostgreSQL ", "N"), ("system identifier ", "N"), ("-- from:   ", "sha256:…")] {
        if let Some(at) = text.find(start).map(|at| at + start.len()) {
            let end = text[at..].find(['\n', ',']).map_or(text.len(), |end| at + end);
            text.replace_range(at..end, steady);
        }
    }
    text
}

/// Compares with the file for this major version, or writes it.
fn compare(folder: &Path, extension: &str, major: u32, text: &str) {
    let path = golden(folder, extension, major);
    let found = fs::read_to_string(&path).unwrap_or_default();
    if found == text {
        return;
    }
    assert!(
        std::env::var_os("UPDATE_GOLDEN").is_some(),
        "{} isn't the plan; UPDATE_GOLDEN=1 writes it anew\n{}",
        path.display(),
        similar::TextDiff::from_lines(found.as_str(), text).unified_diff().context_radius(2)
    );
    let name = if major >= 18 { format!("plan.{extension}") } else { format!("plan.{major}.{extension}") };
    fs::write(folder.join(name), text).expect("written");
}

fn golden(folder: &Path, extension: &str, major: u32) -> PathBuf {
    let older = (major..=17).map(|major| folder.join(format!("plan.{major}.{extension}")));
    older.into_iter().find(|path| path.exists()).unwrap_or_else(|| folder.join(format!("plan.{extension}")))
}
