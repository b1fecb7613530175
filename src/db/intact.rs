//! Whether the functions and operators that questions name are the server's own: asked first in each session.

use super::session::Session;
use super::statement_error::StatementError;

const QUESTION: &str = include_str!("../../sql/pg_catalog_intact.sql");

/// One way in which somebody who isn't a superuser can stand between a question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    kind: Kind,
    /// The schema or the object, as SQL has it.
    object: String,
    /// The role, as SQL has it; PUBLIC too.
    role: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    SchemaOwner,
    Create,
    /// The word after DROP.
    Object(String),
}

impl Planted {
    fn new(kind: &str, object: &str, role: &str) -> Planted {
        let kind = match kind {
            "owner" => Kind::SchemaOwner,
            "create" => Kind::Create,
            drop => Kind::Object(drop.to_owned()),
        };
        Planted { kind, object: object.to_owned(), role: role.to_owned() }
    }

    /// Returns the statement that ends it, to be run by a superuser in the database.
    #[must_use]
    pub fn mend(&self) -> String {
        match &self.kind {
            Kind::SchemaOwner => format!("ALTER SCHEMA {} OWNER TO CURRENT_USER", self.object),
            Kind::Create => format!("REVOKE CREATE ON SCHEMA {} FROM {} CASCADE", self.object, self.role),
            Kind::Object(word) => format!("DROP {word} {}", self.object),
        }
    }
}

impl std::fmt::Display for Planted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Planted { kind, object, role } = self;
        match kind {
            Kind::SchemaOwner => write!(f, "schema {object} belongs to {role}"),
            Kind::Create => write!(f, "{role} may create in schema {object}"),
            Kind::Object(word) => write!(f, "{} {object} belongs to {role}", word.to_lowercase()),
        }
    }
}

impl Session {
    /// Returns what isn't the server's own, in the session's database.
    pub(super) async fn planted(&self) -> Result<Vec<Planted>, StatementError> {
        let rows = self.query(QUESTION, &[]).await?;
        let read =
            |row: &super::Row| Some(Planted::new(row.try_get(0).ok()?, row.try_get(1).ok()?, row.try_get(2).ok()?));
        Ok(rows.iter().filter_map(read).collect())
    }
}
