//! A scenario there and back, and a little more of psql than its other scripts need.

use pgmoat::model::{Dependent, Snapshot};
use pgmoat::plan::{Plan, view};

use pgmoat::apply::SurveyError;

use super::support::provisioner::{LOGIN, ROUNDS};
use super::support::scenario::Scenario;
use super::support::script::word;
use super::support::server::Server;

/// As it was, as it is again, and what led there.
pub(crate) struct Trip {
    pub(crate) before: Snapshot,
    pub(crate) after: Snapshot,
    pub(crate) script: String,
}

/// Everything up to the apply, and the way back, by a superuser. None: a faulty layout.
pub(crate) fn there_and_back(name: &str) -> Option<Trip> {
    run(async {
        let scenario = Scenario::new(name).await;
        scenario.script("before.sql").await;
        if scenario.file("drift.sql").is_some() {
            scenario.apply().await;
            scenario.script("drift.sql").await;
        }
        let before = scenario.survey().await.ok()?.snapshot;
        let plan = scenario.apply().await;
        Some(back(&scenario, before, &plan, None).await)
    })
}

/// The same by a role that is no superuser; what it can't do a superuser has done before, as far as the plan says how. None
/// also where something is out of its reach even then, or nothing is left to do.
pub(crate) fn there_and_back_as_provisioner(name: &str) -> Option<Trip> {
    run(async {
        let scenario = Scenario::of_provisioner(name).await;
        scenario.script("before.sql").await;
        scenario.let_in().await;
        if scenario.file("drift.sql").is_some() {
            scenario.converge_as_provisioner().await;
            scenario.script("drift.sql").await;
            scenario.let_in().await;
        }
        if let Err(SurveyError::Layout(_)) = scenario.survey().await {
            return None;
        }
        if !scenario.bring_within_reach().await {
            return None;
        }
        // what the superuser took before left a column's grant by one who has no option any more, which nobody can grant again
        if name == "retire_second_grantors" && scenario.server.major < 16 {
            return None;
        }
        let before = scenario.as_superuser().await;
        let plan = scenario.apply_as_provisioner().await;
        Some(back(&scenario, before, &plan, Some(LOGIN)).await)
    })
}

fn run(trip: impl Future<Output = Option<Trip>>) -> Option<Trip> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(trip)
}

/// A database that the plan dropped is gone for good: the snapshot before is without it, and the script says so.
async fn back(scenario: &Scenario, mut before: Snapshot, plan: &Plan, role: Option<&str>) -> Trip {
    let script = view::undo(plan);
    for database in dropped(plan) {
        let said = format!("-- cannot be undone: only a backup brings database {database} back");
        assert!(script.contains(&said), "not a word of {database} in\n{script}");
        before.state.databases.retain(|name, _| name.as_str() != database);
        before.state.settings.retain(|key, _| key.database.as_ref().is_none_or(|name| name.as_str() != database));
        let hung = &mut before.retiring;
        hung.databases.retain(|(name, _)| name.as_str() != database);
        let shared = |d: &Dependent| d.thing.kind == "database" && d.thing.identity.trim_matches('"') == database;
        hung.dependents.retain(|d| d.database.as_ref().is_none_or(|name| name.as_str() != database) && !shared(d));
    }
    psql(&scenario.server, role, &script).await;
    let after = scenario.as_superuser().await;
    Trip { before, after, script }
}

impl Scenario {
    /// Has what is out of reach done before, as far as it can be; whether then all that is left is within reach, and anything
    /// is.
    async fn bring_within_reach(&self) -> bool {
        for _ in 0..ROUNDS {
            let plan = self.plan_as_provisioner().await;
            if plan.out_of_reach.is_empty() {
                return !plan.is_empty();
            }
            for beyond in &plan.out_of_reach {
                // one that isn't there yet, or closed
                let Ok(client) = self.server.connect(beyond.step.database.as_str(), None).await else { continue };
                client.batch_execute("SET search_path = pg_catalog").await.expect("set");
                // one after a step of the plan's fails now
                let _ = client.batch_execute(&beyond.once.join(";\n")).await;
            }
            self.let_in().await;
        }
        false
    }

    /// What a superuser reads, whoever applies: an apply may let the one in who did it, and the way back shut him out again.
    async fn as_superuser(&self) -> Snapshot {
        let survey = self.survey_with(&self.server.conninfo).await;
        survey.unwrap_or_else(|error| panic!("{error}: {error:?}")).snapshot
    }
}

fn dropped(plan: &Plan) -> impl Iterator<Item = &str> {
    let drops = plan.steps.iter().filter(|step| step.sql.iter().any(|sql| sql.starts_with("DROP DATABASE ")));
    drops.map(|step| step.object.name.as_str())
}

/// Runs one of our scripts as psql would: `\connect` as we write it, and each statement that ends with its line.
async fn psql(server: &Server, role: Option<&str>, script: &str) {
    let connected = async |database: &str| {
        let client = server.connect(database, role).await;
        client.unwrap_or_else(|error| panic!("{database}: {error:?}\nin\n{script}"))
    };
    let mut client = connected(server.conninfo.database()).await;
    let mut statement = String::new();
    for line in script.lines() {
        if let Some(target) = line.strip_prefix("\\connect ") {
            client = connected(&database(target)).await;
        } else if !statement.is_empty() || !line.is_empty() && !line.starts_with(['\\', '-']) {
            statement = format!("{statement}{line}\n");
            // a name may hold a line break, and then the statement's quotes are open
            let open = !statement.matches('"').count().is_multiple_of(2);
            if line.ends_with(';') && !open {
                let result = client.batch_execute(&statement).await;
                result.unwrap_or_else(|error| panic!("{statement}{error:?}\nin\n{script}"));
                statement.clear();
            }
        }
    }
    assert!(statement.trim().is_empty(), "unfinished: {statement}");
}

/// `orders`, or `-reuse-previous=on "dbname='…'"` with psql's quotes around libpq's.
fn database(target: &str) -> String {
    let Some(argument) = target.strip_prefix("-reuse-previous=on ") else { return target.to_owned() };
    let unescaped = |text: &str| {
        let (mut plain, mut bytes) = (Vec::new(), text.bytes());
        while let Some(byte) = bytes.next() {
            match (byte, if byte == b'\\' { bytes.next() } else { None }) {
                (_, Some(b'x')) => {
                    let digits = [bytes.next(), bytes.next()].map(|digit| char::from(digit.expect("two digits")));
                    plain.push(u8::from_str_radix(&String::from_iter(digits), 16).expect("hexadecimal"));
                }
                (_, Some(literally)) => plain.push(literally),
                (byte, None) => plain.push(byte),
            }
        }
        String::from_utf8(plain).expect("UTF-8")
    };
    let argument = match argument.strip_prefix('\'') {
        Some(literal) => unescaped(literal.strip_suffix('\'').expect("a quote at the end")),
        None => argument.to_owned(),
    };
    let (conninfo, _) = word(&argument, &[]);
    let name = conninfo.strip_prefix("dbname='").and_then(|name| name.strip_suffix('\'')).expect("dbname='…'");
    unescaped(name)
}
