//! A superuser's session that is another's for a while, and can write nothing.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};

use super::LiveError;
use crate::db::{self, StatementError};
use crate::model::{Kind, Name, Object, Privileges, literal};

/// May it, as the server says?
pub(super) type Tried = bool;

/// How many statements are on their way at once.
const WINDOW: usize = 256;

const RIGHTS: &str = include_str!("../../../sql/live_rights.sql");
const COLUMNS: &str = include_str!("../../../sql/live_columns.sql");

pub(super) struct Session {
    session: db::Session,
    columns: BTreeMap<(String, String), Vec<Name>>,
}

impl Session {
    /// Whatever is tried, nothing can be written.
    pub(super) async fn read_only(session: db::Session) -> Result<Self, LiveError> {
        session.execute("SET default_transaction_read_only = on; SET statement_timeout = '60s'").await?;
        let mut columns: BTreeMap<(String, String), Vec<Name>> = BTreeMap::new();
        for row in session.query(COLUMNS, &[]).await? {
            let (schema, name): (String, String) = (row.get("schema"), row.get("name"));
            columns.entry((schema, name)).or_default().push(Name::of_server(row.get("column")));
        }
        Ok(Self { session, columns })
    }

    pub(super) async fn close(self) {
        self.session.close().await;
    }

    pub(super) async fn connects(&self, login: &Name, database: &Name) -> Result<bool, LiveError> {
        let sql = format!(
            "SELECT pg_catalog.has_database_privilege({}, {}, 'CONNECT')",
            literal(login.as_str()),
            literal(database.as_str())
        );
        let rows = self.session.query(&sql, &[]).await?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    /// A real SET ROLE.
    pub(super) async fn becomes(&self, login: &Name, role: &Name) -> Result<bool, LiveError> {
        self.be(login, None).await?;
        let tried = self.session.execute(&format!("SET ROLE {}", role.quoted())).await;
        self.be_ourselves().await?;
        answer(tried)
    }

    async fn be(&self, login: &Name, role: Option<&Name>) -> Result<(), LiveError> {
        self.session.execute(&format!("SET SESSION AUTHORIZATION {}", login.quoted())).await?;
        if let Some(role) = role {
            self.session.execute(&format!("SET ROLE {}", role.quoted())).await?;
        }
        Ok(())
    }

    async fn be_ourselves(&self) -> Result<(), LiveError> {
        Ok(self.session.execute("RESET SESSION AUTHORIZATION; RESET ROLE").await?)
    }

    /// What the login may do on each object, as one or another of the roles that it may be.
    pub(super) async fn tries(
        &self,
        (login, contexts): (&Name, &[Name]),
        objects: &[&Object],
    ) -> Result<Vec<(Object, Privileges, Tried)>, LiveError> {
        let mut found: BTreeMap<(&Object, Privileges), bool> = BTreeMap::new();
        for role in contexts {
            // by ADMIN OPTION alone it would first have to make itself a member
            if role != login && !self.becomes(login, role).await? {
                continue;
            }
            self.be(login, (role != login).then_some(role)).await?;
            let tried = self.as_current(objects).await;
            self.be_ourselves().await?;
            for (object, privilege, may) in tried? {
                let entry = found.entry((object, privilege)).or_default();
                *entry |= may;
            }
        }
        Ok(found.into_iter().map(|((object, privilege), may)| (object.clone(), privilege, may)).collect())
    }

    async fn as_current<'o>(&self, objects: &[&'o Object]) -> Result<Vec<(&'o Object, Privileges, bool)>, LiveError> {
        let statements: Vec<(&Object, Privileges, String)> =
            objects.iter().flat_map(|object| self.explains(object)).collect();
        let run = statements.iter().map(|(object, privilege, sql)| async move {
            answer(self.session.execute(sql).await).map(|may| (*object, *privilege, may))
        });
        let tried: Vec<Result<_, LiveError>> = stream::iter(run).buffered(WINDOW).collect().await;
        let mut found = tried.into_iter().collect::<Result<Vec<_>, _>>()?;
        found.extend(self.asked(objects).await?);
        Ok(found)
    }

    /// Rights are checked before anything runs, and EXPLAIN runs nothing (`ExecutorStart` in src/backend/executor/execMain.c).
    /// What is behind a foreign table isn't asked.
    fn explains<'o>(&self, object: &'o Object) -> Vec<(&'o Object, Privileges, String)> {
        if !matches!(object.kind, Kind::Table | Kind::PartitionedTable) {
            return Vec::new();
        }
        let name = object.sql();
        let mut statements = vec![
            (object, Privileges::SELECT, format!("EXPLAIN SELECT FROM {name}")),
            (object, Privileges::INSERT, format!("EXPLAIN INSERT INTO {name} DEFAULT VALUES")),
            (object, Privileges::DELETE, format!("EXPLAIN DELETE FROM {name}")),
        ];
        let key = (object.schema.as_str().to_owned(), object.name.as_str().to_owned());
        for column in self.columns.get(&key).into_iter().flatten() {
            let sql = format!("EXPLAIN UPDATE {name} SET {} = DEFAULT", column.quoted());
            statements.push((object, Privileges::UPDATE, sql));
        }
        statements
    }

    async fn asked<'o>(&self, objects: &[&'o Object]) -> Result<Vec<(&'o Object, Privileges, bool)>, LiveError> {
        let mut by_name: BTreeMap<(&str, &str, &str, bool), &'o Object> = BTreeMap::new();
        for object in objects {
            let schema = object.kind == Kind::Schema;
            by_name.insert((object.schema.as_str(), object.name.as_str(), &object.args, schema), object);
        }
        let mut found = Vec::new();
        for row in self.session.query(RIGHTS, &[]).await? {
            let (letter, privilege): (&str, &str) = (row.get("letter"), row.get("privilege"));
            let key = (row.get("schema"), row.get("name"), row.get("args"), letter == "n");
            let (Some(object), Some(privilege)) = (by_name.get(&key), Privileges::of_keyword(privilege)) else {
                continue;
            };
            let right_kind =
                letter == "n" || Kind::of_letter(letter.chars().next().unwrap_or(' ')) == Some(object.kind);
            if right_kind {
                found.push((*object, privilege, row.get("may")));
            }
        }
        Ok(found)
    }
}

/// Only "insufficient privilege" is a no; whatever else the server objects to, it would have come to it only with the right.
fn answer(tried: Result<(), StatementError>) -> Result<bool, LiveError> {
    match tried {
        Ok(()) => Ok(true),
        Err(error) if error.is_connection_lost() => Err(error.into()),
        Err(error) => Ok(error.sqlstate() != Some("42501")),
    }
}
