//! Client certificates, server certificates that clients refuse, and faults below TLS.

use std::{error::Error as _, sync::Arc};

use ontap_ipsec_simulator::{Builder, CertificateFault, Fault, Simulator, StartError};
use reqwest::{Certificate, Client, ClientBuilder, Identity};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{rig::POLICIES, wire::SIGNED_IN};

async fn start(set: impl FnOnce(Builder) -> Builder) -> Simulator {
    set(Simulator::builder()).start().await.unwrap()
}

fn client(simulator: &Simulator) -> ClientBuilder {
    let ca = Certificate::from_pem(simulator.ca_pem().unwrap().as_bytes()).unwrap();
    Client::builder().no_proxy().tls_certs_only([ca])
}

fn with_identity(simulator: &Simulator, identity: &str) -> Client {
    client(simulator).identity(Identity::from_pem(identity.as_bytes()).unwrap()).build().unwrap()
}

async fn status(simulator: &Simulator, client: &Client) -> u16 {
    client.get(format!("{}{POLICIES}", simulator.url())).send().await.unwrap().status().as_u16()
}

/// The reason why a connection fails.
async fn refusal(simulator: &Simulator, client: &Client) -> String {
    let error = client.get(simulator.url()).send().await.unwrap_err();
    let mut text = String::new();
    let mut source = error.source();
    while let Some(error) = source {
        text = error.to_string();
        source = error.source();
    }
    text
}

/// Opens a connection that offers these protocols, without an HTTP library.
async fn connect(simulator: &Simulator, protocols: &[&str]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(simulator.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let address = simulator.url().strip_prefix("https://").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

async fn ask(stream: &mut TlsStream<TcpStream>) {
    let request = format!(
        "GET {POLICIES}?return_records=false HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n{SIGNED_IN}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
}

#[tokio::test]
async fn alpn_selects_the_http_version() {
    let simulator = start(|builder| builder).await;
    for (offered, chosen) in [
        (&["h2", "http/1.1"][..], Some("h2")),
        (&["http/1.1", "h2"], Some("h2")),
        (&["http/1.1"], Some("http/1.1")),
        (&[], None),
    ] {
        let stream = connect(&simulator, offered).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), chosen.map(str::as_bytes), "{offered:?}");
    }
    let (mut sender, connection) = h2::client::handshake(connect(&simulator, &["h2"]).await).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get(format!("{}/api/cluster", simulator.url())).body(()).unwrap();
    let (response, _) = sender.send_request(request, true).unwrap();
    assert_eq!(response.await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_account_may_sign_in_with_a_certificate() {
    let simulator = start(|builder| builder.client_certificates()).await;
    let identity = simulator.client_identity_pem("admin").unwrap();
    let signed_in = with_identity(&simulator, &identity);
    assert_eq!(status(&simulator, &signed_in).await, 200);

    let stranger = with_identity(&simulator, &simulator.client_identity_pem("nobody").unwrap());
    assert_eq!(status(&simulator, &stranger).await, 403, "as recorded where the account is gone");
    let nobody = client(&simulator).build().unwrap();
    assert_eq!(status(&simulator, &nobody).await, 401, "a certificate is asked for, not demanded");
    let with_password = nobody.get(format!("{}{POLICIES}", simulator.url())).basic_auth("admin", Some("netapp1!"));
    assert_eq!(with_password.send().await.unwrap().status(), 200);
    let wrong = signed_in.get(format!("{}{POLICIES}", simulator.url())).basic_auth("admin", Some("wrong"));
    assert_eq!(wrong.send().await.unwrap().status(), 401, "what the request says counts");
}

#[tokio::test]
async fn client_certificates_of_unknown_cas_end_the_handshake() {
    let simulator = start(|builder| builder.client_certificates()).await;
    let other = start(|builder| builder).await;
    let identity = other.client_identity_pem("admin").unwrap();
    let request = with_identity(&simulator, &identity).get(simulator.url());
    assert!(request.send().await.is_err());
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn other_authorities_can_be_trusted() {
    let other = start(|builder| builder).await;
    let identity = other.client_identity_pem("admin").unwrap();
    let simulator = start(|builder| builder.client_certificate_authority(other.ca_pem().unwrap())).await;
    assert_eq!(status(&simulator, &with_identity(&simulator, &identity)).await, 200);
    let own = simulator.client_identity_pem("admin").unwrap();
    assert_eq!(status(&simulator, &with_identity(&simulator, &own)).await, 200);
}

#[tokio::test]
async fn client_certificates_are_ignored_by_default() {
    let simulator = start(|builder| builder).await;
    let identity = simulator.client_identity_pem("admin").unwrap();
    assert_eq!(status(&simulator, &with_identity(&simulator, &identity)).await, 401);
}

#[tokio::test]
async fn client_certificates_and_faults_need_tls() {
    for builder in
        [Simulator::builder().client_certificates(), Simulator::builder().certificate_fault(CertificateFault::Expired)]
    {
        assert!(matches!(builder.plain_http().start().await.unwrap_err(), StartError::NeedsTls));
    }
    for pem in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = Simulator::builder().client_certificate_authority(pem).start().await.unwrap_err();
        assert!(matches!(error, StartError::Tls { .. }), "{error}");
    }
    let plain = start(Builder::plain_http).await;
    assert!(matches!(plain.client_identity_pem("admin").unwrap_err(), StartError::NeedsTls));
}

#[tokio::test]
async fn bad_certificates_are_refused_by_clients() {
    for (fault, reason) in [
        (CertificateFault::Expired, "expired"),
        (CertificateFault::NotYetValid, "not valid yet"),
        (CertificateFault::WrongHost, "not valid for name"),
        (CertificateFault::UnknownAuthority, "BadSignature"),
    ] {
        let simulator = start(|builder| builder.certificate_fault(fault)).await;
        let told = refusal(&simulator, &client(&simulator).build().unwrap()).await;
        assert!(told.contains(reason), "{fault:?}: {told}");
        let careless = Client::builder().no_proxy().tls_danger_accept_invalid_certs(true).build().unwrap();
        assert_eq!(status(&simulator, &careless).await, 401, "{fault:?}");
    }
}

#[test]
fn certificate_faults_have_names_in_files() {
    #[derive(Debug, Deserialize)]
    struct File {
        certificate: CertificateFault,
    }
    let read = |name: &str| toml::from_str::<File>(&format!("certificate = \"{name}\"")).map(|file| file.certificate);
    assert_eq!(read("expired").unwrap(), CertificateFault::Expired);
    assert_eq!(read("not_yet_valid").unwrap(), CertificateFault::NotYetValid);
    assert_eq!(read("wrong_host").unwrap(), CertificateFault::WrongHost);
    assert_eq!(read("unknown_authority").unwrap(), CertificateFault::UnknownAuthority);
    assert!(read("revoked").unwrap_err().to_string().contains("`wrong_host`"));
}

#[tokio::test]
async fn network_faults_also_work_with_tls() {
    let simulator = start(|builder| builder.fault(Fault::truncated()).fault(Fault::reset())).await;
    let mut stream = connect(&simulator, &[]).await;
    let mut bytes = Vec::new();
    ask(&mut stream).await;
    let end = stream.read_to_end(&mut bytes).await;
    assert!(bytes.ends_with(b"{\n  \"num_re"), "{}", String::from_utf8_lossy(&bytes));
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof, "without a farewell of TLS");

    let mut stream = connect(&simulator, &[]).await;
    ask(&mut stream).await;
    let end = stream.read_to_end(&mut bytes).await;
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
}
