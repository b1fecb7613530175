//! `apply` from roles and tables without any grants, against the same GRANTs pipelined in one transaction.

use std::time::Instant;

use futures_util::future::try_join_all;
use tokio_postgres::NoTls;

use crate::run::{Bench, Measured, in_turn, report};
use crate::shape;

const SERVICES: usize = 100;
const TABLES: usize = 100;
const RUNS: usize = 3;

pub(crate) fn apply(bench: &Bench) {
    bench.psql(&bare());
    bench.write("pgmoat.toml", &shape::layout(SERVICES, Some("work")));
    // the memberships and settings of roles are shared by all databases: made once, so that each run sends the same
    fresh(bench);
    converge(bench);
    fresh(bench);
    let grants = statements(bench);
    bench.say(&format!("{} statements", grants.len()));
    let pgmoat = || {
        fresh(bench);
        converge(bench)
    };
    let floor = || {
        fresh(bench);
        pipelined(bench, &grants)
    };
    let (pgmoat, floor) = in_turn(RUNS, pgmoat, floor);
    report(bench, "apply, 100 services of 100 tables, without reading again", pgmoat, floor);
}

/// Roles, schemas and tables with their right owners, and nothing granted.
fn bare() -> String {
    let service = |n: usize| {
        let s = format!("s{n:03}");
        let roles = format!("CREATE ROLE {s}_ddl; CREATE ROLE {s}_dml; CREATE ROLE {s}_ro;\n");
        let logins = format!("CREATE ROLE {s}_app LOGIN; CREATE ROLE {s}_migrate LOGIN;\n");
        let schema = format!("CREATE SCHEMA {s} AUTHORIZATION {s}_ddl;\nSET ROLE {s}_ddl;\n");
        format!("{roles}{logins}{schema}{}RESET ROLE;\n", shape::tables(&s, TABLES))
    };
    let services: String = (1..=SERVICES).map(service).collect();
    // a schema that its owner finds there already needs no CREATE on the database
    format!("CREATE DATABASE bare;\n\\connect bare\n{}", services.replace("CREATE SCHEMA IF NOT EXISTS", "-- "))
}

fn fresh(bench: &Bench) {
    // block by block through the log, the default from 15 on, takes minutes for 20,000 small files
    let strategy = if bench.version.starts_with("14") { "" } else { " STRATEGY file_copy" };
    bench.psql(&format!("DROP DATABASE IF EXISTS work;\nCREATE DATABASE work TEMPLATE bare{strategy};\n"));
}

/// The statements that apply would run in the database, as the plan has them.
fn statements(bench: &Bench) -> Vec<String> {
    let plan = bench.pgmoat(&["plan", "--format", "json"]).output().expect("a plan");
    let plan: pgmoat::plan::Plan = serde_json::from_slice(&plan.stdout).expect("a plan");
    plan.steps.into_iter().flat_map(|step| step.sql).collect()
}

/// The time that apply gives for its statements and their commit, without the reads before and after.
fn converge(bench: &Bench) -> Measured {
    let run = bench.pgmoat(&["apply", "--yes", "--allow", "all", "-v", "--statement-timeout", "1h"]).output();
    let talk = String::from_utf8(run.expect("apply").stderr).expect("text");
    let phase = |name: &str| {
        let line = talk.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.and_then(|line| line.trim_end_matches(" s").parse::<f64>().ok()).unwrap_or_else(|| panic!("{talk}"))
    };
    Measured { seconds: phase("converge") + phase("commit"), megabytes: 0.0 }
}

/// All statements in flight at once, in one transaction.
fn pipelined(bench: &Bench, statements: &[String]) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seconds = runtime.block_on(async {
        let mut config: tokio_postgres::Config = bench.conninfo().parse().expect("conninfo");
        config.dbname("work");
        let (client, connection) = config.connect(NoTls).await.expect("a connection");
        let connection = tokio::spawn(connection);
        let start = Instant::now();
        client.batch_execute("BEGIN").await.expect("BEGIN");
        try_join_all(statements.iter().map(|sql| client.batch_execute(sql))).await.expect("statements");
        client.batch_execute("COMMIT").await.expect("COMMIT");
        let seconds = start.elapsed().as_secs_f64();
        drop(client);
        connection.await.expect("a task").expect("a connection");
        seconds
    });
    Measured { seconds, megabytes: 0.0 }
}
