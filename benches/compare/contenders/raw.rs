//! hyper alone: reads the bytes, and finds the link to the next page. The server is at least as fast as this. Slower
//! contenders are slower because of their own work.

use std::sync::Arc;

use http::header::{AUTHORIZATION, HOST};
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Failure;
use crate::canned::{POLICIES, basic};
use crate::work::{Done, Meter, Work};

type Sender = SendRequest<Empty<Bytes>>;

async fn connect(work: &Work, host: &str) -> Result<Sender, Failure> {
    let stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let Some(certificate) = &work.certificate else { return over(stream).await };
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.as_bytes())?)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host.split(':').next().unwrap_or(host).to_owned())?;
    over(TlsConnector::from(Arc::new(config)).connect(name, stream).await?).await
}

async fn over(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Result<Sender, Failure> {
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

pub(super) async fn list(work: &Work, page: u32) -> Result<Done, Failure> {
    let host = work.url.rsplit('/').next().unwrap_or_default();
    let authorization = basic(&work.user, &work.password);
    let mut done = Done::default();
    let meter = Meter::start();
    let mut sender = connect(work, host).await?;
    let mut next = Some(format!("{POLICIES}?fields=%2A&max_records={page}"));
    while let Some(path) = next {
        let request = Request::get(path).header(HOST, host).header(AUTHORIZATION, &authorization).body(Empty::new())?;
        let answer = sender.send_request(request).await?;
        if !answer.status().is_success() {
            return Err(answer.status().as_str().into());
        }
        let (mut body, mut head) = (answer.into_body(), Vec::new());
        while let Some(frame) = body.frame().await {
            let frame = frame?;
            let data = frame.data_ref().ok_or("trailers")?;
            done.bytes += data.len() as u64;
            if head.len() < HEAD {
                head.extend_from_slice(&data[..data.len().min(HEAD - head.len())]);
            }
        }
        let head = String::from_utf8_lossy(&head);
        done.count += between(&head, "\"num_records\":", ",").ok_or("no number of records")?.parse::<u64>()?;
        next = between(&head, "\"href\":\"", "\"").map(str::to_owned);
    }
    Ok(meter.stop(done, Vec::new()))
}

/// So much of a page holds its number of records and the link to the next one, which the server puts first.
const HEAD: usize = 256;

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}
