//! Each operation against each fault of the network and of the response. A test for each fault has a row for each
//! operation: the result for the caller, and the requests that the cluster sees.
//!
//! No fault leads to another host, and no secret shows: not in the error, its sources, or the traces (see
//! `support::watch`). Most faults repeat the request to the client, as pages of gateways do, so that there is something
//! to leak.

use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use crate::support::time::{TIMEOUT, clock};
use crate::support::watch::{ENCODED, SECRETS};
use crate::support::{Act, PASSWORD, TOKEN, UUID, Wire, policy, raw};
use ontap_ipsec::ErrorKind::{Api, Transport, UnexpectedResponse};
use ontap_ipsec::types::{IpsecPolicy, IpsecPolicyModify};
use ontap_ipsec::{Client, Credentials, Error, ErrorKind, Operation};
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

/// What is called.
#[derive(Clone, Copy, Debug)]
enum Call {
    List,
    Page,
    Create,
    Get,
    Modify,
    Delete,
}

/// The result.
#[derive(Debug, PartialEq)]
struct Cell {
    /// The caller's result: the policies of a list or a get by name; for a create, that the UUID is the policy's.
    gives: String,
    fails: Option<Failure>,
    /// The requests that the cluster sees: L(ist), G(et), C(reate), M(odify), D(elete), or `-` for a connection without a
    /// request.
    requests: String,
}

#[derive(Debug, PartialEq)]
struct Failure {
    kind: ErrorKind,
    said: Said,
    retryable: bool,
    attempts: u32,
}

/// The parts of the response that the error has.
#[derive(Debug, PartialEq)]
struct Said {
    status: Option<u16>,
    code: Option<String>,
}

/// The cluster did not answer, or not legibly.
fn nothing() -> Said {
    Said { status: None, code: None }
}

/// A status, and no code of ONTAP's.
fn http(status: u16) -> Said {
    Said { status: Some(status), code: None }
}

fn ontap(status: u16, code: &str) -> Said {
    Said { status: Some(status), code: Some(code.to_owned()) }
}

/// `Error::is_retryable`.
const AGAIN: bool = true;
const FINAL: bool = false;

fn good(gives: &str, requests: &str) -> Cell {
    Cell { gives: gives.to_owned(), fails: None, requests: requests.to_owned() }
}

fn fails(kind: ErrorKind, said: Said, retryable: bool, attempts: u32, requests: &str) -> Cell {
    let failure = Failure { kind, said, retryable, attempts };
    Cell { gives: String::new(), fails: Some(failure), requests: requests.to_owned() }
}

impl Cell {
    /// Sets the records that a list returns before it fails.
    fn having_given(self, gives: &str) -> Self {
        Self { gives: gives.to_owned(), ..self }
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident: $scene:expr => {
        list: $list:expr, $(page: $page:expr,)? create: $create:expr, get: $get:expr, modify: $modify:expr, delete: $delete:expr $(,)?
    })*) => {$(
        $(#[$doc])*
        #[tokio::test]
        async fn $name() {
            let scene = $scene;
            let wrong = [
                scene.gives(Call::List, $list).await,
                // A single page fares as a list does, unless said otherwise.
                scene.gives(Call::Page, [$($page,)? $list].into_iter().next().unwrap()).await,
                scene.gives(Call::Create, $create).await,
                scene.gives(Call::Get, $get).await,
                scene.gives(Call::Modify, $modify).await,
                scene.gives(Call::Delete, $delete).await,
            ]
            .concat();
            assert!(wrong.is_empty(), "{}:\n{}", stringify!($name), wrong.join("\n"));
        }
    )*};
}

// The request does not reach the cluster. All requests can be repeated safely, creates too.
faults! {
    connection_refused: refused() => {
        list:   fails(Transport, nothing(), AGAIN, 4, ""),
        create: fails(Transport, nothing(), AGAIN, 4, ""),
        get:    fails(Transport, nothing(), AGAIN, 4, ""),
        modify: fails(Transport, nothing(), AGAIN, 4, ""),
        delete: fails(Transport, nothing(), AGAIN, 4, ""),
    }
    /// It is no better the next time.
    tls_certificate_not_trusted: untrusted() => {
        list:   fails(Transport, nothing(), FINAL, 1, "-"),
        create: fails(Transport, nothing(), FINAL, 1, "-"),
        get:    fails(Transport, nothing(), FINAL, 1, "-"),
        modify: fails(Transport, nothing(), FINAL, 1, "-"),
        delete: fails(Transport, nothing(), FINAL, 1, "-"),
    }
    /// A cluster whose web server restarts: nothing of the request was sent yet.
    tls_handshake_broken_off: always(Fault::ResetUnread).by_https() => {
        list:   fails(Transport, nothing(), AGAIN, 4, "----"),
        create: fails(Transport, nothing(), AGAIN, 4, "----"),
        get:    fails(Transport, nothing(), AGAIN, 4, "----"),
        modify: fails(Transport, nothing(), AGAIN, 4, "----"),
        delete: fails(Transport, nothing(), AGAIN, 4, "----"),
    }
}

