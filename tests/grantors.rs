//! Chains of grants as chance makes them: roles grant on what they may, become superusers and members of each other, and own
//! things, on everything that has an ACL. Then one apply must do: nothing is left to plan, nobody untrusted holds anything
//! from anybody but the owner, and the trusted hold what they held, no more and no less. Between, all is undone once, and must
//! be as it was.
//!
//! `PGMOAT_TEST_PG=14` … `18` chooses the server's version; `PGMOAT_TEST_SEED=N` another chance.
//! Not covered: who can do what then, which tests/scenarios.rs asks three authorities.

#[path = "grantors/chance.rs"]
mod chance;
#[path = "undo/comparable.rs"]
mod comparable;
#[path = "grantors/held.rs"]
mod held;
mod readme_support;

use std::env;

use chance::Chance;
use pgmoat::apply::{Options, Survey, begin, connect, survey};
use pgmoat::layout::{self, Layout, SourceFile};
use pgmoat::plan::{Plan, view};
use readme_support::{Server, psql, run};

const ROUNDS: usize = 20;

const LAYOUT: &str = r#"
[cluster]
admins = ["dba", "deputy", "boss", "team"]
[service.orders.login]
app     = "dml"
migrate = "ddl"
bi      = "ro"
"#;

const BEFORE: &str = r#"
CREATE ROLE dba;
CREATE ROLE deputy;
CREATE ROLE boss;
CREATE ROLE team;
CREATE ROLE alice;
CREATE ROLE bob;
CREATE ROLE "Odd ""Carol""" NOINHERIT;
CREATE ROLE outsiders;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);
CREATE VIEW orders.open AS SELECT * FROM orders.jobs;
CREATE SEQUENCE orders.numbers;
CREATE FUNCTION orders.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE orders.mood AS ENUM ('good');
"#;

#[test]
fn one_apply_takes_back_whatever_was_granted() {
    run(async {
        let source = SourceFile { name: "layout.toml".into(), text: LAYOUT.into() };
        let layout = layout::parse(vec![source], None).unwrap_or_else(|problems| panic!("{problems}"));
        let server = Server::fresh().await;
        psql(&server.config, BEFORE).await;
        apply(&server, &layout).await.unwrap_or_else(|error| panic!("{error}"));
        let seed = env::var_os("PGMOAT_TEST_SEED")
            .map_or(1, |seed| seed.to_str().and_then(|seed| seed.parse().ok()).expect("PGMOAT_TEST_SEED is a number"));
        let mut chance = Chance::of(seed);
        for round in 0..ROUNDS {
            let done = drift(&server, &mut chance).await;
            let told = format!("seed {seed}, round {round}:\n{}", done.join("\n"));
            let before = held::by_the_trusted(&server).await;
            let Survey { plan, snapshot, .. } = survey_of(&server, &layout).await;
            let (shown, back) = (shown(&plan), view::undo(&plan));
            apply(&server, &layout).await.unwrap_or_else(|error| panic!("{told}\n\n{shown}\n{error}"));
            psql(&server.config, &back).await;
            let returned = survey_of(&server, &layout).await.snapshot;
            if let Some(difference) = comparable::difference(&snapshot, &returned, &back) {
                panic!("{told}\n\n{shown}\nis undone by\n{back}\nbut for\n{difference}");
            }
            let applied = apply(&server, &layout).await;
            applied.unwrap_or_else(|error| panic!("{told}\n\n{shown}\n{error}"));
            let left = survey_of(&server, &layout).await.plan;
            assert!(left.is_empty(), "{told}\n\n{shown}\nleaves:\n{}", self::shown(&left));
            let others = held::by_others(&server).await;
            assert!(others.is_empty(), "{told}\n\n{shown}\nleaves: {others:#?}");
            let after = held::by_the_trusted(&server).await;
            let lost: Vec<_> = before.difference(&after).collect();
            let gained: Vec<_> = after.difference(&before).collect();
            assert!(lost.is_empty() && gained.is_empty(), "{told}\n\n{shown}\nlost {lost:#?}\ngained {gained:#?}");
        }
    });
}

/// Runs statements that chance makes; those that the server took.
async fn drift(server: &Server, chance: &mut Chance) -> Vec<String> {
    let client = server.superuser("orders").await;
    let mut done = Vec::new();
    chance.begin();
    // who may not use the schema can't grant in it
    let open = "GRANT USAGE ON SCHEMA orders TO PUBLIC".to_owned();
    let statements: Vec<String> = (0..60).map(|_| chance.statement(server.major)).collect();
    for statement in std::iter::once(open).chain(statements) {
        if client.batch_execute(&statement).await.is_ok() {
            done.push(statement);
        }
        client.batch_execute("RESET ROLE").await.expect("reset");
    }
    done
}

fn shown(plan: &Plan) -> String {
    view::text(plan, view::Style { verbose: true, ..view::Style::default() })
}

async fn survey_of(server: &Server, layout: &Layout) -> Survey {
    let session = connect(&server.conninfo, layout).await.expect("connected");
    let made = survey(&server.conninfo, layout, &session).await;
    session.close().await;
    made.unwrap_or_else(|error| panic!("{error}: {error:?}"))
}

async fn apply(server: &Server, layout: &Layout) -> Result<(), String> {
    let ready = begin(&server.conninfo, layout).await.map_err(|error| format!("{error}: {error:?}"))?;
    let done = ready.run(Options::default(), &|_| ()).await;
    done.map(drop).map_err(|error| format!("{error}: {error:?}"))
}
