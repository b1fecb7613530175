//! A cluster as one finds it.

use super::super::error::CliError;
use crate::db::{ConnectError, Conninfo, connect};

/// What goes wrong in a cluster that everybody shares; each file is run in its database.
const FILES: [(&str, &str); 3] = [
    ("postgres", include_str!("roles.sql")),
    ("orders", include_str!("orders.sql")),
    ("billing", include_str!("billing.sql")),
];

/// What it amounts to.
pub(super) const SUMMARY: &str = "\
# A cluster that several applications share: databases orders and billing, as one finds them.
#   - everybody may connect to both, and read every table of orders, now and later
#   - alice, who has long moved on, owns the tables of orders
#   - bob is a member of orders_dml, and may UPDATE orders besides
#   - both applications connect as shared_app, which may pass its rights on, and did, to metabase
#   - orders_app writes the invoices of billing, and may create databases";

pub(super) async fn make(conninfo: &Conninfo) -> Result<(), CliError> {
    for (database, sql) in FILES {
        if database != "postgres" {
            run(conninfo, "postgres", &format!("CREATE DATABASE {database}")).await?;
        }
        run(conninfo, database, sql).await?;
    }
    Ok(())
}

/// Runs SQL as one would in psql.
pub(super) async fn run(conninfo: &Conninfo, database: &str, sql: &str) -> Result<(), CliError> {
    let session = connect(&conninfo.with_database(database)).await?;
    session.execute(sql).await?;
    session.close().await;
    Ok(())
}

/// What psql says to a login that tries this UPDATE in `orders`.
pub(super) async fn attempt(conninfo: &Conninfo, login: &str, update: &str) -> String {
    let session = match connect(&conninfo.with_user(login, None).with_database("orders")).await {
        Ok(session) => session,
        Err(ConnectError::Refused { server, .. }) => return format!("FATAL:  {}", server.message),
        Err(error) => return error.to_string(),
    };
    let rows = session.query(&format!("{update} RETURNING 1"), &[]).await;
    rows.map_or_else(|error| format!("ERROR:  {}", error.message()), |rows| format!("UPDATE {}", rows.len()))
}
