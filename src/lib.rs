#![doc = include_str!("../README.md")]

// The generated code names types of this crate by an absolute path.
extern crate self as ontap_ipsec;

mod answer;
pub mod bindings;
mod client;
mod connect;
mod credentials;
mod environment;
mod error;
mod error_code;
pub mod hooks;
mod pages;
mod pem;
mod proxies;
mod query;
mod redaction;
mod requests;
mod secret;
mod tls;
mod tokens;
pub mod values;

pub use bindings::types;
pub use client::{Client, Query};
pub use connect::ClientBuilder;
pub use credentials::Credentials;
pub use error::{Error, ErrorArgument, ErrorKind};
pub use error_code::{ErrorCode, Operation};
pub use pages::{Page, Policies};
pub use secret::SecretKey;
