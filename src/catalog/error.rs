//! Why a catalog couldn't be read.

use crate::db::{ConnectError, StatementError};
use crate::model::{AclError, Name};

/// "failed to read the catalog: …"
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error(transparent)]
    Connect(Box<ConnectError>),
    #[error("a question to the catalog failed")]
    Statement(#[source] Box<StatementError>),
    #[error(transparent)]
    Acl(#[from] AclError),
    #[error("a row of sql/{file} is not as expected")]
    Row { file: &'static str, source: tokio_postgres::Error },
    #[error("sql/{file} gave the unknown letter {letter:?}")]
    Letter { file: &'static str, letter: char },
    #[error("the server has no role with oid 10, or hides its own identity")]
    Server,
    #[error("database {}", database.shown())]
    Database { database: Name, source: Box<CatalogError> },
}

impl From<ConnectError> for CatalogError {
    fn from(source: ConnectError) -> Self {
        Self::Connect(Box::new(source))
    }
}

impl From<StatementError> for CatalogError {
    fn from(source: StatementError) -> Self {
        Self::Statement(Box::new(source))
    }
}

impl CatalogError {
    /// Whether somebody could have answered in the server's place.
    #[must_use]
    pub fn is_planted(&self) -> bool {
        match self {
            Self::Connect(error) => error.is_planted(),
            Self::Database { source, .. } => source.is_planted(),
            _ => false,
        }
    }

    /// Says in which database it happened.
    #[must_use]
    pub fn of_database(self, database: &Name) -> Self {
        Self::Database { database: database.clone(), source: Box::new(self) }
    }
}
