//! The server: a process of its own with one thread, which answers with what was prepared.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Write as _;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll};

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::LocalSet;
use tokio_rustls::TlsAcceptor;

use crate::canned::{PASSWORD, POLICIES, Pages, USER, basic, uuid};
use crate::contenders::Failure;

/// Where the server listens: its first and only line of output, as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Listening {
    /// For each number of policies, without and with TLS.
    pub(crate) urls: Vec<Urls>,
    /// The certificate to trust, in PEM.
    pub(crate) certificate: String,
}

/// Where so many policies are.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Urls {
    pub(crate) policies: u32,
    pub(crate) plain: String,
    pub(crate) tls: String,
}

/// The state that all connections share.
struct Cluster {
    pages: Pages,
    authorization: String,
    /// How many policies were created.
    created: AtomicU32,
    /// How many requests came.
    requests: Arc<AtomicU64>,
}

/// Listens until standard input ends, and so no longer than the program that started it lives. To each line that it gets
/// there it says how many requests have come.
///
/// # Errors
/// If it cannot listen.
pub(crate) async fn serve(sizes: &[u32], page: u32) -> Result<(), Failure> {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let chain = vec![CertificateDer::from_pem_slice(cert.pem().as_bytes())?];
    let key = PrivateKeyDer::from_pem_slice(signing_key.serialize_pem().as_bytes())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let tls = TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_single_cert(chain, key)?));
    let authorization = basic(USER, PASSWORD);
    let requests = Arc::new(AtomicU64::new(0));
    let cluster = Rc::new(Cluster {
        pages: Pages::new(page),
        authorization,
        created: AtomicU32::new(0),
        requests: Arc::clone(&requests),
    });

    let everything = LocalSet::new();
    let mut listening = Listening { urls: Vec::new(), certificate: cert.pem() };
    for &policies in sizes {
        let (plain, secure) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
        listening.urls.push(Urls {
            policies,
            plain: format!("http://{}", plain.local_addr()?),
            tls: format!("https://{}", secure.local_addr()?),
        });
        everything.spawn_local(accept(plain, None, Rc::clone(&cluster), policies));
        everything.spawn_local(accept(secure, Some(tls.clone()), Rc::clone(&cluster), policies));
    }
    say(&serde_json::to_string(&listening)?)?;
    std::thread::spawn(move || {
        for _ in std::io::stdin().lines().map_while(Result::ok) {
            if say(&requests.load(Ordering::Relaxed).to_string()).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    everything.await;
    Ok(())
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, cluster: Rc<Cluster>, policies: u32) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, cluster) = (tls.clone(), Rc::clone(&cluster));
        tokio::task::spawn_local(async move {
            // The client may have closed the connection.
            let _ = stream.set_nodelay(true);
            match tls {
                None => connection(stream, cluster, policies).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        connection(stream, cluster, policies).await;
                    }
                }
            }
        });
    }
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin, cluster: Rc<Cluster>, policies: u32) {
    let service = service_fn(move |request| {
        let cluster = Rc::clone(&cluster);
        async move { Ok::<_, Infallible>(answer(request, &cluster, policies).await) }
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, cluster: &Cluster, policies: u32) -> Response<Pieces> {
    cluster.requests.fetch_add(1, Ordering::Relaxed);
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    if head.headers.get(AUTHORIZATION).is_none_or(|header| *header != cluster.authorization) {
        return plain(StatusCode::UNAUTHORIZED, "{}");
    }
    let path = head.uri.path();
    let of_one = path.strip_prefix(POLICIES).is_some_and(|rest| rest.starts_with('/'));
    let query = head.uri.query().unwrap_or_default();
    match head.method {
        Method::GET if path == POLICIES => {
            let start = query.split('&').find_map(|parameter| parameter.strip_prefix("start.index="));
            let start = start.map_or(Ok(0), str::parse);
            let Ok(start) = start else { return plain(StatusCode::BAD_REQUEST, "{}") };
            let pieces = Pieces(cluster.pages.page(start, policies).into());
            with(StatusCode::OK, pieces)
        }
        Method::POST if path == POLICIES && !body.is_empty() => {
            let uuid = uuid(cluster.created.fetch_add(1, Ordering::Relaxed));
            // Clients that cannot read headers ask for the record.
            let text = if query.contains("return_records=true") {
                format!(r#"{{"num_records":1,"records":[{{"uuid":"{uuid}"}}]}}"#)
            } else {
                "{}".to_owned()
            };
            let mut answer = plain(StatusCode::CREATED, text);
            if let Ok(location) = HeaderValue::from_str(&format!("{POLICIES}/{uuid}")) {
                answer.headers_mut().insert(LOCATION, location);
            }
            answer
        }
        Method::PATCH if of_one && !body.is_empty() => plain(StatusCode::OK, "{}"),
        Method::DELETE if of_one => plain(StatusCode::OK, "{}"),
        _ => plain(StatusCode::NOT_FOUND, "{}"),
    }
}

fn plain(status: StatusCode, text: impl Into<Bytes>) -> Response<Pieces> {
    with(status, Pieces([text.into()].into()))
}

fn with(status: StatusCode, pieces: Pieces) -> Response<Pieces> {
    let mut answer = Response::new(pieces);
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// A body of pieces that are not copied together.
struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}
