//! Observes the bytes of a connection below HTTP. Resets the connection for a fault, and notes the client's activity.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, sleep_until},
};
use tokio_rustls::server::TlsStream;

/// A stream over TCP.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// Returns the TCP connection.
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// A flag that makes a connection end with a reset. Clones belong to the same connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResetFlag(Arc<AtomicBool>);

impl ResetFlag {
    /// Makes the connection end with a TCP reset instead of a normal close.
    pub(crate) fn reset_on_close(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The time of the last activity of a connection: a request arrived, or the client read bytes. `None` means that the
/// connection may be idle for any time. Clones belong to the same connection.
#[derive(Clone, Debug)]
pub(crate) struct Activity(Arc<Mutex<Option<Instant>>>);

impl Activity {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Some(Instant::now()))))
    }

    pub(crate) fn note(&self) {
        if let Some(last) = &mut *self.lock() {
            *last = Instant::now();
        }
    }

    /// Allows the connection to be idle for any time, because a fault delays the response.
    pub(crate) fn allow_silence(&self) {
        *self.lock() = None;
    }

    /// Ends the effect of [`Activity::allow_silence`].
    pub(crate) fn forbid_silence(&self) {
        *self.lock() = Some(Instant::now());
    }

    /// Waits until the connection was idle for this time.
    pub(crate) async fn is_silent_for(&self, time: Duration) {
        loop {
            let Some(end) = self.lock().and_then(|last| last.checked_add(time)) else {
                return std::future::pending().await;
            };
            if Instant::now() >= end {
                return;
            }
            sleep_until(end).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that notes activity, and can end with a reset.
#[derive(Debug)]
pub(crate) struct ObservedStream<S: Socket> {
    stream: S,
    reset_flag: ResetFlag,
    activity: Activity,
}

impl<S: Socket> ObservedStream<S> {
    pub(crate) fn new(stream: S, reset_flag: ResetFlag, activity: Activity) -> Self {
        Self { stream, reset_flag, activity }
    }
}

impl<S: Socket> Drop for ObservedStream<S> {
    fn drop(&mut self) {
        if self.reset_flag.0.load(Ordering::Acquire) {
            // A failure means that the connection has ended.
            let _ = self.stream.tcp().set_zero_linger();
        }
    }
}

impl<S: Socket> AsyncRead for ObservedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: Socket> AsyncWrite for ObservedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, buffer));
        self.activity.note();
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
