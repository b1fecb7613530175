//! A login comes with its secret, as its clients do: what the server says to that.

use super::attempts::Session;
use super::{LiveError, Without};
use crate::db::{self, ConnectError, Conninfo};
use crate::model::{Name, Server};

const SESSION: &str = include_str!("../../../sql/live_session.sql");

/// What came of it.
pub(super) enum Entered {
    In(Box<Session>),
    /// It is who it says, and has no CONNECT.
    NoConnect,
    /// Nothing is known of this database, for a reason that another may not have: pg_hba.conf, a limit, a login event trigger.
    NotHere(String),
    /// Nor of any other, and none need be tried.
    Nowhere(Without),
}

/// # Errors
/// Where nobody answers: the others go to the same place.
pub(super) async fn enter(
    conninfo: &Conninfo,
    server: &Server,
    login: &Name,
    database: &Name,
) -> Result<Entered, LiveError> {
    Ok(match db::connect(&conninfo.with_database(database.as_str())).await {
        Ok(session) => at_home(session, server, login).await,
        Err(error) if error.lacks_connect() => Entered::NoConnect,
        Err(error) if error.is_wrong_password() => {
            let why = "its stored password doesn't log in; `pgmoat secrets repair` sets it";
            Entered::Nowhere(Without::Failed(why.to_owned()))
        }
        Err(ConnectError::Refused { server, .. }) => Entered::NotHere(format!("its login was refused: {server}")),
        Err(error @ ConnectError::UnknownAuthentication { .. }) => Entered::NotHere(error.to_string()),
        // its password goes to nobody who asks in this way
        Err(error @ (ConnectError::NotAccepted { .. } | ConnectError::Impostor { .. })) => {
            Entered::Nowhere(Without::Failed(error.to_string()))
        }
        Err(error) => return Err(Box::new(error).into()),
    })
}

/// Is it the login's session, on the server whose catalog was read? A pooler may answer for another.
async fn at_home(session: db::Session, server: &Server, login: &Name) -> Entered {
    let rows = match session.query(SESSION, &[]).await {
        Ok(rows) => rows,
        Err(error) => return Entered::NotHere(format!("its session can't be asked: {error}")),
    };
    let Some(row) = rows.first() else { return Entered::NotHere("its session says nothing".to_owned()) };
    let (who, which): (&str, Option<&str>) = (row.get("login"), row.get("system_identifier"));
    if which != Some(server.system_identifier.as_str()) {
        let why = "its entry leads to another server than the one whose catalog was read";
        return Entered::Nowhere(Without::Failed(why.to_owned()));
    }
    if who != login.as_str() {
        let who = Name::of_server(who).shown();
        return Entered::NotHere(format!("whoever logs in with its secret has a session of {who}"));
    }
    Entered::In(Box::new(Session::own(session)))
}
