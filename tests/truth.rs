//! Is what the access graph says true? Roles, memberships, owners and ACLs on everything as chance makes them; then every login
//! tries on the server what the graph says that it can or can't do, as every role that it can be. What must be possible is, and
//! what isn't possible is refused.
//!
//! And what each login's session says of its search_path, by settings of chance, is what is computed of it.
//!
//! A triple is a question about one login: one privilege on one object, on some column of it, through a statement that the server
//! checks as a whole (`EXPLAIN`), or on a table by whatever way; whom it can become; whether it may connect. `open` are those of which
//! the graph itself says that it depends (on columns, or on a query's text): there both answers are right.
//!
//! Besides, whatever a role owns, of whatever class, must have been read: the catalogs are asked for it one by one.
//!
//! Not covered: rules, triggers, SECURITY DEFINER, foreign servers, large objects, parameters, row security; a change of a database's
//! owner by who has CREATEDB; that ends by REVOKE, where no circle is in the way.
//!
//! `PGMOAT_TEST_PG=14` … `18` chooses the server's version; `PGMOAT_TEST_SEED=N` brings a graph back, `PGMOAT_TEST_ROUNDS=N` makes
//! more of them.

#[path = "truth/dice.rs"]
mod dice;
#[path = "truth/graph.rs"]
mod graph;
#[path = "truth/login.rs"]
mod login;
#[path = "truth/objects.rs"]
mod objects;
#[path = "truth/owners.rs"]
mod owners;
#[path = "truth/paths.rs"]
mod paths;
#[path = "truth/roles.rs"]
mod roles;
#[path = "support/server.rs"]
#[expect(dead_code, reason = "the scenarios ask more of it")]
mod server;
#[path = "truth/told.rs"]
mod told;
#[path = "truth/world.rs"]
mod world;

use std::collections::BTreeSet;
use std::io::Write as _;

use graph::{Graph, Says};
use server::Server;
use world::World;

/// Enough for ten thousand triples.
const ROUNDS: u64 = 4;

/// After so many graphs with differences no further one is tried.
const FAILURES: usize = 4;

/// What was compared.
#[derive(Debug, Default)]
struct Count {
    logins: usize,
    everything: usize,
    triples: usize,
    yes: usize,
    open: usize,
    paths: usize,
}

#[test]
fn the_graph_says_what_the_server_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (seed, rounds) = (dice::seed(), dice::number("PGMOAT_TEST_ROUNDS").unwrap_or(ROUNDS));
        let server = Server::fresh().await;
        world::prepare(&server).await;
        let (mut count, mut failures) = (Count::default(), Vec::new());
        for round in 0..rounds {
            let seed = seed.wrapping_add(round);
            let _ = writeln!(std::io::stderr(), "truth: PGMOAT_TEST_SEED={seed} PGMOAT_TEST_ROUNDS=1");
            let world = World::make(&server, seed).await;
            let mut wrong = compare(&server, &mut count).await;
            let (differences, asked) = paths::compare(&server, seed).await;
            wrong.push_str(&differences);
            count.paths += asked;
            if !wrong.is_empty() {
                failures.push(format!("PGMOAT_TEST_SEED={seed} PGMOAT_TEST_ROUNDS=1:\n{}\n{wrong}", world.script()));
            }
            world.clear(&server).await;
            if failures.len() == FAILURES {
                break;
            }
        }
        assert!(failures.is_empty(), "on {}: graph and server differ\n{}", server.major, failures.join("\n\n"));
        let _ = writeln!(std::io::stderr(), "truth: on {} {count:?}", server.major);
        let least = usize::try_from(rounds).expect("a number") * 10_000 / usize::try_from(ROUNDS).expect("a number");
        assert!(count.triples >= least, "too few triples: {count:?}");
    });
}

/// The differences, in words.
async fn compare(server: &Server, count: &mut Count) -> String {
    let mut wrong = Vec::new();
    let snapshot = world::snapshot(server).await;
    let (alone, with_public) = (Graph::of(&snapshot, false), Graph::of(&snapshot, true));
    for (name, contents) in &snapshot.contents {
        wrong.extend(owners::unread(server, name, &snapshot.state.databases[name], contents).await);
        let says = [&alone, &with_public].map(|graph| Says::of(graph, name, contents));
        let fresh = world::fresh(server, name).await;
        for (at, login) in roles::LOGINS.iter().enumerate() {
            let does = login::answers(server, name, login, alone.everything(at).is_some()).await;
            if let Some(role) = alone.everything(at) {
                count.everything += 1;
                let really =
                    does.is_empty() || alone.only_inherits(at) || does.contains(&format!("become|{}", role.as_str()));
                wrong.extend((!really).then(|| format!("{login} in {}: can't do everything", name.shown())));
                continue;
            }
            let doubtful = told::doubtful(&does, contents, &fresh);
            let does = told::questions(&does, contents, &fresh);
            for says in &says {
                let agrees = |asked: &String| says.agrees(at, asked, does.contains(asked));
                let differs = |asked: &&String| !agrees(asked) && !doubtful.contains(*asked);
                let asked = says.asked();
                let differences = asked.iter().filter(differs);
                wrong.extend(differences.map(|asked| {
                    let lets = if does.contains(asked) { "lets it" } else { "refuses" };
                    format!("{login} in {}: {asked}: the server {lets}", name.shown())
                }));
            }
            count.add(&says[0], at, &does);
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong.join("\n")
}

impl Count {
    fn add(&mut self, says: &Says, at: usize, does: &BTreeSet<String>) {
        let asked = says.asked();
        self.logins += 1;
        self.triples += asked.len();
        self.yes += asked.intersection(does).count();
        self.open += asked.iter().filter(|asked| says.agrees(at, asked, true) && says.agrees(at, asked, false)).count();
    }
}
