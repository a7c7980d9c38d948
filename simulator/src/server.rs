//! Accepting connections, with and without TLS, and ending them all when the simulator stops.
//!
//! Each speaks HTTP/1.1 or HTTP/2: with TLS what ALPN settled on, without it what the first bytes say.

use std::{io, net::SocketAddr, pin::pin, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    api_service::ApiService,
    auth::CertificateUser,
    tls,
    wire::{Activity, ObservedStream, ResetFlag, Socket},
};

/// How long requests under way may go on after the simulator was told to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// The time limit for the TLS handshake, for the first request, for the head of each later request, and for each body.
pub(crate) const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// The time limit for a silent connection, without requests and without reading. Less than 10 KB/s of a long list counts
/// as silence. The limit is longer than [`CLIENT_TIMEOUT`], so that a slow body gets a response.
const IDLE_TIMEOUT: Duration = CLIENT_TIMEOUT.saturating_add(SHUTDOWN_TIMEOUT);

/// How many streams of HTTP/2 one connection can have at once.
const MOST_STREAMS: u32 = 32;

/// The number of bytes that the operating system may buffer for a client. With megabytes, a slow client would seem to
/// read nothing for a long time.
const SEND_BUFFER: u32 = 128 * 1024;

/// How many connections wait to be accepted at most; Tokio's own figure.
const BACKLOG: u32 = 1024;

/// Listens at the address.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Windows would let two programs listen at one address.
    socket.set_reuseaddr(cfg!(not(windows)))?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` changes. Dropping the future ends all connections at once.
pub(crate) async fn serve(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    service: ApiService,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let stopped = stop.clone();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            accepted = accept(&listener) => match accepted {
                Ok(stream) => {
                    connections.spawn(serve_client(stream, acceptor.clone(), service.clone(), stopped.clone()));
                }
                // Out of file descriptors, or a client that has left already: neither is a reason to give up.
                Err(_) => sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(listener);
    // Connections that outstay the grace are aborted when the set is dropped.
    let _ = timeout(SHUTDOWN_TIMEOUT, async { while connections.join_next().await.is_some() {} }).await;
}

/// The next connection.
async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    // Answers are written whole; to wait for more to send along would only delay them. Where it fails, the connection
    // is gone already.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

async fn serve_client(
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    service: ApiService,
    stop: watch::Receiver<bool>,
) {
    match acceptor {
        None => serve_http(stream, None, service, stop).await,
        Some(acceptor) => {
            // A handshake that fails is the client's to report: it is the one that does not trust us.
            if let Ok(Ok(stream)) = timeout(CLIENT_TIMEOUT, acceptor.accept(stream)).await {
                let user = tls::user(&stream).map(CertificateUser);
                serve_http(stream, user, service, stop).await;
            }
        }
    }
}

async fn serve_http(
    stream: impl Socket,
    user: Option<CertificateUser>,
    service: ApiService,
    mut stop: watch::Receiver<bool>,
) {
    let (reset_flag, activity) = (ResetFlag::default(), Activity::new());
    let (stream, service) = (
        ObservedStream::new(stream, reset_flag.clone(), activity.clone()),
        service.for_connection(reset_flag, user, activity.clone()),
    );
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(CLIENT_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(MOST_STREAMS);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => {}
        () = activity.is_silent_for(IDLE_TIMEOUT) => {}
    }
    connection.as_mut().graceful_shutdown();
    // An error here means that the client went away.
    let _ = timeout(SHUTDOWN_TIMEOUT, connection).await;
}
