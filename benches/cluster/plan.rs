//! `plan` and `prove` of a cluster that is as the layout says, against psql reading the same.

use crate::run::{Bench, in_turn, measure, report};
use crate::shape;

const RUNS: usize = 9;

/// Shape A: one database, 200 services, 50,000 tables and as many sequences.
pub(crate) fn large(bench: &Bench) {
    let schemas: String = (1..=200).map(|n| shape::tables(&format!("s{n:03}"), 250)).collect();
    bench.psql(&format!("CREATE DATABASE large;\n\\connect large\n{schemas}"));
    converge(bench, &shape::layout(200, Some("large")), &["large"]);
    let floor = format!("{}\\connect large\n{}", shape::cluster_questions(), shape::database_questions());
    compare(bench, "plan", "plan, 50,000 tables in one database", &floor);
    let floor = format!("{floor}{}", shape::code_questions(&bench.version));
    compare(bench, "prove", "prove, 50,000 tables in one database", &floor);
    bench.psql("DROP DATABASE large");
}

/// Shape B: 100 databases of 50 tables.
pub(crate) fn many(bench: &Bench) {
    let names: Vec<String> = (1..=100).map(|n| format!("s{n:03}")).collect();
    let create = |name: &String| format!("CREATE DATABASE {name};\n\\connect {name}\n{}", shape::tables(name, 50));
    bench.psql(&names.iter().map(create).collect::<String>());
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    converge(bench, &shape::layout(100, None), &all);
    let read = |name: &String| format!("\\connect {name}\n{}", shape::database_questions());
    let floor = format!("{}{}", shape::cluster_questions(), names.iter().map(read).collect::<String>());
    compare(bench, "plan", "plan, 100 databases of 50 tables", &floor);
    bench.psql(&names.iter().map(|name| format!("DROP DATABASE {name};\n")).collect::<String>());
}

fn converge(bench: &Bench, layout: &str, databases: &[&str]) {
    bench.write("pgmoat.toml", layout);
    measure(bench.pgmoat(&["apply", "--yes", "--allow", "all", "-q", "--statement-timeout", "1h"]));
    let vacuum = |name: &&str| format!("\\connect {name}\nVACUUM ANALYZE;\n");
    bench.psql(&databases.iter().map(vacuum).collect::<String>());
}

fn compare(bench: &Bench, command: &str, what: &str, floor: &str) {
    let script = bench.write("floor.sql", floor);
    let pgmoat = || measure(bench.pgmoat(&[command, "-q"]));
    let (pgmoat, floor) = in_turn(RUNS, pgmoat, || measure(bench.psql_command(&script)));
    report(bench, what, pgmoat, floor);
}
