//! Certificates of the cluster and of the client, and the errors if they do not fit.

use std::error::Error as _;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use crate::support::{PASSWORD, UUID, Wire, json, read};
use ontap_ipsec::{Client, ClientBuilder, Credentials, Error, ErrorKind};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
#[cfg(feature = "__rustls")]
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{HandshakeKind, RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A certificate and its key.
struct Identity {
    certificate: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

impl Identity {
    fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(self.key.serialize_der().into())
    }

    fn self_signed(params: &CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let Identity { certificate, pem, key } = Identity::self_signed(&params);
        Self { issuer: Issuer::new(params, key), certificate, pem }
    }

    fn signs(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.not_before = (SystemTime::now() - DAY).into();
    params.not_after = (SystemTime::now() + 30 * DAY).into();
    params
}

/// A certificate for the host that the servers here are at.
fn server() -> CertificateParams {
    let mut params = named("cluster");
    params.subject_alt_names = vec![SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST))];
    params.is_ca = IsCa::ExplicitNoCa;
    params
}

/// The certificate that ONTAP makes for itself: an authority's, for no host.
fn as_ontap_makes_it() -> CertificateParams {
    let mut params = named("cluster");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn showing(identity: &Identity) -> ServerConfig {
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], identity.key_der())
        .unwrap()
}

/// The same, and asks for a client certificate of this authority.
fn asking_for_clients_of(authority: &Authority, identity: &Identity) -> ServerConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider()).build().unwrap();
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![identity.certificate.clone()], identity.key_der())
        .unwrap()
}

/// Answers every request with a policy.
struct Server {
    url: String,
    requests: Arc<AtomicUsize>,
    resumed: Arc<AtomicUsize>,
}

impl Server {
    async fn start(config: ServerConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let (requests, resumed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (acceptor, count, short) =
            (TlsAcceptor::from(Arc::new(config)), Arc::clone(&requests), Arc::clone(&resumed));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, count, short) = (acceptor.clone(), Arc::clone(&count), Arc::clone(&short));
                tokio::spawn(async move {
                    match acceptor.accept(stream).into_fallible().await {
                        Ok(mut stream) => {
                            if stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed) {
                                short.fetch_add(1, Ordering::SeqCst);
                            }
                            if read(&mut stream).await.contains("HTTP/1.1") {
                                count.fetch_add(1, Ordering::SeqCst);
                                let answer = json("200 OK", &format!(r#"{{"uuid":"{UUID}"}}"#));
                                stream.write_all(&answer).await.unwrap();
                                stream.shutdown().await.unwrap();
                            }
                        }
                        // A connection that is closed with something unread takes the alert with it.
                        Err((_, mut stream)) => drop(stream.read_to_end(&mut Vec::new()).await),
                    }
                });
            }
        });
        Self { url, requests, resumed }
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder(&self.url).credentials(Credentials::basic("admin", PASSWORD))
    }

    async fn accepted_by(&self, builder: ClientBuilder) {
        builder.build().unwrap().policies().get(UUID).await.unwrap();
        assert_eq!(self.requests.load(Ordering::SeqCst), 1);
    }

    /// Returns the error of a client that does not trust the server, or that the server does not trust.
    async fn refused_by(&self, builder: ClientBuilder) -> String {
        let error = builder.build().unwrap().policies().get(UUID).await.unwrap_err();
        assert_eq!(self.requests.load(Ordering::SeqCst), 0, "nothing may have been sent");
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        let texts = texts(&error);
        for hidden in ["://", "/api", PASSWORD, "YWRtaW4"] {
            assert!(!texts.contains(hidden), "{texts}");
        }
        error.to_string()
    }
}

