//! Accepting connections, with and without TLS, and ending them all when the simulator stops.
//!
//! Each speaks HTTP/1.1 or HTTP/2: with TLS what ALPN settled on, without it what the first bytes say.

use std::{
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    auth::CertificateUser,
    front::Front,
    tls,
    wire::{Socket, Tamper, Wire},
};

/// How long requests under way may go on after the simulator was told to stop.
const GRACE: Duration = Duration::from_secs(2);

/// How long a client may take for the TLS handshake, for its first request, and for the head of any other and each body.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

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
    let (tamper, heard) = (Tamper::default(), Arc::new(AtomicBool::new(false)));
    let (stream, front) = (Wire::new(stream, tamper.clone()), front.over(tamper, user, Arc::clone(&heard)));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    builder.http2().timer(TokioTimer::new());
    let connection = builder.serve_connection(TokioIo::new(stream), front);
    let (mut connection, mut patience) = (pin!(connection), pin!(sleep(PATIENCE)));
    let mut waiting = true;
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stop.wait_for(|stop| *stop) => break,
            () = patience.as_mut(), if waiting => {
                // The time limit of HTTP/1.1 does not count before it is known that this is HTTP/1.1.
                if !heard.load(Ordering::Relaxed) {
                    return;
                }
                waiting = false;
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    // An error here means that the client went away.
    let _ = connection.await;
}
