//! A client for IPsec on NetApp ONTAP clusters, from ONTAP 9.8 to 9.19.1.
//!
//! | you want to | start at |
//! |---|---|
//! | connect to a cluster | [`Client::from_env`], [`Client::builder`], [`Credentials`] |
//! | bring policies to the desired state | [`Policies::apply`], [`Policies::apply_all`], [`Policies::plan`] |
//! | create, read, change and delete policies | [`Policies`] |
//! | switch IPsec on, and set its options | [`Config`] |
//! | let IPsec trust a CA certificate | [`CaCertificates`] |
//! | see which peers are protected | [`Policies::established`], [`SecurityAssociations`] |
//! | filter and order lists | [`Filter`], [`Field`] |
//! | call one operation of the API | [`Client::operations`], [`operations`] |
//! | handle errors | [`Error`], [`ErrorKind`], [`ErrorCode`] |
//! | set retries and time limits | [`RetryPolicy`], [`ClientBuilder`] |
//! | use no async runtime | `blocking`, a feature |
//!
//! # Example
//! ```no_run
//! use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate};
//! use ontap_ipsec::{Authentication, Client, Protocol};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?;
//! let key = Authentication::psk(std::fs::read_to_string("psk")?.trim_end());
//! let policy = IpsecPolicyCreate::esp_transport("nfs-to-hosts", "svm1", key)
//!     .with_local_endpoint("192.0.2.10".parse::<IpsecEndpoint>()?.with_port(2049))
//!     .with_remote("198.51.100.0/24")?
//!     .with_protocol(Protocol::Tcp);
//! let applied = client.policies().apply(&policy).await?;
//! println!("{:?} {}", applied.change, applied.uuid);
//! # Ok(())
//! # }
//! ```
//!
//! The program prints `Created` and the UUID of the policy. When the program runs again, it prints `Unchanged`.
//!
//! # From a policy that should exist to one that does
//! [`Policies::apply`] is idempotent: it looks for the policy by SVM and name, then creates it, modifies the fields that
//! differ, or changes nothing. [`Policies::plan`] returns what `apply` would do. [`Policies::apply_all`] does the same for many
//! policies, and writes only those that differ. [`Policies::create`] and [`Policies::modify`] are not idempotent; they send what
//! they are told.
//!
//! A policy protects traffic once IPsec is on and the peer agrees. [`Config::enable`] switches IPsec on.
//! [`Policies::established`] waits for the association of a policy, and its error says why there is none.
//!
//! # Errors
//! All calls return one type, [`Error`]. [`Error::kind`] says who can fix the failure. [`Error::code`] is ONTAP's code, with
//! [`ErrorCode::summary`] and [`ErrorCode::remedy`]. [`Error::is_retryable`], [`is_not_found`](Error::is_not_found),
//! [`is_conflict`](Error::is_conflict), [`is_auth`](Error::is_auth) and [`is_timeout`](Error::is_timeout) test for the usual
//! cases. No error holds a key, a password or a token.
//!
//! # Limits
//! The client retries what is safe to repeat: [`RetryPolicy`] has the rules, and [`RetryPolicy::deadline`] (2 minutes) holds for a
//! whole call. A client runs 6 requests at a time, reads at most 64 MiB of a response, and follows no redirect;
//! [`ClientBuilder`] sets these limits. A page of a list has as many records as ONTAP sends, 10,000 at most.
//!
//! # Releases
//! [`ClientBuilder::release`] makes the client refuse what the cluster's release does not have, before anything is sent.
//! [`Field::introduced`], [`Operation::introduced`] and [`ErrorCode::introduced`] say which release brought a name.
//!
//! # Features
//! | feature | for |
//! |---|---|
//! | `rustls`, the default | TLS by rustls, with the cryptography of aws-lc-rs |
//! | `rustls-ring` | TLS by rustls, with the cryptography of ring |
//! | `native-tls` | TLS by the system's library |
//! | `blocking` | the client without an async runtime |
//! | `schemars` | `JsonSchema` for the generated types |
//! | `serialize-error` | serde's `Serialize` for [`Error`] |
//!
//! # Tests
//! The crate `ontap-ipsec-simulator` is a look-alike of a cluster for tests. [`TestClock`] makes pauses take no time, and
//! [`Error::new`] makes errors for tests of a program's own error handling.
#![cfg_attr(docsrs, feature(doc_cfg))]

// The generated code names types of this crate by an absolute path.
extern crate self as ontap_ipsec;

#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod clock;
mod connect;
mod error;
mod error_code;
mod exchange;
mod limits;
mod model;
pub mod operations;
mod redaction;
mod release;
mod retry;
mod task;

/// The OpenAPI document that this crate is generated from, as YAML, for programs that serve it or check with it.
/// `info.x-ontap-spec-version` is the version of the document.
pub const SPEC: &str = include_str!("../spec/ontap-ipsec.yaml");

pub use client::{
    Applied, AppliedAll, CaCertificates, Change, Client, Config, Page, Plan, PlannedAll, Policies, PolicyStream,
    RecordStream, SecurityAssociations,
};
pub use clock::{Clock, SystemClock, TestClock};
pub use connect::builder::ClientBuilder;
pub use connect::credentials::Credentials;
pub use error::{Error, ErrorArgument, ErrorKind};
pub use error_code::{ErrorCode, Operation};
pub use exchange::Response;
pub use model::fields::{Field, SortKey};
pub use model::filter::Filter;
pub use model::policy::{Authentication, PolicyScope};
pub use model::protocol::Protocol;
pub use model::secret::SecretKey;
pub use model::{types, values};
pub use release::{InvalidRelease, Release};
pub use reqwest::StatusCode;
pub use retry::RetryPolicy;
pub use {ipnet, reqwest, uuid};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
