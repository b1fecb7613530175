//! What the tests of the README and of plans/ share: a server, and a little of psql.

#[path = "../support/server.rs"]
#[expect(dead_code, reason = "the scenarios ask more of it")]
mod server;

pub(crate) use server::Server;
use tokio_postgres::{Client, Config, NoTls};

/// Runs a script as psql would: `\connect` goes to another database, other commands of psql's are passed over, and a
/// statement ends with a semicolon at the end of a line. Between `BEGIN` and `COMMIT` it's a transaction, as there.
pub(crate) async fn psql(config: &Config, script: &str) {
    let mut client = superuser(config.clone()).await;
    let mut statement = String::new();
    for line in script.lines() {
        if let Some(database) = line.strip_prefix("\\connect ") {
            client = superuser(config.clone().dbname(database).clone()).await;
        } else if !line.starts_with('\\') && (!line.starts_with("--") || !statement.is_empty()) {
            statement = format!("{statement}{line}\n");
            if line.ends_with(';') {
                let result = client.batch_execute(&statement).await;
                result.unwrap_or_else(|error| panic!("{statement}{error:?}\nin\n{script}"));
                statement.clear();
            }
        }
    }
    assert!(statement.trim().is_empty(), "unfinished: {statement}");
}

async fn superuser(config: Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.expect("the superuser may connect");
    tokio::spawn(connection);
    client
}

/// Runs on the one thread that pgmoat has.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
