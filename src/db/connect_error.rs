//! Why there is no connection: what happened, where, and what to do.

use super::frames::Asks;
use super::intact::Planted;
use super::require_auth::Method;
use super::server_error::ServerError;
use super::tls::TlsSetupError;

/// Why a connection couldn't be made, as a fragment that fits "failed to …: ".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Nobody is there.
    #[error("{place} can't be reached: {reason}")]
    Unreachable {
        /// The server, for people.
        place: String,
        /// The operating system's words.
        reason: String,
        /// The operating system's error.
        #[source]
        source: std::io::Error,
    },
    /// The name means nothing.
    #[error("the host name of {place} can't be resolved")]
    UnknownHost {
        /// The server, for people.
        place: String,
        /// The resolver's error.
        #[source]
        source: std::io::Error,
    },
    /// There is no socket, or we may not use it.
    #[error("no server listens at {place}: {reason}")]
    NoSocket {
        /// The server, for people.
        place: String,
        /// The operating system's words.
        reason: String,
    },
    /// No answer in time.
    #[error("{place} didn't answer within {limit:?}")]
    Timeout {
        /// The server, for people.
        place: String,
        /// How long was waited.
        limit: std::time::Duration,
    },
    /// The server said no.
    #[error("{place} refused user `{user}` in database `{database}`")]
    Refused {
        /// The server, for people.
        place: String,
        /// The role.
        user: String,
        /// The database.
        database: String,
        /// What the server said, without any password in it.
        #[source]
        server: Box<ServerError>,
        /// Whether the settings of the role could have a part in it: startup options over them were refused before.
        by_own_settings: bool,
    },
    /// The server asks for a password, and there is none.
    #[error("{place} asks for a password of user `{user}`, and none is given")]
    PasswordNeeded {
        /// The server, for people.
        place: String,
        /// The role.
        user: String,
        /// What was noticed about the password file.
        notes: Vec<String>,
    },
    /// The server can't do TLS.
    #[error("{place} doesn't offer TLS")]
    TlsRefused {
        /// The server, for people.
        place: String,
    },
    /// Nobody we trust vouches for the server's certificate.
    #[error("the certificate of {place} isn't trusted: {reason}")]
    Untrusted {
        /// The server, for people.
        place: String,
        /// What is wrong with it.
        reason: String,
        /// The error of rustls.
        #[source]
        source: rustls::Error,
    },
    /// The certificate is somebody else's.
    #[error("the certificate of {place} is for {}", presented(names))]
    WrongName {
        /// The server, for people.
        place: String,
        /// The names in the certificate.
        names: Vec<String>,
    },
    /// The handshake failed in another way.
    #[error("the TLS handshake with {place} failed: {source}")]
    Handshake {
        /// The server, for people.
        place: String,
        /// The error of rustls.
        #[source]
        source: rustls::Error,
    },
    /// TLS can't even be tried.
    #[error("TLS can't be set up for {place}: {source}")]
    TlsSetup {
        /// The server, for people.
        place: String,
        /// Why.
        #[source]
        source: TlsSetupError,
    },
    /// Channel binding is required, and impossible.
    #[error("{place} can't bind the password to the TLS connection, as channel_binding=require asks")]
    NoChannelBinding {
        /// The server, for people.
        place: String,
    },
    /// The server wants to know us by a way that pgmoat doesn't speak.
    #[error("{place} asks for a kind of authentication that pgmoat doesn't know (GSSAPI, SSPI or OAuth)")]
    UnknownAuthentication {
        /// The server, for people.
        place: String,
    },
    /// The server asks for what would give the password away.
    #[error("{place} asks for {}, {}", asked.0.asks_for(), why.words())]
    NotAccepted {
        /// The server, for people.
        place: String,
        /// What it asks for.
        asked: Asks,
        /// Why it doesn't get it.
        why: WhyNot,
    },
    /// The server's last message of SCRAM shows that it knows nothing of the password.
    #[error("{place} doesn't know the password of user `{user}` itself, so it isn't the server that it should be")]
    Impostor {
        /// The server, for people.
        place: String,
        /// The role.
        user: String,
    },
    /// `target_session_attrs` isn't met.
    #[error("{place} isn't the kind of server that target_session_attrs asks for")]
    WrongKind {
        /// The server, for people.
        place: String,
    },
    /// Questions there could be answered by somebody's own functions, with our rights.
    #[error(
        "pg_catalog of database `{database}` isn't the server's own, so nothing is asked there: {}",
        listed(planted)
    )]
    Planted {
        /// The database.
        database: String,
        /// What isn't the server's own.
        planted: Vec<Planted>,
    },
    /// Anything else.
    #[error("{place} didn't answer as a PostgreSQL server does: {reason}")]
    Protocol {
        /// The server, for people.
        place: String,
        /// What the driver says.
        reason: String,
    },
    /// Several servers, and none of them will do.
    #[error("none of {} servers can be used: {}", .0.len(), joined(.0))]
    All(
        /// One for each server, in order.
        Vec<ConnectError>,
    ),
}

