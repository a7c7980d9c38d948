//! Accepts connections, with and without TLS, and ends them when the simulator stops.
//!
//! Each connection uses HTTP/1.1 or HTTP/2. With TLS, ALPN decides; without TLS, the first bytes.

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

/// The time limit for current requests after the simulator was told to stop: 2 seconds.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// The time limit for each of these: the TLS handshake, the first request, the head of a later request, and a body. 30
/// seconds.
pub(crate) const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// The time limit for a connection without requests and without reading: 32 seconds. A client that reads less than 10
/// KB/s counts as idle. The limit is longer than [`CLIENT_TIMEOUT`], so that a slow body gets a response.
const IDLE_TIMEOUT: Duration = CLIENT_TIMEOUT.saturating_add(SHUTDOWN_TIMEOUT);

/// The highest number of concurrent HTTP/2 streams of a connection.
const MOST_STREAMS: u32 = 32;

/// The send buffer in bytes. With megabytes, a slow client would seem to read nothing for a long time.
const SEND_BUFFER: u32 = 128 * 1024;

/// The highest number of connections that wait to be accepted; Tokio's default.
const BACKLOG: u32 = 1024;

/// Listens on the address.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Windows, this option would let two programs listen on one address.
    socket.set_reuseaddr(cfg!(not(windows)))?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves connections until `stop` changes. Dropping the future ends all connections at once.
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
                // Neither a lack of file descriptors nor a client that has disconnected is a reason to stop.
                Err(_) => sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(listener);
    // Dropping the set aborts connections that exceed the time limit.
    let _ = timeout(SHUTDOWN_TIMEOUT, async { while connections.join_next().await.is_some() {} }).await;
}

/// Accepts the next connection.
async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    // Responses are written at once, so Nagle's algorithm would only delay them. A failure means that the connection
    // has ended.
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
            // The client reports a failed handshake, because the client does not trust the server.
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
    // An error means that the client has disconnected.
    let _ = timeout(SHUTDOWN_TIMEOUT, connection).await;
}
