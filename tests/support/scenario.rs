//! The one runner of all scenarios.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pgmoat::catalog;
use pgmoat::layout::resolve::resolve;
use pgmoat::layout::{self, Layout, SourceFile};
use pgmoat::model::{Desired, Name, Snapshot};
use pgmoat::plan::{Head, Plan};

use super::server::Server;
use super::{attempts, execute, golden, oracle, script, touched};

/// The folders of all scenarios.
pub(crate) fn folders() -> Vec<String> {
    let entries = fs::read_dir(root()).expect("tests/scenarios is there");
    entries.map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// Everything, for one scenario.
pub(crate) fn run(name: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let scenario = Scenario::new(name).await;
        scenario.script("before.sql").await;
        let Some((snapshot, desired, plan)) = scenario.first_plan().await else { return };
        oracle::check_read(&scenario.server, &snapshot).await;
        execute::execute(&scenario.server, &plan).await;
        let (snapshot, _, _) = scenario.nothing_left("after the first apply").await;
        scenario.nothing_touched().await;
        oracle::check_read(&scenario.server, &snapshot).await;
        oracle::check_wanted(&desired, &snapshot);
        scenario.script("after.sql").await;
        let (snapshot, desired, _) = scenario.nothing_left("after after.sql").await;
        oracle::check_read(&scenario.server, &snapshot).await;
        oracle::check_wanted(&desired, &snapshot);
        scenario.server.admit_logins().await;
        if let Some(text) = scenario.file("attempts.txt") {
            attempts::check(&scenario.server, &text).await;
        }
    });
}

struct Scenario {
    folder: PathBuf,
    layout: Layout,
    server: Server,
}

impl Scenario {
    async fn new(name: &str) -> Scenario {
        let folder = root().join(name);
        let layout = layout::parse(sources(&folder), None).unwrap_or_else(|problems| panic!("{problems}"));
        Scenario { folder, layout, server: Server::fresh().await }
    }

    fn file(&self, name: &str) -> Option<String> {
        let path = self.folder.join(name);
        path.exists().then(|| fs::read_to_string(&path).expect("UTF-8"))
    }

    async fn script(&self, file: &str) {
        let Some(text) = self.file(file) else { return };
        for part in script::parts(self.server.major, self.maintenance(), &text) {
            let role = part.role.as_deref();
            let client = self.server.connect(&part.database, role).await;
            let client = client.unwrap_or_else(|error| panic!("{file}: {} as {role:?}: {error:?}", part.database));
            for statement in &part.statements {
                let result = client.batch_execute(statement).await;
                result.unwrap_or_else(|error| panic!("{file}: {statement}\n{error:?}"));
            }
        }
    }

    fn maintenance(&self) -> &str {
        self.layout.cluster.database.as_str()
    }

    async fn read(&self) -> Snapshot {
        let session = self.server.session(self.maintenance()).await;
        let managed: BTreeSet<Name> = self.layout.managed_databases().into_iter().cloned().collect();
        let conninfo = self.server.conninfo.with_database(self.maintenance());
        let snapshot = catalog::read(&conninfo, &session, &managed).await;
        let snapshot = snapshot.unwrap_or_else(|error| panic!("{error}: {error:?}"));
        let again = catalog::from_json(&catalog::to_json(&snapshot)).expect("a snapshot");
        assert!(again == snapshot, "the snapshot's file says something else");
        snapshot
    }

    fn plan(&self, snapshot: &Snapshot, desired: &Desired) -> Plan {
        let head = Head { cluster: &self.layout.cluster.name, layout: &self.layout.digest };
        Plan::between(snapshot, desired, head)
    }

    /// The plan, equal to the golden one; or nothing, where the golden text is of the layout's problems on this server.
    async fn first_plan(&self) -> Option<(Snapshot, Desired, Plan)> {
        let snapshot = self.read().await;
        match resolve(&self.layout, &snapshot) {
            Ok(desired) => {
                let plan = self.plan(&snapshot, &desired);
                golden::compare(&self.folder, self.server.major, &golden::text(&plan));
                Some((snapshot, desired, plan))
            }
            Err(problems) => {
                let text = layout::render(&self.layout.sources, &problems, false);
                golden::compare(&self.folder, self.server.major, &format!("{text}\n"));
                None
            }
        }
    }

    async fn nothing_left(&self, when: &str) -> (Snapshot, Desired, Plan) {
        let snapshot = self.read().await;
        let desired = resolve(&self.layout, &snapshot);
        let desired = desired
            .unwrap_or_else(|problems| panic!("{when}: {}", layout::render(&self.layout.sources, &problems, false)));
        let plan = self.plan(&snapshot, &desired);
        assert!(plan.is_empty(), "{when} there is something to do:\n{}", golden::text(&plan));
        (snapshot, desired, plan)
    }

    /// Applies once more.
    async fn nothing_touched(&self) {
        let databases = self.layout.managed_databases();
        let databases: Vec<&str> = databases.into_iter().map(Name::as_str).chain([self.maintenance()]).collect();
        let before = touched::rows(&self.server, &databases).await;
        let (_, _, plan) = self.nothing_left("before the second apply").await;
        execute::execute(&self.server, &plan).await;
        let after = touched::rows(&self.server, &databases).await;
        let new: Vec<_> = after.difference(&before).collect();
        assert!(new.is_empty() && after.len() == before.len(), "the second apply wrote {new:?}");
    }
}

fn sources(folder: &Path) -> Vec<SourceFile> {
    let single = folder.join("layout.toml");
    let mut paths = if single.exists() {
        vec![single]
    } else {
        let entries = fs::read_dir(folder.join("layout")).expect("layout.toml, or layout/");
        entries.map(|entry| entry.expect("readable").path()).collect()
    };
    paths.sort();
    let source = |path: PathBuf| SourceFile {
        name: path.strip_prefix(folder).expect("inside").display().to_string(),
        text: fs::read_to_string(&path).expect("UTF-8"),
    };
    paths.into_iter().map(source).collect()
}
