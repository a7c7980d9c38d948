//! The work that is counted: each piece as often as it is told to.

use std::hint::black_box;

use clap::ValueEnum;
use ontap_ipsec::{Client, Credentials};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::canned::{self, Answers, Server, answer};
use crate::plain;

/// How many policies a page holds.
pub(crate) const PAGE: usize = 500;

/// More pages than any run reads.
const PAGES: usize = 16;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub(crate) enum Work {
    /// A list is read, so many pages of it.
    List,
    /// The body of such a page is decoded, without a request.
    Decode,
    /// A policy is created.
    Create,
    /// A policy is read.
    Get,
    /// A policy is changed.
    Modify,
    /// A policy is deleted.
    Delete,
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub(crate) enum By {
    /// The client.
    OntapIpsec,
    /// Code by hand.
    Plain,
    /// The least that can be done: the same bytes go and come, and nothing is made of them. For a list, reqwest moves
    /// them, for a single request a bare connection.
    Floor,
}

impl Work {
    /// All that is one request each.
    pub(crate) const REQUESTS: [Self; 4] = [Self::Create, Self::Get, Self::Modify, Self::Delete];

    /// Returns the name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Returns the repetitions of two runs. Their difference is the cost of the work alone, without that of the program.
    pub(crate) fn times(self) -> [usize; 2] {
        match self {
            Self::List | Self::Decode => [4, 12],
            _ => [100, 500],
        }
    }

    fn answers(self, times: usize) -> Answers {
        let records = if self == Self::List { canned::records(PAGE) } else { String::new() };
        let page = |next| answer("200 OK", "", &canned::page(&records, PAGE, next));
        let inner = match self {
            Self::List => (1..=PAGES).map(|next| page(Some(next))).collect(),
            Self::Decode => Vec::new(),
            Self::Create => {
                let location = format!("location: /api/security/ipsec/policies/{}\r\n", canned::UUID);
                vec![answer("201 Created", &location, "{}")]
            }
            Self::Get => vec![answer("200 OK", "", &canned::policy(1).to_string())],
            Self::Modify | Self::Delete => vec![answer("200 OK", "", "{}")],
        };
        // It is made in every run, of however many pages.
        let last = (self == Self::List).then(|| (times - 1, page(None)));
        Answers { inner, last }
    }
}

impl By {
    /// Returns the name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Does the work, and gives the bytes of the last request.
pub(crate) fn run(work: Work, by: By, times: usize) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = Server::start(work.answers(times)).await;
        match (work, by) {
            (Work::Decode, _) => decode(times),
            (_, By::OntapIpsec) => ours(work, &server, times).await,
            (_, By::Plain) => by_hand(work, &server, times).await,
            (Work::List, By::Floor) => read_pages(&server, times).await,
            (_, By::Floor) => exchange_bytes(work, &server, times).await,
        }
        server.latest()
    })
}

fn uuid() -> Uuid {
    canned::UUID.parse().expect("a UUID")
}

fn decode(times: usize) {
    let page = canned::page(&canned::records(PAGE), PAGE, Some(1)).into_bytes();
    for _ in 0..times {
        let answer: plain::Answer = serde_json::from_slice(black_box(&page)).expect("a page");
        assert_eq!(black_box(answer).records.len(), PAGE);
    }
}

async fn ours(work: Work, server: &Server, times: usize) {
    let credentials = Credentials::basic(canned::USER, canned::PASSWORD);
    let builder = Client::builder(&server.url).allow_plain_http().credentials(credentials);
    let client = builder.build().expect("a client");
    let policy = serde_json::from_value(canned::new_policy()).expect("a policy");
    let changes = serde_json::from_value(canned::changes()).expect("changes");
    if work == Work::List {
        let mut policies = client.policies().list().max_records(PAGE as u64).stream();
        let mut read = 0;
        while let Some(policy) = policies.try_next().await.expect("a policy") {
            black_box(policy);
            read += 1;
        }
        assert_eq!(read, times * PAGE);
        return;
    }
    for _ in 0..times {
        match work {
            Work::List | Work::Decode => {}
            Work::Create => assert_eq!(client.policies().create(&policy).await.expect("a UUID"), uuid()),
            Work::Get => drop(black_box(client.policies().get(uuid()).await.expect("a policy"))),
            Work::Modify => client.policies().modify(uuid(), &changes).await.expect("a change"),
            Work::Delete => client.policies().delete(uuid()).await.expect("an end"),
        }
    }
}

async fn by_hand(work: Work, server: &Server, times: usize) {
    let client = plain::Client::new(&server.url);
    let policy = serde_json::from_value(canned::new_policy()).expect("a policy");
    let changes = serde_json::from_value(canned::changes()).expect("changes");
    if work == Work::List {
        assert_eq!(client.list(PAGE).await, times * PAGE);
        return;
    }
    for _ in 0..times {
        match work {
            Work::List | Work::Decode => {}
            Work::Create => assert_eq!(client.create(&policy).await, uuid()),
            Work::Get => drop(black_box(client.get(uuid()).await)),
            Work::Modify => client.modify(uuid(), &changes).await,
            Work::Delete => client.delete(uuid()).await,
        }
    }
}

async fn read_pages(server: &Server, times: usize) {
    let client = plain::Client::new(&server.url);
    let url = client.first_page(PAGE);
    for _ in 0..times {
        black_box(client.bytes(&url).await);
    }
}

async fn exchange_bytes(work: Work, server: &Server, times: usize) {
    by_hand(work, server, 1).await;
    let request = server.latest();
    let answer = work.answers(1).inner.swap_remove(0);
    let mut read = vec![0; answer.len()];
    let mut stream = TcpStream::connect(&server.address).await.expect("a connection");
    for _ in 0..times {
        stream.write_all(&request).await.expect("a server that reads");
        stream.read_exact(&mut read).await.expect("a response");
        assert_eq!(black_box(&read), &answer);
    }
}