/// All that an error shows.
fn texts(error: &Error) -> String {
    let mut texts = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        texts += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    texts
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[tokio::test]
async fn an_authority_is_trusted_beside_the_systems_or_alone() {
    let authority = Authority::new("site");
    let identity = authority.signs(&server());
    let beside = Server::start(showing(&identity)).await;
    beside.accepted_by(beside.builder().ca_certificate(authority.pem.as_str())).await;
    let alone = Server::start(showing(&identity)).await;
    let two = [Authority::new("other").pem.as_str(), authority.pem.as_str()].concat();
    alone.accepted_by(alone.builder().only_ca_certificate(two)).await;
}

/// The server closes each connection after its response.
#[tokio::test]
async fn a_session_is_resumed_on_the_next_connection() {
    let authority = Authority::new("site");
    let identity = authority.signs(&server());
    let server = Server::start(showing(&identity)).await;
    let client = server.builder().ca_certificate(authority.pem.as_str()).build().unwrap();
    for _ in 0..3 {
        client.clone().policies().get(UUID).await.unwrap();
    }
    let counts = [&server.requests, &server.resumed].map(|count| count.load(Ordering::SeqCst));
    // The system's library keeps no sessions for reqwest.
    assert_eq!(counts, if cfg!(feature = "__rustls") { [3, 2] } else { [3, 0] });
}

#[cfg(feature = "__rustls")]
#[tokio::test]
async fn another_backend_of_reqwest_leaves_the_trust_as_it_is() {
    let authority = Authority::new("site");
    let server = Server::start(showing(&authority.signs(&server()))).await;
    let builder = server.builder().ca_certificate(authority.pem.as_str());
    server.accepted_by(builder.configure_http(|http| http.tls_backend_preconfigured(()))).await;
}

#[tokio::test]
async fn an_unknown_issuer() {
    let server = Server::start(showing(&Authority::new("site").signs(&server()))).await;
    let other = Authority::new("other");
    for builder in [
        server.builder(),
        server.builder().ca_certificate(other.pem.as_str()),
        server.builder().only_ca_certificate(other.pem.as_str()),
    ] {
        says(
            &server.refused_by(builder).await,
            &["an authority that is not trusted", "`ClientBuilder::ca_certificate`"],
        );
    }
}

#[tokio::test]
async fn an_expired_certificate() {
    let authority = Authority::new("site");
    let mut params = server();
    params.not_before = (SystemTime::now() - 20 * DAY).into();
    params.not_after = (SystemTime::now() - 3 * DAY - DAY / 2).into();
    let server = Server::start(showing(&authority.signs(&params))).await;
    let text = server.refused_by(server.builder().ca_certificate(authority.pem.as_str())).await;
    says(&text, &["has expired", "renew it"]);
    if cfg!(feature = "__rustls") {
        says(&text, &["3 days ago"]);
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_yet() {
    let authority = Authority::new("site");
    let mut params = server();
    params.not_before = (SystemTime::now() + 3 * DAY - DAY / 2).into();
    let server = Server::start(showing(&authority.signs(&params))).await;
    let text = server.refused_by(server.builder().ca_certificate(authority.pem.as_str())).await;
    says(&text, &["not valid yet", "clocks"]);
    if cfg!(feature = "__rustls") {
        says(&text, &["3 more days"]);
    }
}

#[tokio::test]
async fn a_certificate_for_another_host() {
    let authority = Authority::new("site");
    let mut params = server();
    params.subject_alt_names = vec![
        SanType::DnsName("cluster2.example.com".try_into().unwrap()),
        SanType::IpAddress(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
    ];
    let server = Server::start(showing(&authority.signs(&params))).await;
    let text = server.refused_by(server.builder().ca_certificate(authority.pem.as_str())).await;
    if cfg!(feature = "__rustls") {
        says(&text, &["is not for `127.0.0.1` but for cluster2.example.com, 192.0.2.1;", "connect by a name"]);
    } else {
        says(&text, &["for another host", "connect by a name"]);
    }
}

#[tokio::test]
async fn a_certificate_for_no_host() {
    let authority = Authority::new("site");
    let mut params = server();
    params.subject_alt_names.clear();
    let server = Server::start(showing(&authority.signs(&params))).await;
    let text = server.refused_by(server.builder().ca_certificate(authority.pem.as_str())).await;
    if cfg!(feature = "__rustls") {
        says(&text, &["holds no host name", "`127.0.0.1`"]);
    } else {
        says(&text, &["for another host"]);
    }
}

#[tokio::test]
async fn a_self_signed_certificate() {
    let identity = Identity::self_signed(&server());
    let untrusted = Server::start(showing(&identity)).await;
    let text = untrusted.refused_by(untrusted.builder()).await;
    if cfg!(feature = "__rustls") {
        says(&text, &["not trusted here", "`ClientBuilder::ca_certificate`"]);
    } else {
        says(&text, &["is self-signed, and not trusted here", "`ClientBuilder::ca_certificate`"]);
    }
    let trusted = Server::start(showing(&identity)).await;
    trusted.accepted_by(trusted.builder().ca_certificate(identity.pem.as_str())).await;
}

#[tokio::test]
async fn an_authority_as_a_server() {
    let mut params = server();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let identity = Identity::self_signed(&params);
    let server = Server::start(showing(&identity)).await;
    let builder = server.builder().ca_certificate(identity.pem.as_str());
    if cfg!(feature = "__rustls") {
        let text = server.refused_by(builder).await;
        says(&text, &["that of an authority (CA:TRUE)", "`ClientBuilder::pinned_certificate`"]);
    } else {
        // OpenSSL does not mind.
        server.accepted_by(builder).await;
    }
}

#[tokio::test]
async fn anyone_if_asked_for_by_its_name() {
    let server = Server::start(showing(&Identity::self_signed(&as_ontap_makes_it()))).await;
    server.accepted_by(server.builder().danger_accept_invalid_certificates()).await;
}

#[cfg(feature = "__rustls")]
#[tokio::test]
async fn a_pinned_certificate_is_trusted_whatever_it_says() {
    let mut expired = as_ontap_makes_it();
    expired.not_before = (SystemTime::now() - 20 * DAY).into();
    expired.not_after = (SystemTime::now() - DAY).into();
    for params in [server(), as_ontap_makes_it(), expired] {
        let identity = Identity::self_signed(&params);
        let server = Server::start(showing(&identity)).await;
        let old_and_new = [Identity::self_signed(&params).pem.as_str(), identity.pem.as_str()].concat();
        server.accepted_by(server.builder().pinned_certificate(old_and_new)).await;
    }
}

#[cfg(feature = "__rustls")]
#[tokio::test]
async fn another_than_the_pinned_certificate_is_not_trusted() {
    let pinned = Identity::self_signed(&as_ontap_makes_it());
    // Alike but for the key; and one that the pinned one signed.
    let twin = Identity::self_signed(&as_ontap_makes_it());
    let pinned_pem = pinned.pem.clone();
    let authority = Authority {
        issuer: Issuer::new(as_ontap_makes_it(), pinned.key),
        certificate: pinned.certificate,
        pem: pinned.pem,
    };
    let child = authority.signs(&server());
    for shown in [twin, child] {
        let server = Server::start(showing(&shown)).await;
        let text = server.refused_by(server.builder().pinned_certificate(pinned_pem.as_str())).await;
        says(&text, &["is not the pinned one"]);
    }
}

#[cfg(feature = "__rustls")]
#[tokio::test]
async fn the_pinned_certificate_without_its_key_is_not_trusted() {
    let pinned = Identity::self_signed(&as_ontap_makes_it());
    let key = aws_lc_rs::sign::any_supported_type(&Identity::self_signed(&server()).key_der()).unwrap();
    let stolen = Arc::new(CertifiedKey::new(vec![pinned.certificate.clone()], key));
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&stolen))));
        let server = Server::start(config).await;
        server.refused_by(server.builder().pinned_certificate(pinned.pem.as_str())).await;
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let (site, clients) = (Authority::new("site"), Authority::new("clients"));
    let cluster = site.signs(&server());
    let client = clients.signs(&named("operator"));
    let builder = |server: &Server| server.builder().ca_certificate(site.pem.as_str());

    let given = Server::start(asking_for_clients_of(&clients, &cluster)).await;
    let credentials = Credentials::client_certificate(client.pem.as_str(), client.key.serialize_pem());
    given.accepted_by(builder(&given).credentials(credentials)).await;

    let besides = Server::start(asking_for_clients_of(&clients, &cluster)).await;
    let both = [client.key.serialize_pem().as_str(), "and\n", client.pem.as_str()].concat();
    let credentials = Credentials::bearer("token").and_client_certificate(both.as_str(), both.as_str());
    besides.accepted_by(builder(&besides).credentials(credentials)).await;

    let missing = Server::start(asking_for_clients_of(&clients, &cluster)).await;
    says(&missing.refused_by(builder(&missing)).await, &["asks for a client certificate"]);

    let foreign = Server::start(asking_for_clients_of(&clients, &cluster)).await;
    let other = Authority::new("other").signs(&named("operator"));
    let credentials = Credentials::client_certificate(other.pem.as_str(), other.key.serialize_pem());
    let text = foreign.refused_by(builder(&foreign).credentials(credentials)).await;
    says(&text, &["does not accept the client certificate"]);
}

