#![doc = include_str!("../README.md")]

// The generated code names types of this crate by an absolute path.
extern crate self as ontap_ipsec;

mod answer;
pub mod bindings;
mod client;
mod connect;
mod credentials;
mod error;
mod error_code;
mod fields;
pub mod hooks;
mod pages;
mod query;
mod requests;
mod secret;
pub mod values;

pub use bindings::types;
pub use client::{Client, Query};
pub use connect::ClientBuilder;
pub use credentials::Credentials;
pub use error::{Error, ErrorArgument, ErrorKind};
pub use error_code::{ErrorCode, Operation};
pub use fields::{Field, SortKey};
pub use pages::{Page, Policies};
pub use query::Filter;
pub use secret::SecretKey;
