//! One graph on the server: made, read, and taken away.

use std::collections::BTreeSet;

use pgmoat::catalog::{self, Depth};
use pgmoat::db;
use pgmoat::model::{Name, Snapshot};

use super::dice::Dice;
use super::objects::{self, DATABASES};
use super::owners;
use super::roles::{self, ALL};
use super::server::{Server, texts};

/// What was done, and in which database.
pub(crate) struct World {
    done: Vec<(String, String)>,
}

/// What every graph begins with: the database that all are copies of, and roles that nobody has to do with.
pub(crate) async fn prepare(server: &Server) {
    let client = server.superuser("postgres").await;
    for statement in [
        "CREATE ROLE truth_probe",
        "CREATE ROLE truth_other",
        "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC",
        "CREATE DATABASE truth TEMPLATE template0",
    ] {
        client.batch_execute(statement).await.expect(statement);
    }
    for database in ["truth", "postgres"] {
        server.superuser(database).await.batch_execute(include_str!("oracle.sql")).await.expect("oracle.sql");
    }
    client.batch_execute("ALTER DATABASE truth ALLOW_CONNECTIONS false").await.expect("closed");
}

impl World {
    pub(crate) async fn make(server: &Server, seed: u64) -> Self {
        let (dice, mut world) = (&mut Dice::of(seed), Self { done: Vec::new() });
        let mut statements = roles::statements(dice, server.major);
        for name in DATABASES {
            statements.push(format!("CREATE DATABASE {name} TEMPLATE truth"));
        }
        statements.extend(objects::maintenance(dice));
        for name in DATABASES {
            statements.extend(objects::database(dice, server.major, name));
        }
        world.run(server, "postgres", statements, false).await;
        for name in DATABASES {
            let (made, given) = objects::inside(dice, server.major);
            world.run(server, name, made, true).await;
            world.run(server, name, given, false).await;
            world.run(server, name, owners::statements(dice), true).await;
        }
        world
    }

    async fn run(&mut self, server: &Server, database: &str, statements: Vec<String>, must: bool) {
        let client = server.superuser(database).await;
        for statement in statements {
            let alone = statement.starts_with("CREATE DATABASE");
            let sql = if alone { statement.clone() } else { format!("{statement}; RESET ROLE") };
            match client.batch_execute(&sql).await {
                Ok(()) => self.done.push((database.to_owned(), statement)),
                Err(error) => assert!(!must && !alone, "{statement}: {error:?}\n{}", self.script()),
            }
        }
    }

    /// What the server took, for psql.
    pub(crate) fn script(&self) -> String {
        let mut script = String::new();
        let mut at = "";
        for (database, statement) in &self.done {
            if at != database {
                script = format!("{script}\\connect {database}\n");
                at = database;
            }
            let reset = if statement.starts_with("SET ROLE") { " RESET ROLE;" } else { "" };
            script = format!("{script}{statement};{reset}\n");
        }
        script
    }

    pub(crate) async fn clear(self, server: &Server) {
        let client = server.superuser("postgres").await;
        let mut statements: Vec<String> =
            DATABASES.iter().map(|name| format!("DROP DATABASE {name} WITH (FORCE)")).collect();
        statements.extend(ALL.iter().map(|role| format!("DROP OWNED BY {role} CASCADE")));
        statements.push(format!("DROP ROLE {}", ALL.join(", ")));
        for statement in statements {
            let result = client.batch_execute(&statement).await;
            result.unwrap_or_else(|error| panic!("{statement}: {error:?}\n{}", self.script()));
        }
    }
}

/// As pgmoat reads it for a proof.
pub(crate) async fn snapshot(server: &Server) -> Snapshot {
    let session = db::connect(&server.conninfo).await.expect("connected");
    let databases: BTreeSet<Name> = DATABASES.iter().map(|name| Name::of_server(name)).collect();
    let depth = Depth::Code(server.major * 10_000);
    let snapshot = catalog::read(&server.conninfo, &session, &databases, depth).await.expect("read");
    session.close().await;
    snapshot
}

/// The materialized views that their owners can fill.
pub(crate) async fn fresh(server: &Server, database: &Name) -> BTreeSet<String> {
    let client = server.superuser(database.as_str()).await;
    let views = "SELECT name FROM truth.thing WHERE letter = 'm'";
    let mut fresh = BTreeSet::new();
    for view in texts(&client, views, &[]).await {
        let refreshed = client.batch_execute(&format!("REFRESH MATERIALIZED VIEW {view}")).await;
        fresh.extend(refreshed.is_ok().then_some(view));
    }
    fresh
}
