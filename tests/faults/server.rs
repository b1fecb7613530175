//! What the oracle of the scenarios asks: the server itself, past the program.

use tokio_postgres::{Client, NoTls};

pub(crate) struct Server(pub(crate) String);

impl Server {
    pub(crate) async fn superuser(&self, database: &str) -> Client {
        connect(&format!("{} dbname={database}", self.0)).await.unwrap_or_else(|error| panic!("{database}: {error:?}"))
    }
}

/// The driver alone, with settings as the role has them.
pub(crate) async fn connect(conninfo: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(conninfo, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
