//! Sockets to servers.

use super::conninfo::{Address, Endpoint, Keepalives};
use rustix::net::sockopt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream, lookup_host};

/// A socket that somebody has accepted.
pub(super) enum Dialed {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// Where it leads: a name may lead elsewhere the next time.
#[derive(Debug, Clone)]
pub(super) enum Peer {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// Why there is no socket.
#[derive(Debug)]
pub(super) enum DialError {
    /// The name means nothing.
    Name(io::Error),
    Socket(io::Error),
}

/// Connects to one server: by a name, to the first of its addresses that accepts.
pub(super) async fn dial(endpoint: &Endpoint, keepalives: &Keepalives) -> Result<(Dialed, Peer), DialError> {
    let peers = match &endpoint.address {
        Address::Socket(folder) => vec![Peer::Unix(folder.join(format!(".s.PGSQL.{}", endpoint.port)))],
        Address::Tcp { hostaddr: Some(address), .. } => vec![Peer::Tcp((*address, endpoint.port).into())],
        Address::Tcp { host, hostaddr: None } => {
            let found = lookup_host((host.as_str(), endpoint.port)).await.map_err(DialError::Name)?;
            found.map(Peer::Tcp).collect()
        }
    };
    let mut last = DialError::Name(io::Error::new(io::ErrorKind::NotFound, "it has no address"));
    for peer in peers {
        match peer.dial(keepalives).await {
            Ok(dialed) => return Ok((dialed, peer)),
            Err(error) => last = DialError::Socket(error),
        }
    }
    Err(last)
}

impl Peer {
    pub(super) async fn dial(&self, keepalives: &Keepalives) -> io::Result<Dialed> {
        match self {
            Peer::Unix(path) => Ok(Dialed::Unix(UnixStream::connect(path).await?)),
            Peer::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                keep_alive(&stream, keepalives)?;
                Ok(Dialed::Tcp(stream))
            }
        }
    }
}

fn keep_alive(stream: &TcpStream, keepalives: &Keepalives) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if let Some(timeout) = keepalives.user_timeout {
        sockopt::set_tcp_user_timeout(stream, u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX))?;
    }
    if keepalives.off {
        return Ok(());
    }
    sockopt::set_socket_keepalive(stream, true)?;
    if let Some(idle) = keepalives.idle {
        sockopt::set_tcp_keepidle(stream, idle)?;
    }
    if let Some(interval) = keepalives.interval {
        sockopt::set_tcp_keepintvl(stream, interval)?;
    }
    if let Some(count) = keepalives.count {
        sockopt::set_tcp_keepcnt(stream, count)?;
    }
    Ok(())
}

impl Dialed {
    /// Whether whoever answers on a Unix socket is one whom this machine trusts: only its administrators may put a socket
    /// into the folder, or the process is root's or our own.
    /// <https://www.postgresql.org/docs/current/preventing-server-spoofing.html>
    pub(super) fn is_trusted_socket(&self, endpoint: &Endpoint) -> bool {
        let (Dialed::Unix(stream), Address::Socket(folder)) = (self, &endpoint.address) else { return false };
        let ours = rustix::process::geteuid().as_raw();
        stream.peer_cred().is_ok_and(|peer| peer.uid() == 0 || peer.uid() == ours) || !anybody_writes(folder)
    }
}

/// What can't be looked at counts as open.
fn anybody_writes(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(folder).map_or(true, |folder| folder.mode() & 0o002 != 0)
}

impl AsyncRead for Dialed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Dialed::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Dialed::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Dialed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut *self {
            Dialed::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Dialed::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Dialed::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Dialed::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Dialed::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Dialed::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
