//! The client and the spec as users see them, one module for each capability.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that stops has failed")]

mod answers;
mod apply;
mod apply_all;
#[cfg(feature = "blocking")]
mod blocking;
mod comparing;
mod connections;
mod credentials;
mod error_codes;
#[cfg(feature = "serialize-error")]
mod error_json;
mod errors;
mod established;
mod extensions;
mod faults;
mod filters;
mod handles;
#[cfg(feature = "schemars")]
mod json_schema;
mod lifecycle;
mod limits;
mod lost_answers;
mod pages;
mod proxies;
mod queries;
mod real_clusters;
mod releases;
mod requests;
mod resources;
mod retries;
#[path = "support/schema.rs"]
mod schema;
mod secrets;
mod simulator_fits_spec;
mod spec;
mod support;
mod tls;
mod writing;
mod yaml;
