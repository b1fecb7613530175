//! What the server itself keeps of passwords: for pgbouncer, which must know exactly that.

use std::collections::BTreeMap;

use super::Verifier;
use crate::db::{Session, StatementError};
use crate::model::Name;

/// What pg_authid has for a role.
#[derive(Debug)]
pub enum Stored {
    Scram(Verifier),
    /// An md5 hash.
    Other,
    None,
}

/// Of those of the roles that exist. Takes a superuser.
///
/// # Errors
/// Mostly 42501.
pub async fn stored(session: &Session, roles: &[&Name]) -> Result<BTreeMap<Name, Stored>, StatementError> {
    let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let rows = session.query(include_str!("../../sql/verifiers.sql"), &[&names]).await?;
    let stored = |text: Option<&str>| match text.map(Verifier::parse) {
        Some(Ok(verifier)) => Stored::Scram(verifier),
        Some(Err(_)) => Stored::Other,
        None => Stored::None,
    };
    Ok(rows.iter().map(|row| (Name::of_server(row.get("name")), stored(row.get("verifier")))).collect())
}
