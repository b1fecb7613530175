//! A connection whose incoming messages are watched: below the driver, and above TLS.

use super::frames::{Breach, Frames};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// A stream that ends with an error where the server sends what it may not. The error is a [`Breach`] in an I/O error.
pub(super) struct Guarded<S> {
    stream: S,
    frames: Frames,
    broken: Option<Breach>,
}

impl<S> Guarded<S> {
    pub(super) fn new(stream: S, frames: Frames) -> Guarded<S> {
        Guarded { stream, frames, broken: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if let Some(breach) = this.broken {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, breach)));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        if let Err(breach) = this.frames.feed(&buf.filled()[before..]) {
            // the driver sees nothing of what it could answer
            buf.set_filled(before);
            this.broken = Some(breach);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, breach)));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: TlsStream + Unpin> TlsStream for Guarded<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.stream.channel_binding()
    }
}

/// TLS, with a guard above it.
pub(super) struct GuardTls<C> {
    pub(super) connector: C,
    pub(super) frames: Frames,
}

impl<S, C> TlsConnect<S> for GuardTls<C>
where
    C: TlsConnect<S>,
    C::Future: Send + 'static,
{
    type Stream = Guarded<C::Stream>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Stream, Self::Error>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let GuardTls { connector, frames } = self;
        let connecting = connector.connect(stream);
        Box::pin(async move { Ok(Guarded::new(connecting.await?, frames)) })
    }
}

/// Returns what the guard has found, where that is what ended a connection.
pub(super) fn breach(error: &io::Error) -> Option<Breach> {
    error.get_ref()?.downcast_ref().copied()
}
