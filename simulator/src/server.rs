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
    auth::CertificateUser,
    front::Front,
    tls,
    wire::{Life, Socket, Tamper, Wire},
};

/// How long requests under way may go on after the simulator was told to stop.
const GRACE: Duration = Duration::from_secs(2);

/// The time limit for the TLS handshake, for the first request, for the head of each later request, and for each body.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The time limit for a silent connection, without requests and without reading. Less than 10 KB/s of a long list counts
/// as silence. The limit is longer than [`PATIENCE`], so that a slow body gets a response.
const SILENCE: Duration = PATIENCE.saturating_add(GRACE);

/// How many streams of HTTP/2 one connection can have at once.
const MOST_STREAMS: u32 = 32;

/// The number of bytes that the operating system may buffer for a client. With megabytes, a slow client would seem to
/// read nothing for a long time.
const SENT_AHEAD: u32 = 128 * 1024;

/// How many connections wait to be accepted at most; Tokio's own figure.
const BACKLOG: u32 = 1024;

/// Listens at the address.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Windows would let two programs listen at one address.
    socket.set_reuseaddr(cfg!(not(windows)))?;
    socket.set_send_buffer_size(SENT_AHEAD)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` changes. Dropping the future ends all connections at once.
pub(crate) async fn serve(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    front: Front,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let stopped = stop.clone();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            accepted = accept(&listener) => match accepted {
                Ok(stream) => {
                    connections.spawn(greet(stream, acceptor.clone(), front.clone(), stopped.clone()));
                }
                // Out of file descriptors, or a client that has left already: neither is a reason to give up.
                Err(_) => sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(listener);
    // Connections that outstay the grace are aborted when the set is dropped.
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

/// The next connection.
async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    // Answers are written whole; to wait for more to send along would only delay them. Where it fails, the connection
    // is gone already.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

async fn greet(stream: TcpStream, acceptor: Option<TlsAcceptor>, front: Front, stop: watch::Receiver<bool>) {
    match acceptor {
        None => converse(stream, None, front, stop).await,
        Some(acceptor) => {
            // A handshake that fails is the client's to report: it is the one that does not trust us.
            if let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await {
                let user = tls::user(&stream).map(CertificateUser);
                converse(stream, user, front, stop).await;
            }
        }
    }
}

async fn converse(stream: impl Socket, user: Option<CertificateUser>, front: Front, mut stop: watch::Receiver<bool>) {
    let (tamper, life) = (Tamper::default(), Life::new());
    let (stream, front) = (Wire::new(stream, tamper.clone(), life.clone()), front.over(tamper, user, life.clone()));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(MOST_STREAMS);
    let connection = builder.serve_connection(TokioIo::new(stream), front);
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => {}
        () = life.is_silent_for(SILENCE) => {}
    }
    connection.as_mut().graceful_shutdown();
    // An error here means that the client went away.
    let _ = timeout(GRACE, connection).await;
}
