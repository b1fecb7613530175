//! A question and its rows, column by column, by name.

use std::sync::Arc;

use crate::db::{FromSql, Row, Session};
use crate::model::{Acl, Name};

use super::CatalogError;

/// What a question asks for: `$1`, `$2` …
pub(super) type Params<'a> = &'a [&'a (dyn tokio_postgres::types::ToSql + Sync)];

/// A file of sql/, embedded.
#[derive(Clone, Copy)]
pub(super) struct Question {
    pub(super) file: &'static str,
    pub(super) sql: &'static str,
}

/// `question!("roles")` is sql/roles.sql.
macro_rules! question {
    ($name:literal) => {
        $crate::catalog::rows::Question {
            file: concat!($name, ".sql"),
            sql: include_str!(concat!("../../sql/", $name, ".sql")),
        }
    };
}
pub(super) use question;

impl Question {
    pub(super) async fn ask(self, session: &Session) -> Result<Answer, CatalogError> {
        self.ask_with(session, &[]).await
    }

    pub(super) async fn ask_with(self, session: &Session, params: Params<'_>) -> Result<Answer, CatalogError> {
        Ok(Answer { file: self.file, rows: session.query(self.sql, params).await? })
    }
}

/// The rows that a question gave.
pub(super) struct Answer {
    pub(super) file: &'static str,
    rows: Vec<Row>,
}

impl Answer {
    /// The rows, each given up once it was read.
    pub(super) fn rows(self) -> impl Iterator<Item = Columns> {
        let file = self.file;
        self.rows.into_iter().map(move |row| Columns { file, row })
    }
}

/// One row.
pub(super) struct Columns {
    file: &'static str,
    row: Row,
}

impl Columns {
    pub(super) fn get<'a, T: FromSql<'a>>(&'a self, column: &str) -> Result<T, CatalogError> {
        self.row.try_get(column).map_err(|source| CatalogError::Row { file: self.file, source })
    }

    pub(super) fn name(&self, column: &str) -> Result<Name, CatalogError> {
        Ok(Name::of_server(self.get(column)?))
    }

    pub(super) fn optional_name(&self, column: &str) -> Result<Option<Name>, CatalogError> {
        Ok(self.get::<Option<&str>>(column)?.map(Name::of_server))
    }

    /// A column of type "char".
    pub(super) fn letter<T>(&self, of: impl Fn(char) -> Option<T>) -> Result<T, CatalogError> {
        let letter = char::from(self.get::<i8>("letter")?.cast_unsigned());
        of(letter).ok_or_else(|| self.unknown(letter))
    }

    pub(super) fn unknown(&self, letter: char) -> CatalogError {
        CatalogError::Letter { file: self.file, letter }
    }

    pub(super) fn acl(&self) -> Result<Arc<Acl>, CatalogError> {
        Ok(Arc::new(Acl::parse(self.get::<Vec<&str>>("acl")?)?))
    }
}
