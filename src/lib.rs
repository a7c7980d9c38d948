#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// The generated code names types of this crate by an absolute path.
extern crate self as ontap_ipsec;

mod answer;
mod apply;
mod attempt;
pub mod bindings;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod clock;
mod comparison;
mod connect;
mod create;
mod credentials;
mod endpoint;
mod environment;
mod error;
mod error_code;
mod exchange;
mod fields;
pub mod hooks;
mod itinerary;
mod limits;
mod lookup;
mod normal;
mod pages;
mod pem;
mod policies;
mod policy;
mod protocol;
mod proxies;
mod query;
mod redaction;
mod references;
mod requests;
mod retry;
mod rules;
mod secret;
mod tls;
mod tokens;
mod trace;
pub mod values;

pub use apply::Applied;
pub use bindings::types;
pub use client::{Client, Query};
pub use clock::{Clock, SystemClock};
pub use connect::ClientBuilder;
pub use credentials::Credentials;
pub use error::{Error, ErrorArgument, ErrorKind};
pub use error_code::{ErrorCode, Operation};
pub use fields::{Field, SortKey};
pub use pages::Page;
pub use policies::Policies;
pub use policy::{Authentication, PolicyScope};
pub use protocol::Protocol;
pub use query::Filter;
pub use retry::RetryPolicy;
pub use secret::SecretKey;
