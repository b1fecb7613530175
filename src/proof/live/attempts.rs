//! A session that is a login's, and can write nothing: a superuser's, lent to it for a while, or one of its own.
//!
//! It asks the server, and runs nothing on the tables themselves, not even EXPLAIN: to plan a statement is to run what somebody has put
//! into a default, an index or a policy, and SET SESSION AUTHORIZATION can be taken back from in there (tried on 14 to 18; docs/decisions/020).

use std::collections::BTreeMap;

use super::LiveError;
use crate::db::{self, Conninfo, StatementError};
use crate::model::{Kind, Name, Object, Privileges, literal, sql_in_encoding};

const RIGHTS: &str = include_str!("../../../sql/live_rights.sql");

/// In one of its own, every question is a transaction: between `host` and the server may be a pooler, which gives its next transaction to
/// somebody else, and must find nothing set.
const ASK: &str =
    "BEGIN READ ONLY; SET LOCAL statement_timeout = '60s'; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL ROLE";

pub(super) struct Session {
    session: db::Session,
    lent: bool,
}

/// What the server lets a role do with an object.
pub(super) struct Answer<'o> {
    pub(super) object: &'o Object,
    pub(super) privilege: Privileges,
    pub(super) may: bool,
}

impl Session {
    /// A superuser's. Whatever is tried, nothing can be written.
    pub(super) async fn lent(conninfo: &Conninfo, database: &Name) -> Result<Self, LiveError> {
        let session = db::connect(&conninfo.with_database(database.as_str())).await.map_err(Box::new)?;
        session.execute("SET default_transaction_read_only = on").await?;
        Ok(Self { session, lent: true })
    }

    /// The login's own.
    pub(super) fn own(session: db::Session) -> Self {
        Self { session, lent: false }
    }

    pub(super) async fn close(self) {
        self.session.close().await;
    }

    /// Asked, where no login of its own has tried.
    pub(super) async fn connects(&self, login: &Name, database: &Name) -> Result<bool, LiveError> {
        let sql = format!(
            "SELECT pg_catalog.has_database_privilege({}::pg_catalog.name, {}::pg_catalog.text, 'CONNECT'::pg_catalog.text)",
            literal(login.as_str()),
            literal(database.as_str())
        );
        let rows = self.session.query(&sql_in_encoding(&sql, self.session.server_encoding()), &[]).await?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    /// A real SET ROLE.
    pub(super) async fn becomes(&self, login: &Name, role: &Name) -> Result<bool, LiveError> {
        let tried = self.be(login, Some(role)).await;
        self.be_ourselves().await?;
        match tried {
            Ok(()) => Ok(true),
            Err(error) if error.sqlstate() == Some("42501") => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn be(&self, login: &Name, role: Option<&Name>) -> Result<(), StatementError> {
        if !self.lent {
            let role = role.map_or_else(|| "NONE".to_owned(), Name::quoted);
            return self.execute(&format!("{ASK} {role}")).await;
        }
        self.execute(&format!("SET SESSION AUTHORIZATION {}", login.quoted())).await?;
        match role {
            Some(role) => self.execute(&format!("SET ROLE {}", role.quoted())).await,
            None => Ok(()),
        }
    }

    async fn execute(&self, sql: &str) -> Result<(), StatementError> {
        self.session.execute(&sql_in_encoding(sql, self.session.server_encoding())).await
    }

    async fn be_ourselves(&self) -> Result<(), LiveError> {
        let back = if self.lent { "RESET SESSION AUTHORIZATION; RESET ROLE" } else { "ROLLBACK" };
        Ok(self.session.execute(back).await?)
    }

    /// What the login may do with each object as one of the roles that it may be.
    pub(super) async fn asks<'o>(
        &self,
        (login, role): (&Name, &Name),
        objects: &[&'o Object],
    ) -> Result<Vec<Answer<'o>>, LiveError> {
        self.be(login, (role != login).then_some(role)).await?;
        let schemas: Vec<&str> = objects.iter().map(|object| object.schema.as_str()).collect();
        let names: Vec<&str> = objects.iter().map(|object| object.name.as_str()).collect();
        let count = i32::try_from(names.len()).unwrap_or(i32::MAX);
        let rows = self.session.query(RIGHTS, &[&schemas, &names, &count]).await;
        self.be_ourselves().await?;
        // a schema and an object in it may have one name, a table and a function, too
        let key = |object: &'o Object| {
            (
                (object.schema.as_str(), object.name.as_str()),
                (object.kind == Kind::Schema, object.kind.letter(), &*object.args),
            )
        };
        let by_key: BTreeMap<_, &'o Object> = objects.iter().map(|object| (key(object), *object)).collect();
        let mut found = Vec::new();
        for row in rows? {
            let letter = row.get::<_, &str>("letter").chars().next().unwrap_or(' ');
            let schema = letter == 'n';
            let of = (schema, if schema { Kind::Schema.letter() } else { letter }, row.get("args"));
            let privilege = Privileges::of_keyword(row.get("privilege"));
            // has_table_privilege says NULL of what is dropped while it looks
            if let (Some(object), Some(privilege), Some(may)) =
                (by_key.get(&((row.get("schema"), row.get("name")), of)), privilege, row.get("may"))
            {
                found.push(Answer { object, privilege, may });
            }
        }
        Ok(found)
    }
}
