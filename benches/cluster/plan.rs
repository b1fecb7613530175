//! `plan` and `prove` of a cluster that is as the layout says, against psql reading the same.

use crate::recorded;
use crate::run::{Bench, in_turn, measure, report};
use crate::shape;

const RUNS: usize = 9;

/// Shape A: one database, 200 services, 50,000 tables and as many sequences.
pub(crate) fn large(bench: &Bench) {
    let schemas: String = (1..=200).map(|n| shape::tables(&format!("s{n:03}"), 250)).collect();
    bench.psql(&format!("CREATE DATABASE large;\n\\connect large\n{schemas}"));
    converge(bench, &shape::layout(200, Some("large")), &["large"]);
    compare(bench, "plan", "plan, 50,000 tables in one database");
    compare(bench, "prove", "prove, 50,000 tables in one database");
    bench.psql("DROP DATABASE large");
}

/// Shape B: 100 databases of 50 tables.
pub(crate) fn many(bench: &Bench) {
    let names: Vec<String> = (1..=100).map(|n| format!("s{n:03}")).collect();
    let create = |name: &String| format!("CREATE DATABASE {name};\n\\connect {name}\n{}", shape::tables(name, 50));
    bench.psql(&names.iter().map(create).collect::<String>());
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    converge(bench, &shape::layout(100, None), &all);
    compare(bench, "plan", "plan, 100 databases of 50 tables");
    bench.psql(&names.iter().map(|name| format!("DROP DATABASE {name};\n")).collect::<String>());
}

/// Views in a chain, each of one before: what a proof follows. Twice as many take as long as their number says.
pub(crate) fn chains(bench: &Bench) {
    let once = |views: usize| {
        let view = |n: usize| format!("CREATE VIEW s001.v{n} AS SELECT * FROM s001.v{};\n", n - 1);
        let views: String = (1..=views).map(view).collect();
        let first = "CREATE SCHEMA s001;\nCREATE VIEW s001.v0 AS SELECT 1 AS one;\n";
        bench.psql(&format!("CREATE DATABASE chains;\n\\connect chains\n{first}{views}"));
        converge(bench, &shape::layout(2, Some("chains")), &["chains"]);
        let runs = (0..RUNS).map(|_| measure(bench.pgmoat(&["prove", "-q"])));
        let best = runs.min_by(|a, b| a.seconds.total_cmp(&b.seconds)).expect("a run");
        bench.psql("DROP DATABASE chains");
        best
    };
    let (shorter, longer) = (once(1000), once(2000));
    report(bench, "prove, 2,000 chained views (floor: 1,000)", longer, shorter);
}

fn converge(bench: &Bench, layout: &str, databases: &[&str]) {
    bench.write("pgmoat.toml", layout);
    measure(bench.pgmoat(&["apply", "--yes", "--allow", "all", "-q", "--statement-timeout", "1h"]));
    let vacuum = |name: &&str| format!("\\connect {name}\nVACUUM ANALYZE;\n");
    bench.psql(&databases.iter().map(vacuum).collect::<String>());
}

fn compare(bench: &Bench, command: &str, what: &str) {
    let script = bench.write("floor.sql", &recorded::floor(bench, command));
    let pgmoat = || measure(bench.pgmoat(&[command, "-q"]));
    let (pgmoat, floor) = in_turn(RUNS, pgmoat, || measure(bench.psql_command(&script)));
    report(bench, what, pgmoat, floor);
}
