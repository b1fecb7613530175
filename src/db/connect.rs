//! From settings to a session: each server in turn, and what the driver's errors mean.

use super::connect_error::ConnectError;
use super::conninfo::{Address, Conninfo, Endpoint, Level};
use super::dial::{DialError, dial};
use super::frames::{Breach, Frames};
use super::guard::{GuardTls, Guarded, breach};
use super::server_error::{self, ServerError};
use super::session::{Asker, Session, Tls, Way, connect_to};
use super::statement_error::StatementError;
use super::tls;
use std::error::Error;
use tokio_postgres::config::{SslMode, SslNegotiation, TargetSessionAttrs};
use tokio_postgres::{Config, NoTls};

/// Connects to the first server of the list that will do; once more without [`Conninfo::overriding`], where that is what is refused.
pub async fn connect(conninfo: &Conninfo) -> Result<Session, ConnectError> {
    let connected = to_any(conninfo).await;
    match (&connected, conninfo.not_overriding()) {
        (Err(error), Some(bare)) if error.may_be_of_options() => {
            to_any(&bare).await.map_err(ConnectError::without_overrides)
        }
        _ => connected,
    }
}

async fn to_any(conninfo: &Conninfo) -> Result<Session, ConnectError> {
    let mut failed = Vec::new();
    for endpoint in &conninfo.endpoints {
        let attempt = Attempt { conninfo, endpoint };
        match attempt.run().await {
            Ok(session) => return Ok(session),
            Err(error) if error.leaves_hope() => failed.push(error),
            Err(error) => {
                failed.push(error);
                break;
            }
        }
    }
    match failed.pop() {
        Some(only) if failed.is_empty() => Err(only),
        last => {
            failed.extend(last);
            Err(ConnectError::All(failed))
        }
    }
}

/// One try at one server.
struct Attempt<'a> {
    conninfo: &'a Conninfo,
    endpoint: &'a Endpoint,
}