/// Why a server doesn't get what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// `require_auth` says otherwise.
    Required,
    /// A service's password, of which a SCRAM verifier was set.
    OfService,
    /// Nobody knows who the server is.
    Unverified,
}

impl WhyNot {
    fn words(self) -> &'static str {
        match self {
            WhyNot::Required => "which require_auth doesn't allow",
            WhyNot::OfService => "and a service's password is used with SCRAM-SHA-256 alone",
            WhyNot::Unverified => "and nothing shows that it is the right server",
        }
    }
}

impl ConnectError {
    /// Whether the server asked for an MD5 hash and didn't get it: what it has of the password isn't a SCRAM verifier.
    #[must_use]
    pub fn asks_for_md5(&self) -> bool {
        matches!(self, ConnectError::NotAccepted { asked: Asks(Method::Md5), .. })
    }

    /// Whether somebody could answer in the server's place.
    pub fn is_planted(&self) -> bool {
        match self {
            ConnectError::Planted { .. } => true,
            ConnectError::All(errors) => errors.iter().any(ConnectError::is_planted),
            _ => false,
        }
    }

    /// The SQLSTATE, if the server refused.
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            ConnectError::Refused { server, .. } => Some(&server.sqlstate),
            ConnectError::All(errors) => errors.iter().find_map(ConnectError::sqlstate),
            _ => None,
        }
    }

    /// 28P01: the server asked for a password, and this isn't it, or there is no such role.
    /// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
    #[must_use]
    pub fn is_wrong_password(&self) -> bool {
        self.sqlstate() == Some("28P01")
    }

    /// Whether the role is who it says, and has no CONNECT on the database: `CheckMyDatabase` in src/backend/utils/init/postinit.c. A
    /// login event trigger that is refused something has the same SQLSTATE.
    pub fn lacks_connect(&self) -> bool {
        match self {
            ConnectError::Refused { server, .. } => {
                server.sqlstate == "42501" && server.routine.as_deref() == Some("CheckMyDatabase")
            }
            _ => false,
        }
    }

    /// Whether somebody knows the role and its password, if it was asked for one, and refuses the session for another reason: a limit, a missing
    /// CONNECT, a library, an event trigger. Only the server itself says in which routine an error was raised; a pooler, which may ask for other
    /// passwords than the server, doesn't.
    #[must_use]
    pub fn is_after_authentication(&self) -> bool {
        let ConnectError::Refused { server, .. } = self else { return false };
        let Some(routine) = server.routine.as_deref() else { return false };
        // in src/backend/utils/init after ClientAuthentication; the same classes are used before it, too
        let known = ["InitializeSessionUserId", "CheckMyDatabase", "InitPostgres"].contains(&routine);
        let early = ["08", "0A", "28", "53", "57"].iter().any(|class| server.sqlstate.starts_with(class));
        (known || !early) && !(server.sqlstate.starts_with("28") || server.sqlstate.starts_with("57"))
    }

    /// Whether it may be the login's own doing, and says nothing of its password: it has taken all connections, or its settings end sessions that
    /// a pooler opens for it.
    #[must_use]
    pub fn says_nothing_of_password(&self) -> bool {
        matches!(self.sqlstate(), Some("53300" | "08P01"))
    }

    /// Whether startup options may be what is refused: by a pooler, which doesn't know them, or by the server, which lets only a superuser set
    /// this one, or doesn't know it.
    pub(super) fn may_be_of_options(&self) -> bool {
        let of_options = ["08P01", "0A000", "22023", "42501", "42704", "55P02"];
        self.sqlstate().is_some_and(|state| of_options.contains(&state)) && !self.lacks_connect()
    }

    /// The same, of a session without the options that were refused before.
    pub(super) fn without_overrides(mut self) -> Self {
        if let ConnectError::Refused { by_own_settings, .. } = &mut self {
            *by_own_settings = true;
        }
        self
    }

    /// Whether the next server of a list is worth trying, as libpq sees it: not after a refusal of who we are, nor
    /// after a certificate that isn't the right one.
    pub(super) fn leaves_hope(&self) -> bool {
        match self {
            ConnectError::Unreachable { .. }
            | ConnectError::UnknownHost { .. }
            | ConnectError::NoSocket { .. }
            | ConnectError::Timeout { .. }
            | ConnectError::WrongKind { .. } => true,
            ConnectError::Refused { server, .. } => server.sqlstate == "57P03",
            _ => false,
        }
    }

    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            ConnectError::Unreachable { .. } | ConnectError::Timeout { .. } => {
                "is the server running, are host and port right, and does a firewall or security group let us through?"
            }
            ConnectError::UnknownHost { .. } => "is the name spelled right, and known to the resolver of this machine?",
            ConnectError::NoSocket { .. } => {
                "is the server running there? -d, PGHOST and PGPORT say where to look; host=NAME connects by TCP"
            }
            ConnectError::Refused { user, database, server, by_own_settings, .. } => {
                let own = "startup options were refused, so settings of the role apply (ALTER ROLE … SET), which may be what keeps it out";
                return refusal_hint(user, database, server).or_else(|| by_own_settings.then(|| own.to_owned()));
            }
            ConnectError::PasswordNeeded { notes, .. } => {
                let hint = "give it in PGPASSWORD, in ~/.pgpass (mode 0600), or in the connection string";
                return Some(notes.iter().fold(hint.to_owned(), |hint, note| format!("{hint}; {note}")));
            }
            ConnectError::TlsRefused { .. } => {
                "turn on ssl in the server's configuration; \
                 sslmode=disable connects without it, and lets anybody on the way read the password"
            }
            ConnectError::Untrusted { .. } => {
                "sslrootcert=PATH names a PEM file with the authority that signed it \
                 (for Amazon RDS: global-bundle.pem), sslrootcert=system takes the operating system's"
            }
            ConnectError::WrongName { .. } => {
                "connect by a name that the certificate has; with host=NAME hostaddr=ADDRESS the name is only checked, \
                 and sslmode=verify-ca checks the authority alone"
            }
            ConnectError::Handshake { .. } => "does the server accept our client certificate (sslcert, sslkey)?",
            ConnectError::TlsSetup { source, .. } => return source.hint(),
            ConnectError::NoChannelBinding { .. } => {
                "it needs TLS and a SCRAM password; poolers, proxies and IAM tokens need channel_binding=prefer"
            }
            ConnectError::UnknownAuthentication { .. } => {
                "pg_hba.conf must ask for scram-sha-256, a client certificate, or nothing (peer, trust)"
            }
            ConnectError::NotAccepted { asked, why, .. } => return why.hint(*asked),
            ConnectError::Impostor { .. } => "does the name, or PGHOSTADDR, lead to the right server?",
            ConnectError::WrongKind { .. } => "name the writer, or all hosts: host=a,b target_session_attrs=read-write",
            ConnectError::Planted { planted, database } => {
                let mends: Vec<String> = planted.iter().map(Planted::mend).collect();
                return Some(format!("as a superuser, in database `{database}`: {}", mends.join("; ")));
            }
            ConnectError::Protocol { .. } => "is it PostgreSQL that listens on this port?",
            ConnectError::All(errors) => return errors.iter().find_map(ConnectError::hint),
        };
        Some(hint.to_owned())
    }
}

