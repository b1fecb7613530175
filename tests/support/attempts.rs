//! What logins try, and what the server says.

use std::collections::BTreeMap;

use tokio_postgres::Client;

use super::script::{lines_for, word};
use super::server::Server;

/// `LOGIN@DATABASE: SQL -> SQLSTATE`, or `-> ok`.
struct Attempt {
    login: String,
    database: String,
    sql: String,
    expected: String,
}

impl Attempt {
    fn parse(line: &str) -> Attempt {
        let (login, rest) = word(line, &['@']);
        let (database, rest) = word(rest.strip_prefix('@').expect(line), &[':']);
        let (sql, expected) = rest.strip_prefix(':').and_then(|rest| rest.rsplit_once("->")).expect(line);
        let (sql, expected) = (sql.trim().to_owned(), expected.trim().to_owned());
        Attempt { login, database, sql, expected }
    }
}

/// Tries everything, each rolled back; then tells all that went otherwise.
pub(crate) async fn check(server: &Server, text: &str) {
    let mut sessions: BTreeMap<(String, String), Client> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in lines_for(server.major, text) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let attempt = Attempt::parse(line);
        let key = (attempt.login.clone(), attempt.database.clone());
        let result = match sessions.remove(&key) {
            Some(client) => Ok(client),
            None => server.connect(&attempt.database, Some(&attempt.login)).await,
        };
        let outcome = match result {
            Ok(client) => {
                let outcome = if attempt.sql == "connect" { Ok(()) } else { try_one(&client, &attempt.sql).await };
                sessions.insert(key, client);
                outcome
            }
            Err(error) => Err(error),
        };
        let outcome = outcome.map_or_else(|error| shown(&error), |()| "ok".to_owned());
        if outcome.split_whitespace().next() != Some(attempt.expected.as_str()) {
            wrong.push(format!("{line}\n    but: {outcome}"));
        }
    }
    assert!(wrong.is_empty(), "attempts.txt:\n{}\n{}", wrong.join("\n"), tail(&server.log()));
}

async fn try_one(client: &Client, sql: &str) -> Result<(), tokio_postgres::Error> {
    client.batch_execute("BEGIN").await?;
    let result = client.batch_execute(sql).await;
    client.batch_execute("ROLLBACK").await?;
    result
}

fn shown(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} {}", error.code().code(), error.message()),
        None => format!("{error:?}"),
    }
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