// No whole response comes, and the cluster may have acted. Reads and deletes are sent again; a change is not. After a
// create, the policy is looked for; the look is a read, and shares the attempts of the create.
faults! {
    reset_before_the_request_is_read: always(Fault::ResetUnread) => {
        list:   fails(Transport, nothing(), AGAIN, 4, "----"),
        create: fails(Transport, nothing(), AGAIN, 1, "----"),
        get:    fails(Transport, nothing(), AGAIN, 4, "----"),
        modify: fails(Transport, nothing(), AGAIN, 1, "-"),
        delete: fails(Transport, nothing(), AGAIN, 4, "----"),
    }
    reset_before_the_request_is_read_once: once(Fault::ResetUnread) => {
        list:   good("other", "-L"),
        create: good("created", "-LC"),
        get:    good("ours", "-G"),
        modify: fails(Transport, nothing(), AGAIN, 1, "-"),
        delete: good("", "-D"),
    }
    reset_after_the_request_is_read: always(Fault::Reset) => {
        list:   fails(Transport, nothing(), AGAIN, 4, "LLLL"),
        create: fails(Transport, nothing(), AGAIN, 1, "CLLL"),
        get:    fails(Transport, nothing(), AGAIN, 4, "GGGG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: fails(Transport, nothing(), AGAIN, 4, "DDDD"),
    }
    reset_after_the_request_is_read_once: once(Fault::Reset) => {
        list:   good("other", "LL"),
        create: good("created", "CLC"),
        get:    good("ours", "GG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: good("", "DD"),
    }
    slow_headers: always(Fault::SlowHead) => {
        list:   fails(Transport, nothing(), AGAIN, 4, "LLLL"),
        create: fails(Transport, nothing(), AGAIN, 1, "CLLL"),
        get:    fails(Transport, nothing(), AGAIN, 4, "GGGG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: fails(Transport, nothing(), AGAIN, 4, "DDDD"),
    }
    slow_headers_once: once(Fault::SlowHead) => {
        list:   good("other", "LL"),
        create: good("created", "CLC"),
        get:    good("ours", "GG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: good("", "DD"),
    }
    slow_body: always(Fault::SlowBody) => {
        list:   fails(Transport, nothing(), AGAIN, 4, "LLLL"),
        create: fails(Transport, nothing(), AGAIN, 1, "CLLL"),
        get:    fails(Transport, nothing(), AGAIN, 4, "GGGG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: fails(Transport, nothing(), AGAIN, 4, "DDDD"),
    }
    slow_body_once: once(Fault::SlowBody) => {
        list:   good("other", "LL"),
        create: good("created", "CLC"),
        get:    good("ours", "GG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: good("", "DD"),
    }
    truncated_body: always(Fault::Answer(truncated)) => {
        list:   fails(Transport, nothing(), AGAIN, 4, "LLLL"),
        create: fails(Transport, nothing(), AGAIN, 1, "CLLL"),
        get:    fails(Transport, nothing(), AGAIN, 4, "GGGG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: fails(Transport, nothing(), AGAIN, 4, "DDDD"),
    }
    content_length_too_long: always(Fault::Answer(|asked| of_length(asked, 10))) => {
        list:   fails(Transport, nothing(), AGAIN, 4, "LLLL"),
        create: fails(Transport, nothing(), AGAIN, 1, "CLLL"),
        get:    fails(Transport, nothing(), AGAIN, 4, "GGGG"),
        modify: fails(Transport, nothing(), AGAIN, 1, "M"),
        delete: fails(Transport, nothing(), AGAIN, 4, "DDDD"),
    }
}

// A 2xx response that is not ONTAP's or cannot be read. A retry would get the same. A create may have been carried out,
// so that the policy is looked for.
faults! {
    content_length_too_short: always(Fault::Answer(|asked| of_length(asked, -1))) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(201), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    /// It may be cut, or be what somebody wrote: nothing but the JSON tells. A read is not sent again for it.
    cut_without_a_length: always(Fault::Answer(cut)) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(200), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    garbage: always(Fault::Answer(|asked| success(asked, format!("}}{{{}", asked.echo())))) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(201), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    /// A page that asks for a login deleted nothing.
    html_200: always(Fault::Answer(|asked| page(asked, "200 OK"))) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(200), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    /// The policy is looked for and is not there: it is not sent again, for what came was no refusal.
    html_200_once: once(Fault::Answer(|asked| page(asked, "200 OK"))) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(200), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    hundred_megabytes: always(Fault::Flood(|asked| chunk_without_end(asked, FLOOD))) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(201), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    /// The client asks for no compression and undoes none, so that a few bytes stay a few.
    compressed_bomb: always(Fault::Answer(|asked| bomb(asked, &[("Content-Encoding", "gzip")]))) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(201), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    compressed_bomb_that_does_not_say_so: always(Fault::Answer(|asked| bomb(asked, &[]))) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(201), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(200), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(200), FINAL, 1, "D"),
    }
    /// Two values for one name: which one is meant? Only what is read can be read wrongly, which for a change and a
    /// delete is nothing.
    duplicate_keys: always(Fault::Answer(duplicate)) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(201), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
    /// As above.
    invalid_utf_8: always(Fault::Answer(latin_1)) => {
        list:   fails(UnexpectedResponse, http(200), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(201), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
}

// A success, but of another kind than the documented one.
faults! {
    /// The cluster has begun, and may fail yet. That is no success: a caller who believes in the change leaves traffic in the
    /// clear.
    accepted_with_a_job: always(Fault::Answer(job)) => {
        list:   fails(UnexpectedResponse, http(202), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(202), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(202), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(202), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(202), FINAL, 1, "D"),
    }
    /// The same without a job, which tells even less.
    accepted_without_a_word: always(Fault::Answer(|_| raw("202 Accepted", &[], ""))) => {
        list:   fails(UnexpectedResponse, http(202), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(202), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(202), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(202), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(202), FINAL, 1, "D"),
    }
    /// A 204 is enough if the operation returns nothing. After a create, only the list tells what was made.
    no_content: always(Fault::Answer(without_content)) => {
        list:   fails(UnexpectedResponse, http(204), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(204), FINAL, 1, "CL"),
        get:    fails(UnexpectedResponse, http(204), FINAL, 1, "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
    records_null: always(Fault::Answer(|asked| success(asked, r#"{"records":null,"num_records":0}"#))) => {
        list:   good("", "L"),
        create: good("created", "C"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
    /// Not an empty list: who takes it for one creates what is there.
    records_null_although_there_are_some: always(Fault::Answer(|asked| {
        success(asked, r#"{"records":null,"num_records":5}"#)
    })) => {
        list:   fails(UnexpectedResponse, nothing(), FINAL, 1, "L"),
        // It can have been asked for no records; `num_records` tells.
        page:   good("", "L"),
        create: good("created", "C"),
        get:    fails(UnexpectedResponse, http(200), FINAL, 1, "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
    unknown_enum_value: always(Fault::Answer(newer)) => {
        list:   good("other/esp_tunnel", "L"),
        create: good("created", "C"),
        get:    good("ours/esp_tunnel", "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
    /// The records before the link are good; other operations ignore links.
    next_link_to_another_host: always(Fault::Answer(|asked| {
        linking(asked, &format!("{}/api/security/ipsec/policies?start.uuid=x", asked.elsewhere))
    })) => {
        list:   fails(UnexpectedResponse, nothing(), FINAL, 0, "L").having_given("other"),
        page:   good("other", "L"),
        create: good("created", "C"),
        get:    good("ours", "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
    /// Nothing is given twice.
    next_link_in_a_loop: always(Fault::Answer(|asked| linking(asked, "/api/security/ipsec/policies?start.uuid=x"))) => {
        list:   fails(UnexpectedResponse, nothing(), FINAL, 1, "LL").having_given("other"),
        page:   good("other", "L"),
        create: good("created", "C"),
        get:    good("ours", "G"),
        modify: good("", "M"),
        delete: good("", "D"),
    }
}

// A failure, or a response that is not ONTAP's.
faults! {
    /// The cluster may have acted before the gateway gave up. Only a create is not sent again for that.
    html_502: always(Fault::Answer(|asked| page(asked, "502 Bad Gateway"))) => {
        list:   fails(UnexpectedResponse, http(502), AGAIN, 4, "LLLL"),
        create: fails(UnexpectedResponse, http(502), AGAIN, 1, "CLLL"),
        get:    fails(UnexpectedResponse, http(502), AGAIN, 4, "GGGG"),
        modify: fails(UnexpectedResponse, http(502), AGAIN, 4, "MMMM"),
        delete: fails(UnexpectedResponse, http(502), AGAIN, 4, "DDDD"),
    }
    html_502_once: once(Fault::Answer(|asked| page(asked, "502 Bad Gateway"))) => {
        list:   good("other", "LL"),
        create: good("created", "CLC"),
        get:    good("ours", "GG"),
        modify: good("", "MM"),
        delete: good("", "DD"),
    }
    empty_503: always(Fault::Answer(|_| raw("503 Service Unavailable", &[], ""))) => {
        list:   fails(UnexpectedResponse, http(503), AGAIN, 4, "LLLL"),
        create: fails(UnexpectedResponse, http(503), AGAIN, 1, "CLLL"),
        get:    fails(UnexpectedResponse, http(503), AGAIN, 4, "GGGG"),
        modify: fails(UnexpectedResponse, http(503), AGAIN, 4, "MMMM"),
        delete: fails(UnexpectedResponse, http(503), AGAIN, 4, "DDDD"),
    }
    empty_503_once: once(Fault::Answer(|_| raw("503 Service Unavailable", &[], ""))) => {
        list:   good("other", "LL"),
        create: good("created", "CLC"),
        get:    good("ours", "GG"),
        modify: good("", "MM"),
        delete: good("", "DD"),
    }
    /// Turned away at the door: a create can be sent again without a look.
    busy_429: always(Fault::Answer(busy)).pausing(SEVEN_SECONDS) => {
        list:   fails(Api, ontap(429, "262160"), AGAIN, 4, "LLLL"),
        create: fails(Api, ontap(429, "262160"), AGAIN, 4, "CCCC"),
        get:    fails(Api, ontap(429, "262160"), AGAIN, 4, "GGGG"),
        modify: fails(Api, ontap(429, "262160"), AGAIN, 4, "MMMM"),
        delete: fails(Api, ontap(429, "262160"), AGAIN, 4, "DDDD"),
    }
    busy_429_once: once(Fault::Answer(busy)).pausing(SEVEN_SECONDS) => {
        list:   good("other", "LL"),
        create: good("created", "CC"),
        get:    good("ours", "GG"),
        modify: good("", "MM"),
        delete: good("", "DD"),
    }
    /// A token is renewed once.
    unauthorized_401: always(Fault::Answer(unauthorized)).with_tokens() => {
        list:   fails(Api, ontap(401, "6691623"), FINAL, 2, "LL"),
        create: fails(Api, ontap(401, "6691623"), FINAL, 2, "CC"),
        get:    fails(Api, ontap(401, "6691623"), FINAL, 2, "GG"),
        modify: fails(Api, ontap(401, "6691623"), FINAL, 2, "MM"),
        delete: fails(Api, ontap(401, "6691623"), FINAL, 2, "DD"),
    }
    unauthorized_401_once: once(Fault::Answer(unauthorized)).with_tokens() => {
        list:   good("other", "LL"),
        create: good("created", "CC"),
        get:    good("ours", "GG"),
        modify: good("", "MM"),
        delete: good("", "DD"),
    }
    /// To follow it would hand over the key and the credentials.
    redirect_to_another_host: always(Fault::Answer(|asked| {
        raw("307 Temporary Redirect", &[("Location", &format!("{}/api", asked.elsewhere))], asked.echo())
    })) => {
        list:   fails(UnexpectedResponse, http(307), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(307), FINAL, 1, "C"),
        get:    fails(UnexpectedResponse, http(307), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(307), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(307), FINAL, 1, "D"),
    }
    /// To the very page that was asked for.
    endless_redirect: always(Fault::Answer(|asked| {
        raw("302 Found", &[("Location", asked.path())], asked.echo())
    })) => {
        list:   fails(UnexpectedResponse, http(302), FINAL, 1, "L"),
        create: fails(UnexpectedResponse, http(302), FINAL, 1, "C"),
        get:    fails(UnexpectedResponse, http(302), FINAL, 1, "G"),
        modify: fails(UnexpectedResponse, http(302), FINAL, 1, "M"),
        delete: fails(UnexpectedResponse, http(302), FINAL, 1, "D"),
    }
    numeric_error_code: always(Fault::Answer(|asked| {
        let error = json!({ "error": { "code": 4, "message": asked.echo(), "target": asked.echo() } });
        raw("404 Not Found", &[], error.to_string())
    })) => {
        list:   fails(Api, ontap(404, "4"), FINAL, 1, "L"),
        create: fails(Api, ontap(404, "4"), FINAL, 1, "C"),
        get:    fails(Api, ontap(404, "4"), FINAL, 1, "G"),
        modify: fails(Api, ontap(404, "4"), FINAL, 1, "M"),
        delete: fails(Api, ontap(404, "4"), FINAL, 1, "D"),
    }
    /// The value that ONTAP repeats need not be UTF-8; the code is kept.
    invalid_utf_8_in_an_error: always(Fault::Answer(|_| {
        raw("400 Bad Request", &[], b"{\"error\":{\"code\":\"262185\",\"message\":\"no \xfcber\"}}")
    })) => {
        list:   fails(Api, ontap(400, "262185"), FINAL, 1, "L"),
        create: fails(Api, ontap(400, "262185"), FINAL, 1, "C"),
        get:    fails(Api, ontap(400, "262185"), FINAL, 1, "G"),
        modify: fails(Api, ontap(400, "262185"), FINAL, 1, "M"),
        delete: fails(Api, ontap(400, "262185"), FINAL, 1, "D"),
    }
}

/// A request, as a server can see it.
struct Asked<'a> {
    text: &'a str,
    /// The URL of another host.
    elsewhere: &'a str,
}

impl Asked<'_> {
    fn path(&self) -> &str {
        self.text.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns the letter for [`Cell::requests`].
    fn letter(&self) -> char {
        match self.text.split(' ').next() {
            Some("GET") if self.path().contains("/policies?") => 'L',
            Some("GET") => 'G',
            Some("POST") => 'C',
            Some("PATCH") => 'M',
            Some("DELETE") => 'D',
            Some("") => '-',
            _ => '?',
        }
    }

    /// All of the request, credentials, key and all, as gateways show it that seek their own fault, and the password if
    /// it was sent.
    fn echo(&self) -> String {
        let password = if self.text.contains(ENCODED) { PASSWORD } else { "" };
        format!("{}\n{password}", self.text)
    }
}

/// A success that ONTAP could answer, with this body.
fn success(asked: &Asked, body: impl AsRef<[u8]>) -> Vec<u8> {
    with_headers(asked, &[], body)
}

fn with_headers(asked: &Asked, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let path = format!("/api/security/ipsec/policies/{UUID}");
    let mut all = vec![("Content-Type", "application/hal+json")];
    all.extend(headers);
    if asked.letter() == 'C' {
        all.push(("Location", &path));
        raw("201 Created", &all, body)
    } else {
        raw("200 OK", &all, body)
    }
}

/// Returns ONTAP's body for the requested policies, with these members added.
fn content(asked: &Asked, members: &Value) -> Value {
    let policy = |name: &str| {
        let mut policy = json!({ "name": name, "uuid": UUID });
        policy.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        policy
    };
    match asked.letter() {
        'L' => json!({ "records": [policy("other")], "num_records": 1 }),
        'C' => json!({ "records": [policy("ours")], "num_records": 1 }),
        'G' => policy("ours"),
        _ => json!({}),
    }
}

fn right(asked: &Asked) -> Vec<u8> {
    success(asked, content(asked, &json!({})).to_string())
}

/// Of a newer ONTAP.
fn newer(asked: &Asked) -> Vec<u8> {
    success(asked, content(asked, &json!({ "action": "esp_tunnel", "scope": "fleet" })).to_string())
}

/// Ends within a chunk.
fn truncated(asked: &Asked) -> Vec<u8> {
    [chunk_without_end(asked, 1000), br#"{"records":["#.to_vec()].concat()
}

/// Ends with the connection, and too early.
fn cut(asked: &Asked) -> Vec<u8> {
    let body = content(asked, &json!({})).to_string();
    format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", &body[..body.len() - 1]).into_bytes()
}

/// A success up to a chunk of so many bytes.
fn chunk_without_end(asked: &Asked, bytes: usize) -> Vec<u8> {
    let status = if asked.letter() == 'C' { "201 Created" } else { "200 OK" };
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{bytes:x}\r\n").into_bytes()
}

/// Right but for its length, which is said to be so many bytes more.
fn of_length(asked: &Asked, more: isize) -> Vec<u8> {
    let body = content(asked, &json!({})).to_string();
    let said = body.len().saturating_add_signed(more);
    let answer = String::from_utf8(success(asked, &body)).unwrap();
    answer.replace(&format!("Content-Length: {}", body.len()), &format!("Content-Length: {said}")).into_bytes()
}

/// A page of something that is not ONTAP.
fn page(asked: &Asked, status: &str) -> Vec<u8> {
    raw(status, &[("Content-Type", "text/html")], format!("<html><pre>{}</pre></html>", asked.echo()))
}

fn job(asked: &Asked) -> Vec<u8> {
    let path = format!("/api/security/ipsec/policies/{UUID}");
    let link = json!({ "self": { "href": format!("/api/cluster/jobs/{UUID}") } });
    let body = json!({ "job": { "uuid": UUID, "_links": link }, "note": asked.echo() });
    raw("202 Accepted", &[("Location", &path)], body.to_string())
}

fn without_content(_: &Asked) -> Vec<u8> {
    b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec()
}

fn busy(asked: &Asked) -> Vec<u8> {
    let body = json!({ "error": { "code": "262160", "message": asked.echo() } });
    raw("429 Too Many Requests", &[("Retry-After", "7")], body.to_string())
}

fn unauthorized(asked: &Asked) -> Vec<u8> {
    let argument = json!({ "code": asked.echo(), "message": asked.echo() });
    let body = json!({ "error": { "code": "6691623", "message": asked.echo(), "arguments": [argument] } });
    raw("401 Unauthorized", &[("WWW-Authenticate", "Bearer")], body.to_string())
}

fn duplicate(asked: &Asked) -> Vec<u8> {
    success(
        asked,
        match asked.letter() {
            'G' => format!(r#"{{"uuid":"{UUID}","name":"ours","name":"other"}}"#),
            _ => format!(r#"{{"records":[{{"uuid":"{UUID}","name":"ours","name":"other"}}],"x":1,"x":2}}"#),
        },
    )
}

fn latin_1(asked: &Asked) -> Vec<u8> {
    let body: &[u8] = match asked.letter() {
        'G' => b"{\"uuid\":\"7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11\",\"name\":\"\xfcber\"}",
        _ => b"{\"records\":[{\"name\":\"\xfcber\"}],\"num_records\":1}",
    };
    success(asked, body)
}

/// Right, with a link to the next page.
fn linking(asked: &Asked, next: &str) -> Vec<u8> {
    let mut body = content(asked, &json!({}));
    body["_links"] = json!({ "next": { "href": next } });
    success(asked, body.to_string())
}

/// Makes 100 KB of gzip (RFC 1952) that become 16 MB. A block of deflate's fixed codes (RFC 1951, section 3.2.6) begins
/// with a space. Copies of the longest length from one byte before follow.
fn bomb(asked: &Asked, headers: &[(&str, &str)]) -> Vec<u8> {
    // Last block, fixed codes; the code for a space.
    let mut bits = vec![true, true, false];
    let mut code = |value: u16, length: u32| bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    code(0x30 + 0x20, 8);
    for _ in 0..16 * 1024 * 1024 / 258 {
        // Length 258, distance 1.
        code(0b1100_0101, 8);
        code(0, 5);
    }
    // The end of the block.
    code(0, 7);
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    bytes.extend(bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))));
    with_headers(asked, headers, bytes)
}

const SEVEN_SECONDS: Duration = Duration::from_secs(7);

/// What goes wrong.
#[derive(Clone, Copy)]
enum Fault {
    ResetUnread,
    Reset,
    /// No more than the first bytes come before the time-out does.
    SlowHead,
    /// No more than the head and the first bytes of the body come before the time-out does.
    SlowBody,
    /// Sends all bytes at once.
    Answer(fn(&Asked) -> Vec<u8>),
    /// This head is followed by a hundred megabytes.
    Flood(fn(&Asked) -> Vec<u8>),
}

/// How much follows a [`Fault::Flood`]'s head.
const FLOOD: usize = 100 << 20;

/// A cluster with a fault, and who asks it.
struct Scene {
    place: Place,
    /// Whether the second response is right, and those after it.
    once: bool,
    tokens: bool,
    /// The length of all pauses.
    pauses: Option<Duration>,
}

enum Place {
    Faulty(Fault),
    FaultyByHttps(Fault),
    Refused,
    Untrusted,
}

fn always(fault: Fault) -> Scene {
    Scene { place: Place::Faulty(fault), once: false, tokens: false, pauses: None }
}

fn once(fault: Fault) -> Scene {
    Scene { once: true, ..always(fault) }
}

/// A port where nobody listens.
fn refused() -> Scene {
    Scene { place: Place::Refused, ..always(Fault::Reset) }
}

/// A server with a certificate of its own making.
fn untrusted() -> Scene {
    Scene { place: Place::Untrusted, ..always(Fault::Reset) }
}

/// The cluster that the client sees, and the test of the client.
struct Cluster {
    url: String,
    seen: Box<dyn Fn() -> Vec<String>>,
    /// How much was taken of each flood.
    flooded: Arc<Mutex<Vec<usize>>>,
    floods: usize,
    /// Lives as long as the cluster does.
    _server: Option<Box<dyn std::any::Any>>,
}

impl Scene {
    fn by_https(self) -> Self {
        match self.place {
            Place::Faulty(fault) => Self { place: Place::FaultyByHttps(fault), ..self },
            _ => self,
        }
    }

    /// With tokens that are renewed, in place of a password.
    fn with_tokens(self) -> Self {
        Self { tokens: true, ..self }
    }

    fn pausing(self, pause: Duration) -> Self {
        Self { pauses: Some(pause), ..self }
    }

    /// Runs the operation, and tells what of it is not as expected.
    async fn gives(&self, call: Call, expected: Cell) -> Vec<String> {
        let clock = clock();
        let elsewhere = Wire::answering([crate::support::json("200 OK", "{}")]).await;
        let cluster = self.cluster(&clock, elsewhere.url()).await;
        let client = Client::builder(&cluster.url)
            .allow_plain_http()
            .credentials(if self.tokens { tokens() } else { Credentials::basic("admin", PASSWORD) })
            .only_ca_certificate(STRANGER.as_str())
            .clock(clock.clone())
            .read_timeout(TIMEOUT)
            .timeout(TIMEOUT * 2)
            .retry(crate::support::patient())
            .build()
            .unwrap();
        let (gives, error) = call.run(&client).await;
        let seen = (cluster.seen)();
        let requests = seen.iter().map(|text| Asked { text, elsewhere: "" }.letter()).collect();
        let cell = Cell { gives, fails: error.as_ref().map(failure), requests };

        let mut wrong = Vec::new();
        let words = error.as_ref().map(ToString::to_string).unwrap_or_default();
        if cell != expected {
            wrong.push(format!("gives {cell:?}\n and not {expected:?}\n {words}"));
        }
        if error.as_ref().is_some_and(|error| error.operation() != Some(call.operation())) {
            wrong.push(format!("is said to be another operation: {words}"));
        }
        let texts = error.as_ref().map(texts).unwrap_or_default();
        wrong.extend(
            SECRETS.iter().filter(|secret| texts.contains(*secret)).map(|_| format!("shows a secret: {texts}")),
        );
        if !elsewhere.requests().is_empty() {
            wrong.push("asked another host".to_owned());
        }
        if seen.iter().any(|request| request.to_ascii_lowercase().contains("accept-encoding")) {
            wrong.push("asked for compression".to_owned());
        }
        if self.pauses.is_some_and(|pause| clock.pauses() != vec![pause; seen.len() - 1]) {
            wrong.push(format!("paused for {:?}", clock.pauses()));
        }
        if cluster.was_drained().await {
            wrong.push("read all that came".to_owned());
        }
        wrong.into_iter().map(|wrong| format!("{call:?} {wrong}")).collect()
    }

    async fn cluster(&self, clock: &ontap_ipsec::TestClock, elsewhere: &str) -> Cluster {
        let fault = match self.place {
            Place::Faulty(fault) | Place::FaultyByHttps(fault) => fault,
            Place::Refused => return Cluster::refusing(),
            Place::Untrusted => return Cluster::untrusted().await,
        };
        let flooded = Arc::new(Mutex::new(Vec::new()));
        let mut acts = vec![fault.act(clock, elsewhere, &flooded)];
        if self.once {
            acts.push(by(elsewhere, |asked| Act::Answer(right(asked))));
        }
        let wire = Arc::new(Wire::doing(acts).await);
        let url = match self.place {
            Place::FaultyByHttps(_) => wire.url().replace("http:", "https:"),
            _ => wire.url().to_owned(),
        };
        let server = Arc::clone(&wire);
        Cluster {
            url,
            seen: Box::new(move || wire.requests()),
            flooded,
            floods: usize::from(matches!(fault, Fault::Flood(_))),
            _server: Some(Box::new(server)),
        }
    }
}

impl Fault {
    fn act(self, clock: &ontap_ipsec::TestClock, elsewhere: &str, flooded: &Arc<Mutex<Vec<usize>>>) -> Act {
        let (clock, flooded) = (clock.clone(), Arc::clone(flooded));
        match self {
            Self::ResetUnread => Act::ResetUnread,
            Self::Reset => Act::Reset,
            Self::SlowHead => by(elsewhere, move |asked| {
                // Connecting and the first piece, and for a list ONTAP's `return_timeout`.
                let patience = Duration::from_secs(if asked.letter() == 'L' { 10 + 15 } else { 10 });
                let clock = clock.clone();
                Act::Stall(b"HTTP/1.1 2".to_vec(), Box::new(move || clock.expire(TIMEOUT + patience)))
            }),
            Self::SlowBody => by(elsewhere, move |asked| {
                let clock = clock.clone();
                let mut bytes = right(asked);
                bytes.pop();
                Act::Stall(bytes, Box::new(move || clock.expire(TIMEOUT)))
            }),
            Self::Answer(answer) => by(elsewhere, move |asked| Act::Answer(answer(asked))),
            Self::Flood(head) => by(elsewhere, move |asked| {
                let flooded = Arc::clone(&flooded);
                Act::Flood(head(asked), FLOOD, Box::new(move |taken| flooded.lock().unwrap().push(taken)))
            }),
        }
    }
}

fn by(elsewhere: &str, act: impl Fn(&Asked) -> Act + Send + Sync + 'static) -> Act {
    let elsewhere = elsewhere.to_owned();
    Act::By(Box::new(move |text| act(&Asked { text, elsewhere: &elsewhere })))
}

impl Cluster {
    /// A socket that does not listen keeps its port from others who would.
    fn refusing() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        Self { url, seen: Box::new(Vec::new), flooded: Arc::default(), floods: 0, _server: Some(Box::new(socket)) }
    }

    async fn untrusted() -> Self {
        let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        params.not_before = (SystemTime::now() - Duration::from_secs(24 * 60 * 60)).into();
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let (acceptor, seen) = (TlsAcceptor::from(Arc::new(config)), Arc::new(Mutex::new(Vec::new())));
        let requests = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let index = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(String::new());
                    seen.len() - 1
                };
                match acceptor.accept(stream).into_fallible().await {
                    Ok(mut stream) => {
                        let request = crate::support::read(&mut stream).await;
                        seen.lock().unwrap()[index] = request;
                    }
                    // A connection that is closed with something unread takes the alert with it.
                    Err((_, mut stream)) => drop(stream.read_to_end(&mut Vec::new()).await),
                }
            }
        });
        let seen = Box::new(move || requests.lock().unwrap().clone());
        Self { url, seen, flooded: Arc::default(), floods: 0, _server: None }
    }

    /// Waits until the floods have ended, and tells whether one was taken to its end.
    async fn was_drained(&self) -> bool {
        let floods = self.floods * (self.seen)().len();
        while self.flooded.lock().unwrap().len() < floods {
            tokio::task::yield_now().await;
        }
        self.flooded.lock().unwrap().contains(&FLOOD)
    }
}

/// The certificate of an authority that no server here is of. To read those of the system takes most of a test's time.
static STRANGER: LazyLock<String> = LazyLock::new(|| {
    let params = CertificateParams::default();
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
});

/// A new token whenever one is asked for.
fn tokens() -> Credentials {
    let asked = AtomicUsize::new(0);
    Credentials::bearer_from(move || {
        let token = format!("{}.{TOKEN}", asked.fetch_add(1, Ordering::SeqCst));
        async move { Ok::<_, std::io::Error>(token) }
    })
}

impl Call {
    fn operation(self) -> Operation {
        match self {
            Self::List | Self::Page => Operation::IpsecPolicyCollectionGet,
            Self::Create => Operation::IpsecPolicyCreate,
            Self::Get => Operation::IpsecPolicyGet,
            Self::Modify => Operation::IpsecPolicyModify,
            Self::Delete => Operation::IpsecPolicyDelete,
        }
    }

    /// Returns the result, in the form of [`Cell::gives`], and the error.
    async fn run(self, client: &Client) -> (String, Option<Error>) {
        let changes = IpsecPolicyModify::default().with_enabled(false);
        let outcome = match self {
            Self::List => return list(client).await,
            Self::Page => client.policies().list().page().await.map(|page| all_shown(&page.records)),
            Self::Create => client.policies().create(&policy()).await.map(|uuid| created(uuid).to_owned()),
            Self::Get => client.policies().get(UUID).await.map(|policy| shown(&policy)),
            Self::Modify => client.policies().modify(UUID, &changes).await.map(|()| String::new()),
            Self::Delete => client.policies().delete(UUID).await.map(|()| String::new()),
        };
        match outcome {
            Ok(gives) => (gives, None),
            Err(error) => (String::new(), Some(error)),
        }
    }
}

fn created(uuid: Uuid) -> &'static str {
    if uuid == UUID { "created" } else { "another" }
}

async fn list(client: &Client) -> (String, Option<Error>) {
    let mut policies = client.policies().list().stream();
    let mut given = Vec::new();
    loop {
        match policies.try_next().await {
            Ok(Some(policy)) => given.push(policy),
            Ok(None) => return (all_shown(&given), None),
            Err(error) => {
                assert!(policies.try_next().await.unwrap().is_none(), "a list ends with its error");
                return (all_shown(&given), Some(error));
            }
        }
    }
}

fn all_shown(policies: &[IpsecPolicy]) -> String {
    policies.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn shown(policy: &IpsecPolicy) -> String {
    let action = policy.action.as_ref().map(|action| format!("/{action}")).unwrap_or_default();
    format!("{}{action}", policy.name.as_deref().unwrap_or("unnamed"))
}

fn failure(error: &Error) -> Failure {
    let said = Said {
        status: error.status().map(|status| status.as_u16()),
        code: error.code().map(|code| code.as_str().to_owned()),
    };
    Failure { kind: error.kind(), said, retryable: error.is_retryable(), attempts: error.attempts() }
}

/// All that an error shows.
fn texts(error: &Error) -> String {
    let (target, arguments) = (error.target(), error.arguments());
    let mut texts = format!("{error} {error:?} {error:#?} {} {target:?} {arguments:?}", error.message());
    let mut source = error.source();
    while let Some(cause) = source {
        texts += &format!(" {cause} {cause:?} {cause:#?}");
        source = cause.source();
    }
    texts
}
