//! The one runner of all scenarios.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pgmoat::apply::{Options, Survey, SurveyError, begin, connect, survey, survey_all};
use pgmoat::catalog;
use pgmoat::db::Conninfo;
use pgmoat::layout::{self, Layout, Mode, SourceFile};
use pgmoat::model::{Day, Name};
use pgmoat::plan::Plan;
use pgmoat::proof::prove;

use super::server::Server;
use super::{attempts, golden, lost, oracle, provisioner, script, touched};

/// The folders of all scenarios.
pub(crate) fn folders() -> Vec<String> {
    let entries = fs::read_dir(root()).expect("tests/scenarios is there");
    entries.map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// The day of all scenarios, whatever day it is: exceptions end.
const TODAY: Day = Day { year: 2026, month: 11, day: 24 };

/// Everything, for one scenario.
pub(crate) fn run(name: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let scenario = Scenario::new(name).await;
        scenario.script("before.sql").await;
        if let Some(text) = scenario.file("first.toml") {
            let layout = parsed(vec![SourceFile { name: "first.toml".to_owned(), text }]);
            scenario.apply_layout(&layout).await;
            scenario.script("drift.sql").await;
        } else if scenario.file("drift.sql").is_some() {
            scenario.apply().await;
            scenario.script("drift.sql").await;
        }
        let Some(first) = scenario.first_plan().await else { return };
        oracle::check_read(&scenario.server, &first.snapshot).await;
        let before_apply = scenario.findings().await;
        let additive = scenario.layout.cluster.mode == Mode::Additive;
        let before = if additive { lost::rights(&scenario.server).await } else { BTreeSet::new() };
        let applied = scenario.apply().await;
        if additive {
            lost::check(&before, &lost::rights(&scenario.server).await);
        }
        assert!(applied == first.plan, "another plan was applied:\n{}", golden::text(&applied));
        let settled = scenario.nothing_left("after apply").await;
        let found = format!("{before_apply}after apply:\n{}", scenario.findings().await);
        golden::compare(&scenario.folder, "findings", scenario.server.major, &found);
        scenario.nothing_touched().await;
        oracle::check_read(&scenario.server, &settled.snapshot).await;
        oracle::check_wanted(&first.desired, &settled.snapshot);
        scenario.script("after.sql").await;
        let later = scenario.nothing_left("after after.sql").await;
        oracle::check_read(&scenario.server, &later.snapshot).await;
        oracle::check_wanted(&later.desired, &later.snapshot);
        scenario.server.admit_logins().await;
        if let Some(text) = scenario.file("attempts.txt") {
            attempts::check(&scenario.server, &text).await;
        }
    });
}

/// The same for a role that is no superuser, but without golden files: what counts is where it ends.
pub(crate) fn run_as_provisioner(name: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let scenario = Scenario::of_provisioner(name).await;
        scenario.script("before.sql").await;
        scenario.let_in().await;
        if scenario.file("drift.sql").is_some() {
            scenario.converge_as_provisioner().await;
            scenario.script("drift.sql").await;
            scenario.let_in().await;
        }
        if let Err(SurveyError::Layout(_)) = scenario.survey().await {
            return; // a problem of the layout is one whoever asks
        }
        scenario.converge_as_provisioner().await;
        let settled = scenario.nothing_left("after apply").await;
        scenario.nothing_touched().await;
        oracle::check_read(&scenario.server, &settled.snapshot).await;
        oracle::check_wanted(&settled.desired, &settled.snapshot);
        scenario.script("after.sql").await;
        let later = scenario.nothing_left("after after.sql").await;
        oracle::check_wanted(&later.desired, &later.snapshot);
        scenario.server.admit_logins().await;
        if let Some(text) = scenario.file("attempts.txt") {
            attempts::check(&scenario.server, &text).await;
        }
    });
}

/// One folder, and its server.
pub(crate) struct Scenario {
    folder: PathBuf,
    pub(crate) layout: Layout,
    pub(crate) server: Server,
    /// None: the superuser.
    applied_by: Option<&'static str>,
}

impl Scenario {
    pub(crate) async fn new(name: &str) -> Scenario {
        let folder = root().join(name);
        Scenario { layout: parsed(sources(&folder)), folder, server: Server::fresh().await, applied_by: None }
    }

    /// Applied by a role that is no superuser, which is there already.
    pub(crate) async fn of_provisioner(name: &str) -> Scenario {
        let mut scenario = Scenario::new(name).await;
        provisioner::make(&scenario.server, &mut scenario.layout).await;
        scenario.applied_by = Some(provisioner::LOGIN);
        scenario
    }

