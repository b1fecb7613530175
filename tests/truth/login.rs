//! What a login says that it can do, in its own session.

use pgmoat::model::Name;
use tokio_postgres::Client;

use super::objects::DATABASES;
use super::server::{Server, texts};

/// What a login may change for good on its way into a database, as it was before.
const SAVE: &str = "
CREATE TEMP TABLE members AS SELECT * FROM pg_auth_members;
CREATE TEMP TABLE depends AS SELECT * FROM pg_shdepend;
CREATE TEMP TABLE databases AS SELECT oid, datacl FROM pg_database";

const RESTORE: &str = "
DELETE FROM pg_auth_members r WHERE r::text NOT IN (SELECT s::text FROM members s);
INSERT INTO pg_auth_members SELECT * FROM members s WHERE s::text NOT IN (SELECT r::text FROM pg_auth_members r);
DELETE FROM pg_shdepend r WHERE r::text NOT IN (SELECT s::text FROM depends s);
INSERT INTO pg_shdepend SELECT * FROM depends s WHERE s::text NOT IN (SELECT r::text FROM pg_shdepend r);
UPDATE pg_database r SET datacl = s.datacl FROM databases s WHERE s.oid = r.oid AND s.datacl IS DISTINCT FROM r.datacl";

/// One line an answer; none if it may not enter, though it tries from everywhere else.
pub(crate) async fn answers(server: &Server, database: &Name, login: &str, everything: bool) -> Vec<String> {
    let superuser = server.superuser("postgres").await;
    // the owner of any other database may do there what this one's pg_database_owner may pass on
    let passes_on =
        "SELECT datname::text FROM pg_database WHERE datname = $1 AND datacl::text ~ 'pg_database_owner=\\w*\\*'";
    let elsewhere = !texts(&superuser, passes_on, &[&database.as_str()]).await.is_empty();
    let direct = enter(server, database.as_str(), login).await;
    if let Some(client) = direct.filter(|_| !elsewhere) {
        return told(&client, everything).await;
    }
    superuser.batch_execute(SAVE).await.expect(SAVE);
    // twice, since from one it may let itself into another
    let all = || DATABASES.iter().chain(&["postgres"]);
    for from in all().chain(all()).filter(|from| **from != database.as_str()) {
        if let Some(client) = enter(server, from, login).await {
            for to in all() {
                client.execute("SELECT truth.enters($1)", &[to]).await.expect("tried");
            }
        }
    }
    let answers = match enter(server, database.as_str(), login).await {
        Some(client) => told(&client, everything).await,
        None => Vec::new(),
    };
    superuser.batch_execute(RESTORE).await.expect(RESTORE);
    answers
}

async fn enter(server: &Server, database: &str, login: &str) -> Option<Client> {
    match server.connect(database, Some(login)).await {
        Ok(client) => Some(client),
        Err(error) => {
            let refused = error.as_db_error().is_some_and(|error| error.code().code() == "42501");
            assert!(refused, "{login} to {database}: {error:?}");
            None
        }
    }
}

async fn told(client: &Client, everything: bool) -> Vec<String> {
    client.batch_execute("SET statement_timeout = '60s'; BEGIN").await.expect("begun");
    let contexts = texts(client, "SELECT unnest(truth.contexts())", &[]).await;
    let mut answers = vec!["connect".to_owned()];
    if !everything {
        answers.extend(texts(client, "SELECT truth.answers($1)", &[&contexts]).await);
    }
    answers.extend(contexts.into_iter().map(|role| format!("become|{role}")));
    client.batch_execute("ROLLBACK").await.expect("rolled back");
    answers
}