impl Attempt<'_> {
    async fn run(&self) -> Result<Session, ConnectError> {
        let opening = async {
            let session = self.open().await?;
            self.is_wanted_kind(&session).await?;
            // the driver hides which process it is, and a trusted session asks whom it may trust
            if self.conninfo.session.limits.is_some() && self.conninfo.session.distrusts {
                let planted = session.settle().await.map_err(|error| self.unsettled(&error))?;
                if !planted.is_empty() {
                    return Err(ConnectError::Planted { database: self.conninfo.database().to_owned(), planted });
                }
            }
            Ok(session)
        };
        // a server that accepts and then says nothing, or a byte now and then, would hold us for ever
        match self.conninfo.connect_timeout {
            None => opening.await,
            Some(limit) => tokio::time::timeout(limit, opening)
                .await
                .unwrap_or_else(|_| Err(ConnectError::Timeout { place: self.place(), limit })),
        }
    }

    /// The socket and TLS are ours, and the driver speaks above both, so that what it hears is watched first.
    async fn open(&self) -> Result<Session, ConnectError> {
        let encryption = &self.conninfo.encryption;
        let level = encryption.level(self.endpoint);
        let config = self.config(level);
        let tls = match level {
            Level::Plain => None,
            _ => Some(self.tls(level)?),
        };
        let dialed = dial(self.endpoint, &self.conninfo.session.keepalives).await;
        let (socket, peer) = dialed.map_err(|error| self.unreached(error))?;
        let verified = level == Level::VerifyFull || socket.is_trusted_socket(self.endpoint);
        let frames = Frames::new(self.conninfo.accepted(self.endpoint, verified));
        let way = Way { peer, keepalives: self.conninfo.session.keepalives.clone(), tls: tls.clone() };
        let asker = Asker::new(self.conninfo, self.endpoint);
        match tls {
            None => {
                let opened = config.connect_raw(Guarded::new(socket, frames), NoTls).await;
                let (client, connection) = opened.map_err(|error| self.explain(&error))?;
                Ok(Session::start(client, connection, way, asker))
            }
            Some(Tls { connector, host }) => {
                let guard = GuardTls { connector: connect_to(connector, &host), frames };
                let opened = config.connect_raw(socket, guard).await;
                let (client, connection) = opened.map_err(|error| self.explain(&error))?;
                Ok(Session::start(client, connection, way, asker))
            }
        }
    }

    fn tls(&self, level: Level) -> Result<Tls, ConnectError> {
        let connector = tls::connector(level, &self.conninfo.encryption)
            .map_err(|source| ConnectError::TlsSetup { place: self.place(), source })?;
        let host = match &self.endpoint.address {
            Address::Tcp { host, .. } => host.clone(),
            Address::Socket(_) => String::new(),
        };
        Ok(Tls { connector, host })
    }

    /// `target_session_attrs`
    async fn is_wanted_kind(&self, session: &Session) -> Result<(), ConnectError> {
        let wanted = match self.conninfo.session.target {
            TargetSessionAttrs::ReadWrite => "off",
            TargetSessionAttrs::ReadOnly => "on",
            _ => return Ok(()),
        };
        let rows = session.query("SHOW transaction_read_only", &[]).await.map_err(|error| self.unsettled(&error))?;
        match rows.first().and_then(|row| row.try_get(0).ok()) {
            Some(found) if wanted == found => Ok(()),
            Some("on" | "off") => Err(ConnectError::WrongKind { place: self.place() }),
            _ => Err(ConnectError::Protocol { place: self.place(), reason: "it says nothing of itself".to_owned() }),
        }
    }

    fn config(&self, level: Level) -> Config {
        let conninfo = self.conninfo;
        let mut config = Config::new();
        // Never the driver's `prefer`: it tells the password to whoever answers "no TLS here".
        let mode = if level == Level::Plain { SslMode::Disable } else { SslMode::Require };
        config
            .user(conninfo.user())
            .dbname(conninfo.database())
            .ssl_mode(mode)
            .application_name(&conninfo.session.application_name)
            .channel_binding(conninfo.channel_binding(level));
        // poolers refuse the parameter, even an empty one, unless they are told to ignore it
        let options = conninfo.startup_options();
        if !options.is_empty() {
            config.options(options);
        }
        if conninfo.encryption.direct && level != Level::Plain {
            config.ssl_negotiation(SslNegotiation::Direct);
        }
        if let Some(password) = conninfo.password_for(self.endpoint) {
            config.password(password.expose());
        }
        config
    }

    fn place(&self) -> String {
        self.endpoint.to_string()
    }

    /// The session's first question failed.
    fn unsettled(&self, error: &StatementError) -> ConnectError {
        match error.server() {
            Some(server) => self.refused(server.clone()),
            None => ConnectError::Protocol { place: self.place(), reason: error.to_string() },
        }
    }

    /// What an error of the driver means. Its kind isn't public, so the causes are looked at, and its words.
    fn explain(&self, error: &tokio_postgres::Error) -> ConnectError {
        let place = self.place();
        let user = || self.conninfo.user().to_owned();
        if let Some(server) = error.as_db_error() {
            return self.refused(server.into());
        }
        if let Some(error) = rustls_error(error) {
            return explain_tls(place, error.clone());
        }
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        match cause.as_str() {
            "password missing" => {
                ConnectError::PasswordNeeded { place, user: user(), notes: self.conninfo.password_file_notes() }
            }
            "server does not support TLS" => ConnectError::TlsRefused { place },
            "server did not use channel binding" => ConnectError::NoChannelBinding { place },
            "unsupported authentication method" | "unsupported SASL mechanism" => {
                ConnectError::UnknownAuthentication { place }
            }
            "SCRAM verification error" => ConnectError::Impostor { place, user: user() },
            _ => match error.source().and_then(|source| source.downcast_ref::<std::io::Error>()) {
                Some(io) => self.explain_io(io),
                None if cause.is_empty() => ConnectError::Protocol { place, reason: error.to_string() },
                None => ConnectError::Protocol { place, reason: self.cleaned(&format!("{error}: {cause}")) },
            },
        }
    }

    /// What the server says may be long, and repeat the password.
    fn cleaned(&self, text: &str) -> String {
        self.conninfo.withheld(self.endpoint, &server_error::cut(text))
    }

    fn unreached(&self, error: DialError) -> ConnectError {
        match error {
            DialError::Name(source) => ConnectError::UnknownHost { place: self.place(), source },
            DialError::Socket(error) => self.explain_io(&error),
        }
    }

    fn refused(&self, server: ServerError) -> ConnectError {
        let server = server.map_texts(|text| self.conninfo.withheld(self.endpoint, text));
        ConnectError::Refused {
            place: self.place(),
            user: self.conninfo.user().to_owned(),
            database: self.conninfo.database().to_owned(),
            server: Box::new(server),
            by_own_settings: false,
        }
    }

    fn explain_io(&self, error: &std::io::Error) -> ConnectError {
        let place = self.place();
        match breach(error) {
            Some(Breach::Asks(asked)) => {
                let why = self.conninfo.why_not();
                return ConnectError::NotAccepted { place, asked, why };
            }
            Some(breach) => return ConnectError::Protocol { place, reason: breach.to_string() },
            None => {}
        }
        let reason = self.cleaned(&error.to_string());
        if matches!(self.endpoint.address, Address::Socket(_)) {
            use std::io::ErrorKind::{ConnectionRefused, NotFound, PermissionDenied};
            let no_socket = matches!(error.kind(), NotFound | ConnectionRefused | PermissionDenied);
            return if no_socket {
                ConnectError::NoSocket { place, reason }
            } else {
                ConnectError::Protocol { place, reason }
            };
        }
        let source = std::io::Error::new(error.kind(), reason.clone());
        ConnectError::Unreachable { place, reason, source }
    }
}

/// The error of rustls is inside an I/O error, which answers for its `source` with the source of what is inside.
fn rustls_error<'a>(error: &'a tokio_postgres::Error) -> Option<&'a rustls::Error> {
    let io: &'a std::io::Error = error.source()?.downcast_ref()?;
    io.get_ref()?.downcast_ref()
}

fn explain_tls(place: String, error: rustls::Error) -> ConnectError {
    use rustls::CertificateError as Certificate;
    let rustls::Error::InvalidCertificate(certificate) = &error else {
        return ConnectError::Handshake { place, source: error };
    };
    let reason = match certificate {
        Certificate::NotValidForName => {
            return ConnectError::WrongName { place, names: Vec::new() };
        }
        Certificate::NotValidForNameContext { presented, .. } => {
            return ConnectError::WrongName { place, names: presented.clone() };
        }
        Certificate::UnknownIssuer => "none of the authorities that we trust has signed it".to_owned(),
        Certificate::Expired | Certificate::ExpiredContext { .. } => "it has expired".to_owned(),
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => "it isn't valid yet".to_owned(),
        Certificate::Revoked => "it was revoked".to_owned(),
        other => other.to_string(),
    };
    ConnectError::Untrusted { place, reason, source: error }
}
