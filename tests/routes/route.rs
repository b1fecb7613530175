//! The one runner of all routes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pgmoat::throwaway::Options;

use crate::cluster::Cluster;
use crate::expected::{Close, Expected};
use crate::proof::{Found, Proof};
use crate::sessions::{Scripts, Stop};

/// The folders of all routes.
pub(crate) fn folders() -> Vec<String> {
    let entries = fs::read_dir(root()).expect("tests/routes is there").map(|entry| entry.expect("readable"));
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().expect("UTF-8")).collect()
}

/// A function's name can't begin with a digit.
pub(crate) fn folder_of(name: &str) -> &str {
    name.trim_start_matches('_')
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routes")
}

/// Everything, for one route.
pub(crate) fn run(name: &str) {
    let route = Route::at(folder_of(name));
    route.settle();
    route.must("breach.sql");
    let proof = route.prove();
    proof.check(&route.expected, route.major);
    if route.expected.is_harmless() {
        assert!(proof.holds, "a false alarm: {proof}");
    }
    if !route.expected.is_open(route.major) {
        route.stopped_by(route.expected.refused.as_ref().expect("`refused`"));
        return;
    }
    let before = route.check();
    if let Err(stop) = route.script("walk.sql") {
        panic!("the walk is stopped: {stop}\n{}", route.cluster.server.log().unwrap_or_default());
    }
    assert_ne!(route.check(), before, "the walk didn't arrive");
    if route.close() {
        route.must("reset.sql");
        route.prove().check_closed(&route.expected);
        route.stopped_by(route.expected.when_closed());
    }
}

/// What all routes begin with that have neither a layout nor a setup of their own: made and proven once, and copied.
fn beginning() -> PathBuf {
    static MADE: OnceLock<Route> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let nothing = toml::from_str("about = 'nothing yet'\nclose = 'nothing'").expect("an expectation");
        let mut route = Route::of(root(), nothing, None);
        route.settle();
        route.cluster.server.shut_down().expect("shut down");
        route
    });
    made.cluster.server.data_dir()
}

struct Route {
    folder: PathBuf,
    expected: Expected,
    cluster: Cluster,
    major: u32,
    runtime: tokio::runtime::Runtime,
    /// The layout is applied, the services have made their tables, and every claim holds.
    settled: bool,
}

impl Route {
    fn at(name: &str) -> Route {
        let folder = root().join(name);
        let text = fs::read_to_string(folder.join("expected.toml")).expect("expected.toml");
        let expected: Expected = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let own = ["layout.toml", "setup.sql"].iter().any(|file| folder.join(file).exists());
        let copy_of = (!own).then(beginning);
        Route::of(folder, expected, copy_of)
    }

    fn of(folder: PathBuf, expected: Expected, copy_of: Option<PathBuf>) -> Route {
        let settled = copy_of.is_some();
        let (settings, tcp) = (expected.settings.clone(), expected.tcp);
        let cluster = Cluster::with(&Options { settings, tcp, copy_of, ..Options::default() });
        let version = cluster.sql("postgres").one("SELECT current_setting('server_version_num')");
        let major = version.parse::<u32>().expect("a number") / 10_000;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let route = Route { folder, expected, cluster, major, runtime, settled };
        route.cluster.layout(&route.file("layout.toml").expect("layout.toml"));
        route
    }

    /// Every claim must hold before the breach.
    fn settle(&self) {
        if !self.settled {
            self.apply();
            self.must("setup.sql");
        }
        self.must("more.sql");
        if self.folder != root() && self.folder.join("layout.toml").exists() {
            // its rules and exceptions are about what is there only now
            self.apply();
        }
        if !self.settled || self.folder.join("more.sql").exists() {
            let proof = self.prove();
            assert!(proof.holds, "before the breach: {proof}");
        }
    }

    /// The folder's own, or the one that all share.
    fn file(&self, name: &str) -> Option<String> {
        let path = [self.folder.join(name), root().join(name)].into_iter().find(|path| path.exists())?;
        Some(fs::read_to_string(path).expect("UTF-8"))
    }

    fn scripts(&self) -> Scripts<'_> {
        Scripts { server: &self.cluster.server, major: self.major }
    }

    fn script(&self, file: &str) -> Result<(), Stop> {
        self.file(file).map_or(Ok(()), |text| self.runtime.block_on(self.scripts().run(&text)))
    }

    fn must(&self, file: &str) {
        self.script(file).unwrap_or_else(|stop| panic!("{file}: {stop}"));
    }

    fn check(&self) -> String {
        self.runtime.block_on(self.scripts().ask(&self.file("check.sql").expect("check.sql")))
    }

    /// The walk ends so, and changes nothing.
    fn stopped_by(&self, expected: &str) {
        let before = self.check();
        let stop = self.script("walk.sql");
        let code = stop.as_ref().map_or_else(|stop| stop.code.as_str(), |()| "no effect");
        assert_eq!(code, expected, "{stop:?}");
        assert_eq!(self.check(), before, "the walk arrives, though it ends with {code}");
    }

    fn apply(&self) {
        let _ = self.cluster.pgmoat("apply --yes --allow all").end().code(0);
    }

    fn prove(&self) -> Proof {
        Proof::of(&self.cluster)
    }

    /// Runs what the finding says closes it.
    fn fix(&self) {
        let (proof, finding) = (self.prove(), self.expected.finding.as_ref().expect("a finding"));
        let scripts: Vec<String> = proof.like(finding).filter_map(Found::script).collect();
        if scripts.is_empty() && self.file("close.sql").is_some() {
            return self.must("close.sql");
        }
        assert!(!scripts.is_empty(), "no fix of {}: {proof}", finding.code);
        for script in scripts {
            self.runtime.block_on(self.scripts().run(&script)).unwrap_or_else(|stop| panic!("the fix: {stop}"));
        }
    }

    fn close(&self) -> bool {
        match self.expected.close {
            Close::Plan => self.apply(),
            Close::Fix => self.fix(),
            Close::Hand => self.must("close.sql"),
            Close::Nothing => return false,
        }
        true
    }
}
