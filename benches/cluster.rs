//! How fast, how big: pgmoat against the floor, on throwaway servers. Run by hand, on a quiet machine:
//!
//! ```text
//! cargo bench --bench cluster            # all
//! cargo bench --bench cluster -- many    # one of: large, many, chains, apply
//! ```
//!
//! It needs psql, for the floor; `PGMOAT_TEST_PG` chooses the server's major version. Runs of pgmoat and of the floor take
//! turns, and medians are compared, because machines are noisy. What the numbers mean is in docs/performance.md.

#[path = "cluster/apply.rs"]
mod apply;
#[path = "cluster/plan.rs"]
mod plan;
#[path = "cluster/recorded.rs"]
mod recorded;
#[path = "cluster/run.rs"]
mod run;
#[path = "cluster/shape.rs"]
mod shape;

use run::Bench;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|argument| argument == name);
    let bench = Bench::start();
    bench.say(&format!(
        "server {}, {} cores",
        bench.version,
        std::thread::available_parallelism().map_or(0, usize::from)
    ));
    if wants("large") {
        plan::large(&bench);
    }
    if wants("many") {
        plan::many(&bench);
    }
    if wants("chains") {
        plan::chains(&bench);
    }
    if wants("apply") {
        apply::apply(&bench);
    }
}
