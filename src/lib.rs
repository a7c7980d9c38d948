#![doc = include_str!("../README.md")]

// The generated code names types of this crate by an absolute path.
extern crate self as ontap_ipsec;

mod answer;
mod apply;
pub mod bindings;
mod client;
mod comparison;
mod connect;
mod credentials;
mod endpoint;
mod error;
mod error_code;
mod fields;
pub mod hooks;
mod lookup;
mod normal;
mod pages;
mod policy;
mod protocol;
mod query;
mod references;
mod requests;
mod rules;
mod secret;
pub mod values;

pub use apply::Applied;
pub use bindings::types;
pub use client::{Client, Query};
pub use connect::ClientBuilder;
pub use credentials::Credentials;
pub use error::{Error, ErrorArgument, ErrorKind};
pub use error_code::{ErrorCode, Operation};
pub use fields::{Field, SortKey};
pub use pages::{Page, Policies};
pub use policy::{Authentication, PolicyScope};
pub use protocol::Protocol;
pub use query::Filter;
pub use secret::SecretKey;