impl WhyNot {
    fn hint(self, asked: Asks) -> Option<String> {
        let scram = "pg_hba.conf with scram-sha-256, and a password set with password_encryption = scram-sha-256";
        match self {
            WhyNot::Required => None,
            WhyNot::OfService => Some(format!("it needs {scram}")),
            WhyNot::Unverified if asked.0.gives_away() => {
                let word = if asked.0 == Method::Md5 { "md5" } else { "password" };
                Some(format!(
                    "sslmode=verify-full with sslrootcert=PATH shows who it is; {scram} tells it nothing; \
                     require_auth={word} tells whoever answers"
                ))
            }
            WhyNot::Unverified => None,
        }
    }
}

fn refusal_hint(user: &str, database: &str, server: &ServerError) -> Option<String> {
    Some(match server.sqlstate.as_str() {
        "28P01" => format!("the password for `{user}` is wrong, or the role has none"),
        "28000" => {
            format!("pg_hba.conf must let `{user}` into `{database}` from here, and the role must exist and have LOGIN")
        }
        "3D000" => format!("there is no database `{database}`; -d or PGDATABASE names another"),
        "42501" if server.routine.as_deref().is_none_or(|routine| routine == "CheckMyDatabase") => {
            let [database, user] = [database, user].map(|name| name.replace('"', "\"\""));
            format!("grant it first: GRANT CONNECT ON DATABASE \"{database}\" TO \"{user}\"")
        }
        // it was let in, and then something of the session itself was refused to it
        "42501" => {
            let name = database.replace('"', "\"\"");
            format!(
                "`{user}` may connect, but something that begins each session there is refused to it: a setting of the database or the role, or \
                 a login event trigger. The settings are in pg_db_role_setting; one goes with ALTER DATABASE \"{name}\" RESET and its name, such \
                 as default_text_search_config, from another database"
            )
        }
        "58P01" => "a setting of the database or the role (pg_db_role_setting) names a library that isn't there: RESET it from another \
                    database, as a superuser"
            .to_owned(),
        "53300" => "all connections are taken; wait, or end some of them".to_owned(),
        "57P03" => "the server is starting up or shutting down; try again in a moment".to_owned(),
        "55000" => format!("`{database}` accepts no connections"),
        _ => return server.hint.clone(),
    })
}

fn listed(planted: &[Planted]) -> String {
    planted.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn presented(names: &[String]) -> String {
    if names.is_empty() { "another name".to_owned() } else { names.join(", ") }
}

fn joined(errors: &[ConnectError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
