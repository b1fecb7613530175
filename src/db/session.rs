//! A connection in use: statements, many statements at once, and the notices that come with them.

use super::conninfo::{Conninfo, Endpoint, Keepalives};
use super::dial::{Dialed, Peer};
use super::parting::Parting;
use super::server_error::{Notice, ServerError};
use super::statement_error::StatementError;
use super::wait::Wait;
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use std::convert::Infallible;
use std::error::Error as _;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, CancelToken, Client, Connection, NoTls, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How many statements of a pipeline are on their way at once.
const WINDOW: usize = 256;

/// The longest time that the server takes, in milliseconds.
const LONGEST: u128 = i32::MAX.unsigned_abs() as u128;

/// A session on a server. It ends when it is dropped: an open transaction is then rolled back, and a statement under way
/// cancelled.
pub struct Session {
    // first, since what is under way is cancelled once nobody waits for it any more
    client: Client,
    parting: Parting,
    heard: Arc<Mutex<Heard>>,
    wait: Wait,
    server_version: String,
    server_encoding: String,
}

/// What the server said unasked.
struct Heard {
    notices: Vec<Notice>,
    end: Option<End>,
    asker: Asker,
}

/// Whom the server has let in, and with which password, which it may repeat.
pub(super) struct Asker {
    conninfo: Conninfo,
    endpoint: Endpoint,
}

impl Asker {
    pub(super) fn new(conninfo: &Conninfo, endpoint: &Endpoint) -> Asker {
        Asker { conninfo: conninfo.clone(), endpoint: endpoint.clone() }
    }
}

/// With what a connection ended.
#[derive(Debug, Clone)]
pub(super) enum End {
    Server(ServerError),
    /// What went wrong on the way, or what the server did that it may not.
    Broken(String),
}

/// So many notices are kept until somebody takes them.
const NOTICES: usize = 10_000;

impl Heard {
    fn notice(&mut self, notice: Notice) {
        if self.notices.len() < NOTICES {
            let notice = notice.map_texts(|text| self.cleaned(text));
            self.notices.push(notice);
        }
    }

    fn cleaned(&self, text: &str) -> String {
        self.asker.conninfo.withheld(&self.asker.endpoint, text)
    }
}

