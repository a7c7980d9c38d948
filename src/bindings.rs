//! The bindings: a builder for each operation and a type for each schema, generated from `spec/ontap-ipsec.yaml`.
//!
//! [`crate::Client`] is what most callers want. Through [`crate::Client::bindings`] all that the API has is at hand, on
//! the same connection and with the same credentials. An [`Error`] from here becomes a [`crate::Error`] by `into()`;
//! do so before it is printed, since its own text can hold whole answers and headers.

// Generated: documented where the spec has words, in the generator's style.
#![allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all)]

include!(concat!(env!("OUT_DIR"), "/client.rs"));
