#![doc = include_str!("../README.md")]
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

/// The OpenAPI document that this crate is generated from, as YAML: for programs that serve it, or check with it. Its own
/// version is `info.x-ontap-spec-version`.
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
