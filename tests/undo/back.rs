//! A scenario there and back, and a little more of psql than its other scripts need.

use pgmoat::model::Snapshot;
use pgmoat::plan::{Plan, view};

use super::support::scenario::Scenario;
use super::support::script::word;
use super::support::server::Server;

/// Everything up to the apply, and the way back: the snapshots before and after, and the script. None: a faulty layout.
/// A database that the plan dropped is gone for good: the snapshot before is without it, and the script says so.
pub(crate) fn there_and_back(name: &str) -> Option<(Snapshot, Snapshot, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let scenario = Scenario::new(name).await;
        scenario.script("before.sql").await;
        if scenario.file("drift.sql").is_some() {
            scenario.apply().await;
            scenario.script("drift.sql").await;
        }
        let mut before = scenario.survey().await.ok()?.snapshot;
        let plan = scenario.apply().await;
        let script = view::undo(&plan);
        for database in dropped(&plan) {
            let said = format!("-- cannot be undone: only a backup brings database {database} back");
            assert!(script.contains(&said), "{name}: not a word of {database} in\n{script}");
            before.state.databases.retain(|name, _| name.as_str() != database);
            before.state.settings.retain(|key, _| key.database.as_ref().is_none_or(|name| name.as_str() != database));
        }
        psql(&scenario.server, &script).await;
        let after = scenario.survey().await.unwrap_or_else(|error| panic!("{error}: {error:?}")).snapshot;
        Some((before, after, script))
    })
}

fn dropped(plan: &Plan) -> impl Iterator<Item = &str> {
    let drops = plan.steps.iter().filter(|step| step.sql.iter().any(|sql| sql.starts_with("DROP DATABASE ")));
    drops.map(|step| step.object.name.as_str())
}

/// Runs one of our scripts as psql would: `\connect` as we write it, and each statement that ends with its line.
async fn psql(server: &Server, script: &str) {
    let mut client = server.superuser(server.conninfo.database()).await;
    let mut statement = String::new();
    for line in script.lines() {
        if let Some(target) = line.strip_prefix("\\connect ") {
            client = server.superuser(&database(target)).await;
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
        let mut plain = String::new();
        let mut escaped = false;
        for c in text.chars() {
            match c {
                '\\' if !escaped => escaped = true,
                c => {
                    plain.push(if escaped && c == 'n' { '\n' } else { c });
                    escaped = false;
                }
            }
        }
        plain
    };
    let argument = match argument.strip_prefix('\'') {
        Some(literal) => unescaped(literal.strip_suffix('\'').expect("a quote at the end")),
        None => argument.to_owned(),
    };
    let (conninfo, _) = word(&argument, &[]);
    let name = conninfo.strip_prefix("dbname='").and_then(|name| name.strip_suffix('\'')).expect("dbname='…'");
    unescaped(name)
}