impl Session {
    /// Takes the driver's two halves, and sets the second going.
    pub(super) fn start<S, T>(client: Client, connection: Connection<S, T>, way: Way, asker: Asker) -> Session
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let wait = Wait::new(&asker.conninfo);
        let heard = Arc::new(Mutex::new(Heard { notices: Vec::new(), end: None, asker }));
        let server_version = connection.parameter("server_version").unwrap_or_default().to_owned();
        let server_encoding = connection.parameter("server_encoding").unwrap_or_default().to_owned();
        let task = tokio::spawn(listen(connection, Arc::clone(&heard)));
        let canceller = Canceller { token: client.cancel_token(), way: Arc::new(way) };
        let parting = Parting::new(canceller, task);
        Session { client, parting, heard, wait, server_version, server_encoding }
    }

    /// Runs a query, and answers with all of its rows.
    pub async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StatementError> {
        // Without parameters there is no type to ask for first: one round trip instead of three, since nothing is
        // prepared under a name that must be closed again.
        match params {
            [] => self.bounded(self.client.query_typed(sql, &[])).await,
            _ => self.bounded(self.client.query(sql, params)).await,
        }
    }

    /// Runs a query whose parameters have these types, in one round trip.
    pub(super) async fn query_typed(
        &self,
        sql: &str,
        params: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, StatementError> {
        self.bounded(self.client.query_typed(sql, params)).await
    }

    /// Runs one statement in the simple protocol, which takes everything that psql does.
    pub async fn execute(&self, sql: &str) -> Result<(), StatementError> {
        self.bounded(self.client.batch_execute(sql)).await
    }

    /// Runs one statement that carries a secret: neither its error nor a notice repeats what the server says of it.
    pub async fn execute_secret(&self, sql: &str) -> Result<(), StatementError> {
        let before = self.heard().notices.len();
        let result = self.bounded(self.client.batch_execute(sql)).await;
        self.heard().notices.truncate(before);
        result.map_err(StatementError::without_words)
    }

    /// Sends the statements one after another without waiting for the answers, up to a window of them, and calls
    /// `done` with the index of each that succeeded, in order.
    ///
    /// After the first error, which says its index, nothing more is sent. What was under way by then is waited for:
    /// inside a transaction it fails with it, so run this inside one. The error is of the statement itself.
    pub async fn pipeline(
        &self,
        statements: &[impl AsRef<str>],
        mut done: impl FnMut(usize),
    ) -> Result<(), StatementError> {
        let mut waiting = statements.iter();
        let send = |statement| self.bounded(self.client.batch_execute(AsRef::<str>::as_ref(statement)));
        let mut under_way: FuturesOrdered<_> = waiting.by_ref().take(WINDOW).map(send).collect();
        let mut index = 0;
        let mut failed = None;
        while let Some(result) = under_way.next().await {
            match result {
                Ok(()) if failed.is_none() => {
                    done(index);
                    under_way.extend(waiting.next().map(send));
                }
                Err(error) if failed.is_none() => failed = Some(error.at(index)),
                _ => {}
            }
            index += 1;
        }
        failed.map_or(Ok(()), Err)
    }

    /// The notices that came since this was last asked, in order.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut self.heard().notices)
    }

    /// The process that serves this session.
    pub async fn backend_pid(&self) -> Result<i32, StatementError> {
        let rows = self.query("SELECT pg_catalog.pg_backend_pid()", &[]).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(|error| self.error(&error))
    }

    /// Waits for an answer no longer than the session's limits, and looks meanwhile who keeps it waiting.
    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StatementError> {
        self.parting.asked();
        let answer = self.wait.answer(work).await;
        // whoever gives up before is gone with the session
        if answer.is_ok() {
            self.parting.answered();
        }
        match answer {
            Ok(Ok(rows)) => {
                self.wait.go_on();
                Ok(rows)
            }
            Ok(Err(error)) => Err(self.error(&error)),
            Err(silence) => Err(StatementError::silent(silence).blocked_by(self.wait.blockers())),
        }
    }

    /// Asks as the session's first questions whether pg_catalog is the server's own, and which process serves it.
    pub(super) async fn settle(&self) -> Result<Vec<super::Planted>, StatementError> {
        // not on every platform, and the waits have other bounds
        let check = async {
            if self.major() >= 14 {
                let _ = self.execute("SET client_connection_check_interval = '2s'").await;
            }
            Ok(())
        };
        let (planted, pid, ()) = tokio::try_join!(biased; self.planted(), self.backend_pid(), check)?;
        self.wait.serve(pid);
        Ok(planted)
    }

    /// Lets the statements that follow take this long, such as those that copy or delete files.
    pub async fn allow(&self, statement_timeout: Duration) -> Result<(), StatementError> {
        self.execute(&format!("SET statement_timeout = {}", statement_timeout.as_millis().min(LONGEST))).await?;
        self.wait.allow(statement_timeout);
        Ok(())
    }

    /// The server's version as it says it, such as `16.14`.
    pub fn server_version(&self) -> &str {
        &self.server_version
    }

    /// The encoding of the database, such as `UTF8`.
    pub fn server_encoding(&self) -> &str {
        &self.server_encoding
    }

    /// The server's major version; 0 where it says none.
    pub fn major(&self) -> u32 {
        let digits = self.server_version.split(|c: char| !c.is_ascii_digit()).next();
        digits.and_then(|major| major.parse().ok()).unwrap_or(0)
    }

    /// What cancels the statement that runs at the moment, from another task.
    pub fn canceller(&self) -> Canceller {
        self.parting.canceller()
    }

    /// Whether the session has ended.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed() || self.parting.has_ended()
    }

    /// Says goodbye, and waits until it is said.
    pub async fn close(self) {
        let Session { client, parting, .. } = self;
        drop(client);
        parting.end().await;
    }

    fn error(&self, error: &tokio_postgres::Error) -> StatementError {
        let heard = self.heard();
        let error = StatementError::new(error, heard.end.as_ref());
        error.map_texts(|text| heard.cleaned(text)).blocked_by(self.wait.blockers())
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        lock(&self.heard)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("server_version", &self.server_version).finish_non_exhaustive()
    }
}

/// Moves the bytes of a connection until it ends, and keeps what the server says unasked.
async fn listen<S, T>(mut connection: Connection<S, T>, heard: Arc<Mutex<Heard>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) => lock(&heard).notice(Notice::from(&notice)),
            Ok(_) => {}
            Err(error) => {
                let broken = error.source().map(|source| End::Broken(source.to_string()));
                lock(&heard).end = error.as_db_error().map(|error| End::Server(error.into())).or(broken);
                return;
            }
        }
    }
}

/// Whoever panicked with the lock held left a list that is whole.
fn lock(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Cancels what a session is doing, over a connection of its own.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    way: Arc<Way>,
}

/// Where another connection to the same server leads.
pub(super) struct Way {
    pub(super) peer: Peer,
    pub(super) keepalives: Keepalives,
    pub(super) tls: Option<Tls>,
}

/// What makes TLS connections to a server, and the name that its certificate is to have.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) connector: MakeRustlsConnect,
    pub(super) host: String,
}

/// Returns what makes one TLS connection.
pub(super) fn connect_to<C>(mut connector: C, host: &str) -> C::TlsConnect
where
    C: MakeTlsConnect<Dialed, Error = Infallible>,
{
    match connector.make_tls_connect(host) {
        Ok(connector) => connector,
        Err(never) => match never {},
    }
}

impl Canceller {
    /// Asks the server to stop. Whether it was in time shows in the statement: it fails with 57014, or it succeeds.
    pub async fn cancel(&self) {
        let Way { peer, keepalives, tls } = &*self.way;
        let Ok(socket) = peer.dial(keepalives).await else { return };
        // A cancellation is a wish. If it can't be delivered, the statement ends by its own timeout.
        let _ = match tls {
            None => self.token.cancel_query_raw(socket, NoTls).await,
            Some(Tls { connector, host }) => {
                self.token.cancel_query_raw(socket, connect_to(connector.clone(), host)).await
            }
        };
    }
}
