//! Runs a plan step by step, in its order.

use pgmoat::db::Session;
use pgmoat::plan::{Plan, Stage, Step};

use super::server::Server;

/// Roles and databases each for themselves; the rest in one transaction a database.
pub(crate) async fn execute(server: &Server, plan: &Plan) {
    for steps in plan.steps.chunk_by(|a, b| (a.stage, &a.database) == (b.stage, &b.database)) {
        let session = server.session(steps[0].database.as_str()).await;
        if steps[0].stage == Stage::Converge {
            transaction(&session, steps).await;
        } else {
            for step in steps {
                match step.sql.as_slice() {
                    [alone] => statement(&session, alone).await,
                    _ => transaction(&session, std::slice::from_ref(step)).await,
                }
            }
        }
        session.close().await;
    }
}

async fn transaction(session: &Session, steps: &[Step]) {
    session.execute("BEGIN").await.expect("begun");
    for sql in steps.iter().flat_map(|step| &step.sql) {
        statement(session, sql).await;
    }
    session.execute("COMMIT").await.expect("committed");
}

/// A warning is a failure: it is how the server says that a GRANT had no effect.
async fn statement(session: &Session, sql: &str) {
    let result = session.execute(sql).await;
    result.unwrap_or_else(|error| panic!("{sql}: {error} {:?}", error.detail()));
    let warnings: Vec<_> = session.take_notices().into_iter().filter(|notice| notice.is_warning()).collect();
    assert!(warnings.is_empty(), "{sql}: {warnings:?}");
}
