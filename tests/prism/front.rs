//! A server in front of Prism that makes Prism look like a cluster, and keeps the requests and responses.
//!
//! Prism ignores the `/api` of the spec's `servers`, and always sends the first of several examples unless told
//! otherwise.

use std::sync::{Arc, Mutex};

use ontap_ipsec::{Client, ClientBuilder, Credentials, RetryPolicy};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::support::{PASSWORD, raw, read};

/// The variable with Prism's URL.
const PRISM_URL: &str = "PRISM_URL";

/// The response that Prism is to give.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) status: u16,
    pub(crate) media_type: String,
    /// The name of the example, if the response has any.
    pub(crate) example: Option<String>,
}

/// A request and its response.
pub(crate) struct Exchange {
    pub(crate) method: Method,
    /// With `/api` in front, and with the query.
    pub(crate) target: String,
    pub(crate) body: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) answer: String,
}

/// Hands requests on to Prism.
pub(crate) struct Front {
    url: String,
    wanted: Arc<Mutex<Option<Wanted>>>,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
    server: JoinHandle<()>,
}

impl Front {
    pub(crate) async fn start() -> Self {
        let prism = std::env::var(PRISM_URL).unwrap_or_else(|_| {
            panic!("{PRISM_URL} does not say where Prism is; tests/prism/run starts one, and then this test")
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let wanted = Arc::new(Mutex::new(None::<Wanted>));
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let (choice, kept) = (Arc::clone(&wanted), Arc::clone(&exchanges));
        let server = tokio::spawn(async move {
            // Prism closes idle connections, which could meet a request on its way.
            let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read(&mut stream).await;
                let chosen = choice.lock().unwrap().clone();
                let exchange = pass_on(&http, &prism, &request, chosen).await;
                let headers: Vec<_> =
                    exchange.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
                let answer = raw(&exchange.status.to_string(), &headers, &exchange.answer);
                // Kept before the client has the response, and asks what was kept.
                kept.lock().unwrap().push(exchange);
                // A client that has seen enough may have gone.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { url, wanted, exchanges, server }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on, every request is answered with this.
    pub(crate) fn want(&self, wanted: Wanted) {
        *self.wanted.lock().unwrap() = Some(wanted);
    }

    /// Returns the exchanges since the last call.
    pub(crate) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges.lock().unwrap())
    }

    /// A client that tries once.
    pub(crate) fn client(&self) -> Client {
        self.builder().credentials(Credentials::basic("admin", PASSWORD)).build().unwrap()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(self.url()).allow_plain_http().retry(RetryPolicy::off())
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass_on(http: &reqwest::Client, prism: &str, request: &str, wanted: Option<Wanted>) -> Exchange {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let mut words = lines.next().unwrap().split(' ');
    let method: Method = words.next().unwrap().parse().unwrap();
    let target = words.next().unwrap();
    // Without it, the request is not one to the API, and Prism is to say so.
    let path = target.strip_prefix("/api").unwrap_or("/not-below-api");
    let url = Url::parse(&format!("{prism}{path}")).unwrap();
    let mut onward = http.request(method.clone(), url);
    for (name, value) in lines.map(|line| line.split_once(": ").unwrap()) {
        let replaced = ["host", "connection", "content-length"].contains(&name.to_ascii_lowercase().as_str());
        let chosen = wanted.is_some() && name.eq_ignore_ascii_case("accept");
        if !replaced && !chosen {
            onward = onward.header(name, value);
        }
    }
    onward = match &wanted {
        Some(Wanted { status, media_type, example }) => {
            let example = example.iter().map(|name| format!(", example={name}")).collect::<String>();
            onward.header("Accept", media_type).header("Prefer", format!("code={status}{example}"))
        }
        None => match example(&method, target) {
            Some(name) => onward.header("Prefer", format!("example={name}")),
            None => onward,
        },
    };
    if !body.is_empty() {
        onward = onward.body(body.to_owned());
    }
    let answer = onward.send().await.expect("Prism answers");
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    // They are those of the connection to Prism.
    for name in ["connection", "keep-alive", "transfer-encoding", "content-length"] {
        headers.remove(name);
    }
    let answer = answer.text().await.unwrap();
    Exchange { method, target: target.to_owned(), body: body.to_owned(), status, headers, answer }
}

/// Chooses an example where the first one makes no sense: a list would never end, or have policies where their number was
/// asked for.
fn example(method: &Method, target: &str) -> Option<&'static str> {
    if !target.contains("/policies") {
        // Other lists have no further pages in their examples, and other creates no record.
        None
    } else if target.contains("start.uuid=") {
        Some("none")
    } else if target.contains("return_records=false") {
        Some("count")
    } else if *method == Method::POST && target.contains("return_records=true") {
        Some("record")
    } else {
        None
    }
}
