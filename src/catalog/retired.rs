//! What hangs on the roles that the layout retires: `pg_shdepend` tells for all databases at once in which to look.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::try_join;

use super::adoptable::read_code_of;
use super::others::thing;
use super::rows::{Columns, Params, question};
use super::{AT_ONCE, BEGIN, CatalogError};
use crate::db::{self, Conninfo, Session};
use crate::model::{
    Acl, AdoptableCode, DefaultKey, Dependent, Future, Hold, Name, Policy, Presence, Retiring, State, Thing,
};

/// Reads everything about the roles that go, in every database that isn't itself to be dropped, and who is connected as
/// them or to those databases.
///
/// # Errors
/// When a connection or a question fails.
pub async fn read_retiring(
    conninfo: &Conninfo,
    (home, maintenance): (&Name, &Session),
    state: &State,
    (roles, dropped): (&BTreeSet<Name>, &BTreeSet<Name>),
) -> Result<Retiring, CatalogError> {
    if roles.is_empty() && dropped.is_empty() {
        return Ok(Retiring::default());
    }
    maintenance.execute(BEGIN).await?;
    let mut found = shared(maintenance, (roles, dropped)).await?;
    maintenance.execute("COMMIT").await?;
    let open = |name: &&Name| state.databases.get(*name).is_some_and(|database| database.presence == Presence::Open);
    let look: BTreeSet<&Name> = found
        .databases
        .iter()
        .map(|(name, _)| name)
        .chain([home])
        .filter(open)
        .filter(|name| !dropped.contains(*name))
        .collect();
    let read = look.into_iter().map(|name| {
        let (conninfo, is_home) = (conninfo.with_database(name.as_str()), name == home);
        async move { inside(&conninfo, name, roles, is_home).await.map_err(|source| source.of_database(name)) }
    });
    let inside: Vec<Inside> = stream::iter(read).buffer_unordered(AT_ONCE).try_collect().await?;
    for (dependents, (name, code)) in inside {
        found.dependents.extend(dependents);
        found.code.insert(name, code);
    }
    Ok(found)
}

/// What hangs on the roles in one database, and their code there.
type Inside = (BTreeSet<Dependent>, (Name, Vec<AdoptableCode>));

async fn shared(
    session: &Session,
    (roles, dropped): (&BTreeSet<Name>, &BTreeSet<Name>),
) -> Result<Retiring, CatalogError> {
    let (names, dropped) = (texts(roles), texts(dropped));
    let (of_roles, of_both): (Params<'_>, Params<'_>) = (&[&names], &[&names, &dropped]);
    let mut found = Retiring { asked: roles.clone(), ..Retiring::default() };
    let (databases, sessions, prepared) = try_join!(
        biased;
        question!("retired_databases").ask_with(session, of_roles),
        question!("retired_sessions").ask_with(session, of_both),
        question!("retired_prepared").ask_with(session, of_roles),
    )?;
    for row in databases.rows() {
        found.databases.insert((row.name("name")?, row.name("role")?));
    }
    for row in sessions.rows() {
        let of_roles = row.letter(|letter| Some(letter == 'r'))?;
        let counts = if of_roles { &mut found.sessions } else { &mut found.connected };
        counts.insert(row.name("name")?, row.get("sessions")?);
    }
    for row in prepared.rows() {
        found.prepared.insert((row.name("role")?, row.get("gid")?));
    }
    Ok(found)
}

fn texts(names: &BTreeSet<Name>) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

async fn inside(
    conninfo: &Conninfo,
    name: &Name,
    roles: &BTreeSet<Name>,
    shared: bool,
) -> Result<(BTreeSet<Dependent>, (Name, Vec<AdoptableCode>)), CatalogError> {
    let session = db::connect(conninfo).await?;
    session.execute(BEGIN).await?;
    let found = read_dependents(&session, name, roles, shared).await?;
    let code = read_code_of(&session, roles).await?;
    session.close().await;
    Ok((found, (name.clone(), code)))
}

/// What hangs on the roles in the session's database, and, if asked for, what is shared by all.
///
/// # Errors
/// When a question fails.
pub async fn read_dependents(
    session: &Session,
    database: &Name,
    roles: &BTreeSet<Name>,
    shared: bool,
) -> Result<BTreeSet<Dependent>, CatalogError> {
    let roles = texts(roles);
    let (of_roles, of_objects): (Params<'_>, Params<'_>) = (&[&roles], &[&roles, &shared]);
    let (objects, defaults, policies, mappings) = try_join!(
        biased;
        question!("retired_objects").ask_with(session, of_objects),
        question!("retired_defaults").ask_with(session, of_roles),
        question!("retired_policies").ask_with(session, of_roles),
        question!("retired_mappings").ask_with(session, of_roles),
    )?;
    let here = || Some(database.clone());
    let mut found = BTreeSet::new();
    for row in objects.rows() {
        let database = if row.get("shared")? { None } else { here() };
        found.insert(Dependent { database, role: row.name("role")?, thing: thing(&row)?, hold: hold(&row)? });
    }
    for row in defaults.rows() {
        let key = DefaultKey {
            role: row.name("owner")?,
            schema: row.optional_name("schema")?,
            future: row.letter(Future::of_letter)?,
        };
        let thing = Thing::plain("default privileges", key.role.stored());
        let hold = Hold::Default { key, acl: (*row.acl()?).clone() };
        found.insert(Dependent { database: here(), role: row.name("role")?, thing, hold });
    }
    for row in policies.rows() {
        let thing = Thing { schema: row.optional_name("schema")?, ..Thing::plain("table", row.get("table")?) };
        let hold = Hold::Policy(policy(&row)?);
        found.insert(Dependent { database: here(), role: row.name("role")?, thing, hold });
    }
    for row in mappings.rows() {
        let server = row.name("server")?;
        let thing = Thing::plain("server", server.stored());
        found.insert(Dependent { database: here(), role: row.name("role")?, thing, hold: Hold::Mapping { server } });
    }
    if shared && super::server(session).await?.version_num >= 150_000 {
        for row in question!("retired_parameters").ask_with(session, of_roles).await?.rows() {
            // myapp.tenant is two names
            let parts: Vec<String> =
                row.get::<&str>("name")?.split('.').map(|part| Name::of_server(part).stored()).collect();
            let hold = Hold::Rights { owner: row.name("owner")?, acl: (*row.acl()?).clone() };
            let thing = Thing::plain("parameter", parts.join("."));
            found.insert(Dependent { database: None, role: row.name("role")?, thing, hold });
        }
    }
    Ok(found)
}

fn hold(row: &Columns) -> Result<Hold, CatalogError> {
    match char::from(row.get::<i8>("deptype")?.cast_unsigned()) {
        'o' => Ok(Hold::Owner { superuser_only: row.get("superuser_only")? }),
        'a' => {
            let owner = row.optional_name("owner")?.unwrap_or_else(|| Name::of_server(""));
            let acl = row.get::<Option<Vec<&str>>>("acl")?.unwrap_or_default();
            Ok(Hold::Rights { owner, acl: Acl::parse(acl)? })
        }
        _ => Ok(Hold::Initial),
    }
}

fn policy(row: &Columns) -> Result<Policy, CatalogError> {
    Ok(Policy {
        name: row.name("name")?,
        roles: row.get::<Vec<&str>>("roles")?.into_iter().map(Name::of_server).collect(),
        permissive: row.get("permissive")?,
        command: row.get("command")?,
        using: row.get("using")?,
        check: row.get("check")?,
    })
}
