//! The bytes of a connection, below HTTP: where a fault can reset it, and where it shows activity.

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
    /// The TCP connection below.
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

/// Tells a connection to end with a reset. Clones are for the same connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResetFlag(Arc<AtomicBool>);

impl ResetFlag {
    /// Lets the connection end with a TCP reset rather than in peace.
    pub(crate) fn reset_on_close(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// When a connection last showed activity: a request came, or the client took bytes. `None` once it may be silent for
/// ever. Clones are of the same connection.
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

    /// Lets the connection be silent from now on, as faults want it.
    pub(crate) fn allow_silence(&self) {
        *self.lock() = None;
    }

    /// Ends what [`Activity::allow_silence`] began.
    pub(crate) fn forbid_silence(&self) {
        *self.lock() = Some(Instant::now());
    }

    /// Waits until the connection was silent for so long.
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

/// A stream that faults can reset, and that shows activity.
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
            // If it fails, the connection is gone already.
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
        let sent = ready!(Pin::new(&mut self.stream).poll_write(context, buffer));
        self.activity.note();
        Poll::Ready(sent)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