    pub(crate) fn file(&self, name: &str) -> Option<String> {
        let path = self.folder.join(name);
        path.exists().then(|| fs::read_to_string(&path).expect("UTF-8"))
    }

    pub(crate) async fn script(&self, file: &str) {
        let Some(text) = self.file(file) else { return };
        for part in script::parts(self.server.major, self.server.conninfo.database(), &text) {
            let role = part.role.as_deref();
            if role.is_some() {
                self.server.admit_logins().await;
            }
            let client = self.server.connect(&part.database, role).await;
            let client = client.unwrap_or_else(|error| panic!("{file}: {} as {role:?}: {error:?}", part.database));
            for statement in &part.statements {
                let result = client.batch_execute(statement).await;
                result.unwrap_or_else(|error| panic!("{file}: {statement}\n{error:?}"));
            }
        }
    }

    /// As whoever applies.
    pub(crate) fn conninfo(&self) -> Conninfo {
        let conninfo = self.server.conninfo.clone();
        let password = self.server.config.get_password().map(|p| String::from_utf8_lossy(p).into_owned());
        self.applied_by.map_or(conninfo.clone(), |login| conninfo.with_user(login, password.as_deref()))
    }

    fn maintenance(&self) -> &str {
        self.layout.cluster.database.as_str()
    }

    pub(crate) async fn survey(&self) -> Result<Survey, SurveyError> {
        self.survey_with(&self.conninfo()).await
    }

    pub(crate) async fn survey_with(&self, conninfo: &Conninfo) -> Result<Survey, SurveyError> {
        let session = connect(conninfo, &self.layout).await.expect("connected");
        let survey = survey(conninfo, &self.layout, &session).await;
        session.close().await;
        if let Ok(survey) = &survey {
            let again = catalog::from_json(&catalog::to_json(&survey.snapshot)).expect("a snapshot");
            assert!(again == survey.snapshot, "the snapshot's file says something else");
        }
        survey
    }

    /// What a proof finds now.
    async fn findings(&self) -> String {
        let session = connect(&self.conninfo(), &self.layout).await.expect("connected");
        let survey = survey_all(&self.conninfo(), &self.layout, &session).await.expect("a survey");
        session.close().await;
        golden::findings(&prove(&survey.snapshot, &survey.desired).expect("a proof"))
    }

    /// The plan, equal to the golden one; or nothing, where the golden text is of the layout's problems on this server.
    async fn first_plan(&self) -> Option<Survey> {
        let compare = |text: &str| golden::compare(&self.folder, "plan", self.server.major, text);
        match self.survey().await {
            Ok(survey) => {
                compare(&golden::text(&survey.plan));
                Some(survey)
            }
            Err(SurveyError::Layout(problems)) => {
                let text = layout::render(&self.layout.sources, &problems, false);
                compare(&format!("{text}\n"));
                None
            }
            Err(error) => panic!("{error}: {error:?}"),
        }
    }

    pub(crate) async fn apply(&self) -> Plan {
        self.apply_layout(&self.layout).await
    }

    async fn apply_layout(&self, layout: &Layout) -> Plan {
        let ready = begin(&self.conninfo(), layout).await;
        let ready = ready.unwrap_or_else(|error| panic!("{error}: {error:?}"));
        let done = ready.run(Options::default(), &|_| ()).await;
        done.unwrap_or_else(|error| panic!("{error}: {error:?}")).plan
    }

    async fn nothing_left(&self, when: &str) -> Survey {
        let survey = self.survey().await;
        let survey = survey.unwrap_or_else(|error| panic!("{when}: {error}: {error:?}"));
        assert!(survey.plan.is_empty(), "{when} there is something to do:\n{}", golden::text(&survey.plan));
        survey
    }

    /// Applies once more.
    async fn nothing_touched(&self) {
        let databases = self.layout.managed_databases();
        let databases: Vec<&str> = databases.into_iter().map(Name::as_str).chain([self.maintenance()]).collect();
        let before = touched::rows(&self.server, &databases).await;
        let plan = self.apply().await;
        assert!(plan.is_empty(), "the second apply did {}", golden::text(&plan));
        let after = touched::rows(&self.server, &databases).await;
        let new: Vec<_> = after.difference(&before).collect();
        assert!(new.is_empty() && after.len() == before.len(), "the second apply wrote {new:?}");
    }
}

fn parsed(sources: Vec<SourceFile>) -> Layout {
    layout::parse(sources, None).unwrap_or_else(|problems| panic!("{problems}")).on(TODAY)
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