#[cfg(feature = "__rustls")]
#[tokio::test]
async fn a_client_certificate_goes_together_with_a_pin() {
    let clients = Authority::new("clients");
    let cluster = Identity::self_signed(&as_ontap_makes_it());
    let client = clients.signs(&named("operator"));
    let server = Server::start(asking_for_clients_of(&clients, &cluster)).await;
    let credentials = Credentials::client_certificate(client.pem.as_str(), client.key.serialize_pem());
    server.accepted_by(server.builder().pinned_certificate(cluster.pem.as_str()).credentials(credentials)).await;
}

#[tokio::test]
async fn what_does_not_speak_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // A web server that was sent something else than HTTP.
        stream.read_exact(&mut [0; 16]).await.unwrap();
        stream.write_all(&json("400 Bad Request", "{}")).await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.unwrap();
    });
    let error = Client::builder(url).build().unwrap().policies().get(UUID).await.unwrap_err();
    says(&error.to_string(), &["does not speak TLS"]);
}

#[test]
fn what_cannot_be_used_is_refused_before_anything_is_sent() {
    let identity = Identity::self_signed(&named("operator"));
    let key = identity.key.serialize_pem();
    let encrypted = key.replace("PRIVATE", "ENCRYPTED PRIVATE");
    let broken = key.replace("MI", "!!");
    let other = KeyPair::generate().unwrap().serialize_pem();
    let pem = identity.pem.as_str();
    let new = || Client::builder("https://cluster.example.com");
    let shown = |certificate: &str, key: &str| new().credentials(Credentials::client_certificate(certificate, key));
    #[cfg_attr(not(feature = "__rustls"), allow(unused_mut))]
    let mut cases = vec![
        (shown("", &key), "no certificate in PEM"),
        (shown(pem, ""), "not one private key"),
        (shown(pem, &[key.as_str(), &other].concat()), "not one private key"),
        (shown(pem, &encrypted), "is encrypted"),
        (shown(pem, &broken), "cannot be read"),
        (shown(pem, &other), "not that of the client certificate"),
        (new().ca_certificate(""), "not in PEM form"),
        (new().only_ca_certificate("none"), "not in PEM form"),
        (new().only_ca_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), "a CA certificate"),
        (new().ca_certificate(pem).danger_accept_invalid_certificates(), "choose one"),
        (new().user_agent(""), "user agent"),
        (new().user_agent("a\r\nb"), "user agent"),
        (
            Client::builder("http://cluster.example.com")
                .allow_plain_http()
                .credentials(Credentials::client_certificate(pem, key.as_str())),
            "over plain HTTP",
        ),
    ];
    #[cfg(feature = "__rustls")]
    {
        let pinned = |builder: ClientBuilder| builder.pinned_certificate(pem);
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        cases.extend([
            (shown(&pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), &key), "cannot be read"),
            (shown(garbage, &key), "the client certificate cannot be used"),
            (pinned(new().ca_certificate(pem)), "choose one"),
            (pinned(new().danger_accept_invalid_certificates()), "choose one"),
            (pinned(shown(pem, &other)), "not that of the client certificate"),
            (pinned(shown(pem, &broken)), "cannot be read"),
            (new().pinned_certificate("none"), "not in PEM form"),
        ]);
    }
    for (builder, expected) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let text = texts(&error);
        assert!(text.contains(expected), "`{expected}` is not in: {text}");
        for line in key.lines().chain(other.lines()) {
            assert!(line.len() < 8 || !text.contains(line), "{text}");
        }
    }
}

#[tokio::test]
async fn the_user_agent_can_be_set() {
    let agent = |wire: &Wire| {
        let request = wire.request();
        let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with("user-agent: ")).unwrap();
        line.split_once(' ').unwrap().1.to_owned()
    };
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"uuid":"{UUID}"}}"#))]).await;
    wire.client().policies().get(UUID).await.unwrap();
    assert_eq!(agent(&wire), concat!("ontap-ipsec/", env!("CARGO_PKG_VERSION")));
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"uuid":"{UUID}"}}"#))]).await;
    let builder = Client::builder(wire.url()).allow_plain_http().user_agent("night-shift/1.0");
    builder.build().unwrap().policies().get(UUID).await.unwrap();
    assert_eq!(agent(&wire), "night-shift/1.0");
}
