//! What the tests of the README and of plans/ share: a server, and a little of psql.

use std::env;

use pgmoat::throwaway::{Options, Places, Server, find_or_fetch};
use tokio_postgres::{Client, NoTls};

/// A new server of the version that `PGMOAT_TEST_PG` names; without it, the newest that this machine has.
pub(crate) fn server() -> Server {
    let wanted = env::var_os("PGMOAT_TEST_PG").map(|major| {
        let major = major.to_str().and_then(|major| major.parse().ok());
        major.expect("PGMOAT_TEST_PG is a major version: 14 … 18")
    });
    let var = env::var_os;
    let places = Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), env::temp_dir()).expect("places");
    let binaries = find_or_fetch(wanted, &places, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));
    Server::start(&binaries, &Options::default(), &places).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a script as psql would: `\connect` goes to another database, other commands of psql's are passed over, and a
/// statement ends with a semicolon at the end of a line. Between `BEGIN` and `COMMIT` it's a transaction, as there.
pub(crate) async fn psql(server: &Server, script: &str) {
    let mut client = connect(server, "postgres").await;
    let mut statement = String::new();
    for line in script.lines() {
        if let Some(database) = line.strip_prefix("\\connect ") {
            client = connect(server, database).await;
        } else if !line.starts_with('\\') && (!line.starts_with("--") || !statement.is_empty()) {
            statement = format!("{statement}{line}\n");
            if line.ends_with(';') {
                let result = client.batch_execute(&statement).await;
                result.unwrap_or_else(|error| panic!("{statement}{error:?}"));
                statement.clear();
            }
        }
    }
    assert!(statement.trim().is_empty(), "unfinished: {statement}");
}

async fn connect(server: &Server, database: &str) -> Client {
    let mut config: tokio_postgres::Config = server.conninfo().parse().expect("a connection string");
    let (client, connection) = config.dbname(database).connect(NoTls).await.expect("connected");
    tokio::spawn(connection);
    client
}

/// Runs on the one thread that pgmoat has.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
