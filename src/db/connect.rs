//! From settings to a session: each server in turn, and what the driver's errors mean.

use super::connect_error::ConnectError;
use super::conninfo::{Address, Conninfo, Endpoint, Keepalives, Level};
use super::server_error::ServerError;
use super::session::{Canceller, Session};
use super::statement_error::StatementError;
use super::tls;
use std::error::Error;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Config, NoTls, Socket};

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
        let encryption = &self.conninfo.encryption;
        let level = encryption.level(self.endpoint);
        let config = self.config(level);
        let opening = async {
            if level == Level::Plain {
                return self.open(&config, NoTls, Canceller::plain).await;
            }
            let connector = tls::connector(level, encryption)
                .map_err(|source| ConnectError::TlsSetup { place: self.place(), source })?;
            self.open(&config, connector, Canceller::tls).await
        };
        let opening = async {
            let session = opening.await?;
            // the driver hides which process it is, and a trusted session asks whom it may trust
            if self.conninfo.session.limits.is_some() && self.conninfo.session.distrusts {
                let planted = session.settle().await.map_err(|error| self.unsettled(&error))?;
                if !planted.is_empty() {
                    return Err(ConnectError::Planted { database: self.conninfo.database().to_owned(), planted });
                }
            }
            Ok(session)
        };
        // The driver's own limit ends when the socket is open; a server that accepts and then says nothing would hold
        // us for ever.
        match self.conninfo.connect_timeout {
            None => opening.await,
            Some(limit) => tokio::time::timeout(limit, opening)
                .await
                .unwrap_or_else(|_| Err(ConnectError::Timeout { place: self.place(), limit })),
        }
    }

    async fn open<T>(
        &self,
        config: &Config,
        connector: T,
        canceller: fn(tokio_postgres::CancelToken, T) -> Canceller,
    ) -> Result<Session, ConnectError>
    where
        T: MakeTlsConnect<Socket> + Clone,
        T::Stream: Send + 'static,
    {
        let (client, connection) = config.connect(connector.clone()).await.map_err(|error| self.explain(&error))?;
        let canceller = canceller(client.cancel_token(), connector);
        Ok(Session::start(client, connection, canceller, self.conninfo))
    }

    fn config(&self, level: Level) -> Config {
        let conninfo = self.conninfo;
        let mut config = Config::new();
        match &self.endpoint.address {
            Address::Socket(folder) => {
                config.host_path(folder);
            }
            Address::Tcp { host, hostaddr } => {
                config.host(host);
                hostaddr.iter().for_each(|address| {
                    config.hostaddr(*address);
                });
            }
        }
        // Never the driver's `prefer`: it tells the password to whoever answers "no TLS here".
        let mode = if level == Level::Plain { SslMode::Disable } else { SslMode::Require };
        config
            .port(self.endpoint.port)
            .user(conninfo.user())
            .dbname(conninfo.database())
            .ssl_mode(mode)
            .application_name(&conninfo.session.application_name)
            .channel_binding(conninfo.session.channel_binding)
            .target_session_attrs(conninfo.session.target);
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
        keep_alive(&mut config, &conninfo.session.keepalives);
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
        if let Some(server) = error.as_db_error() {
            return self.refused(server.into());
        }
        if let Some(error) = rustls_error(error) {
            return explain_tls(place, error.clone());
        }
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        match cause.as_str() {
            "password missing" => ConnectError::PasswordNeeded {
                place,
                user: self.conninfo.user().to_owned(),
                notes: self.conninfo.password_file_notes(),
            },
            "server does not support TLS" => ConnectError::TlsRefused { place },
            "server did not use channel binding" => ConnectError::NoChannelBinding { place },
            "unsupported authentication method" | "unsupported SASL mechanism" => {
                ConnectError::UnknownAuthentication { place }
            }
            "database does not allow writes" | "database is not read only" => ConnectError::WrongKind { place },
            _ => match error.source().and_then(|source| source.downcast_ref::<std::io::Error>()) {
                Some(io) => self.explain_io(io),
                None if cause.is_empty() => ConnectError::Protocol { place, reason: error.to_string() },
                None => ConnectError::Protocol { place, reason: format!("{error}: {cause}") },
            },
        }
    }

    fn refused(&self, server: ServerError) -> ConnectError {
        let password = self.conninfo.password_for(self.endpoint);
        let server = match password {
            Some(password) => server.map_texts(|text| password.withhold_from(text)),
            None => server,
        };
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
        let reason = error.to_string();
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
        // The resolver's error has a kind of its own that isn't public.
        if reason.starts_with("failed to lookup address") || reason.starts_with("could not resolve") {
            return ConnectError::UnknownHost { place, source };
        }
        ConnectError::Unreachable { place, reason, source }
    }
}

fn keep_alive(config: &mut Config, keepalives: &Keepalives) {
    config.keepalives(!keepalives.off);
    if let Some(idle) = keepalives.idle {
        config.keepalives_idle(idle);
    }
    if let Some(interval) = keepalives.interval {
        config.keepalives_interval(interval);
    }
    if let Some(count) = keepalives.count {
        config.keepalives_retries(count);
    }
    if let Some(timeout) = keepalives.user_timeout {
        config.tcp_user_timeout(timeout);
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
