//! Scripts, run by sessions as the roles themselves have them: ours start with settings of their own.

use pgmoat::throwaway::Server;
use tokio_postgres::{Client, NoTls};

use crate::script::{Part, parts};

/// Statements, by whom and where.
pub(crate) struct Scripts<'a> {
    pub(crate) server: &'a Server,
    pub(crate) major: u32,
}

/// What stopped a script.
#[derive(Debug)]
pub(crate) struct Stop {
    statement: String,
    /// The SQLSTATE.
    pub(crate) code: String,
    error: tokio_postgres::Error,
}

impl Stop {
    fn new(statement: &str, error: tokio_postgres::Error) -> Stop {
        let code = error.code().map_or("none", |code| code.code()).to_owned();
        Stop { statement: statement.to_owned(), code, error }
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{:?}", self.statement, self.error)
    }
}

impl Scripts<'_> {
    /// Up to the first error. Its sessions last as long as the script.
    pub(crate) async fn run(&self, text: &str) -> Result<(), Stop> {
        let mut sessions = Vec::new();
        for part in self.parts(text).await {
            let client = self.connect(&part).await?;
            for statement in &part.statements {
                client.batch_execute(statement).await.map_err(|error| Stop::new(statement, error))?;
            }
            sessions.push(client);
        }
        Ok(())
    }

    /// A script whose last statement is a query of one text; the others come before it.
    pub(crate) async fn ask(&self, text: &str) -> String {
        let mut parts = self.parts(text).await;
        let last = parts.pop().expect("a part");
        let (query, before) = last.statements.split_last().expect("a query");
        let client = self.connect(&last).await.unwrap_or_else(|stop| panic!("{stop}"));
        for statement in before {
            client.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
        }
        let row = client.query_one(query, &[]).await;
        row.unwrap_or_else(|error| panic!("{query}: {error:?}")).get::<_, Option<String>>(0).unwrap_or_default()
    }

    async fn parts(&self, text: &str) -> Vec<Part> {
        let mut text = text.to_owned();
        for (mark, setting) in
            [("{data}", "data_directory"), ("{socket}", "unix_socket_directories"), ("{port}", "port")]
        {
            if text.contains(mark) {
                let superuser = Part { database: "postgres".to_owned(), role: None, statements: Vec::new() };
                let client = self.connect(&superuser).await.unwrap_or_else(|stop| panic!("{stop}"));
                let row = client.query_one("SELECT current_setting($1)", &[&setting]).await.expect(setting);
                text = text.replace(mark, row.get(0));
            }
        }
        let mut parts = parts(self.major, "postgres", &text);
        parts.retain(|part| !part.statements.is_empty());
        parts
    }

    async fn connect(&self, part: &Part) -> Result<Client, Stop> {
        let mut config: tokio_postgres::Config = self.server.conninfo().parse().expect("a connection string");
        config.dbname(&part.database);
        if let Some(role) = &part.role {
            config.user(role);
        }
        let attempt = config.connect(NoTls).await;
        let (client, connection) =
            attempt.map_err(|error| Stop::new(&format!("connect {} {:?}", part.database, part.role), error))?;
        tokio::spawn(connection);
        Ok(client)
    }
}
