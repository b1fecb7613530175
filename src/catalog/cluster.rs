//! What all databases share.

use std::collections::BTreeMap;

use tokio::try_join;

use super::CatalogError;
use super::rows::{Columns, Question, question};
use crate::db::Session;
use crate::model::{
    Acl, Database, Extension, Holding, Look, Membership, MembershipOptions, Moment, Name, Presence, Role, Server,
    SettingKey, State,
};

/// Which server this is, and who we are there.
///
/// # Errors
/// When the question fails.
pub async fn server(session: &Session) -> Result<Server, CatalogError> {
    let row = question!("server").ask(session).await?.rows().next().ok_or(CatalogError::Server)?;
    Ok(Server {
        version_num: row.get::<i32>("version_num")?.unsigned_abs(),
        system_identifier: row.get("system_identifier")?,
        user: row.name("user")?,
        superuser: row.get("superuser")?,
        bootstrap: row.optional_name("bootstrap")?.ok_or(CatalogError::Server)?,
        login: None,
        superuser_parameters: row.get::<Vec<String>>("superuser_parameters")?.into_iter().collect(),
        user_parameters: row.get::<Vec<String>>("user_parameters")?.into_iter().collect(),
        in_recovery: row.get("in_recovery")?,
    })
}

/// The server, its roles, memberships, settings and databases (without their insides), and the extensions it offers.
///
/// # Errors
/// When a question fails.
pub async fn read_cluster(session: &Session) -> Result<(Server, State, BTreeMap<Name, Extension>), CatalogError> {
    let (server, roles, memberships, settings, databases, available) = try_join!(
        biased;
        server(session),
        question!("roles").ask(session),
        memberships(session).ask(session),
        question!("settings").ask(session),
        question!("databases").ask(session),
        question!("available_extensions").ask(session),
    )?;
    let state = State {
        roles: roles.rows().map(|row| role(&row)).collect::<Result<_, _>>()?,
        memberships: memberships.rows().map(|row| membership(&row)).collect::<Result<_, _>>()?,
        settings: settings.rows().map(|row| setting(&row)).collect::<Result<_, _>>()?,
        databases: databases.rows().map(|row| database(&row)).collect::<Result<_, _>>()?,
    };
    let extension = |row: Columns| {
        Ok((row.name("name")?, Extension { schema: row.optional_name("schema")?, superuser: row.get("superuser")? }))
    };
    let available = available.rows().map(extension).collect::<Result<_, CatalogError>>()?;
    Ok((server, state, available))
}

/// When, where and by whom this look is; for which layout, the caller knows.
pub(super) async fn read_look(session: &Session, server: &Server, host: String) -> Result<Look, CatalogError> {
    let row = question!("look").ask(session).await?.rows().next().ok_or(CatalogError::Server)?;
    Ok(Look {
        at: Moment(u64::try_from(row.get::<i64>("at")?).unwrap_or_default()),
        host,
        cluster_name: row.get("cluster_name")?,
        user: server.user.clone(),
        superuser: server.superuser,
        layout: None,
    })
}

/// The databases that accept connections.
///
/// # Errors
/// When the question fails.
pub async fn open_databases(session: &Session) -> Result<Vec<Name>, CatalogError> {
    let rows = question!("databases").ask(session).await?;
    let all = rows.rows().map(|row| database(&row)).collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().filter(|(_, database)| database.presence == Presence::Open).map(|(name, _)| name).collect())
}

/// Their options are columns from 16 on only.
fn memberships(session: &Session) -> Question {
    if session.major() < 16 { question!("memberships_before_16") } else { question!("memberships") }
}

/// Who may set which parameter by a right of their own; from 15 on.
pub(super) async fn read_parameters(session: &Session) -> Result<BTreeMap<String, Acl>, CatalogError> {
    let rows = question!("parameters").ask(session).await?;
    rows.rows().map(|row| Ok((row.get("name")?, (*row.acl()?).clone()))).collect()
}

fn role(row: &Columns) -> Result<(Name, Role), CatalogError> {
    let role = Role {
        login: row.get("login")?,
        superuser: row.get("superuser")?,
        create_db: row.get("create_db")?,
        create_role: row.get("create_role")?,
        inherit: row.get("inherit")?,
        replication: row.get("replication")?,
        bypass_rls: row.get("bypass_rls")?,
        connection_limit: row.get("connection_limit")?,
    };
    Ok((row.name("name")?, role))
}

fn membership(row: &Columns) -> Result<(Membership, MembershipOptions), CatalogError> {
    let key = Membership { role: row.name("role")?, member: row.name("member")?, grantor: row.name("grantor")? };
    Ok((key, MembershipOptions { admin: row.get("admin")?, inherit: row.get("inherit")?, set: row.get("set")? }))
}

fn setting(row: &Columns) -> Result<(SettingKey, String), CatalogError> {
    let key = SettingKey {
        database: row.optional_name("database")?,
        role: row.optional_name("role")?,
        parameter: row.get("parameter")?,
    };
    Ok((key, row.get("value")?))
}

fn database(row: &Columns) -> Result<(Name, Database), CatalogError> {
    let mut database = Database::new(row.name("owner")?, Acl::default());
    database.held = Holding::new(row.name("owner")?, row.acl()?);
    database.presence = if row.get("allow_connections")? { Presence::Open } else { Presence::Closed };
    Ok((row.name("name")?, database))
}
