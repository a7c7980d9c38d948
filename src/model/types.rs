//! A type for each schema of the API, generated from `spec/ontap-ipsec.yaml`.
//!
//! All are `#[non_exhaustive]`, since new releases of ONTAP add members: make one by `default()` and its methods `with_`.

#![allow(clippy::all, unused_qualifications)]

include!(concat!(env!("OUT_DIR"), "/types.rs"));
