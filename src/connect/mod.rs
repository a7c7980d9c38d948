//! Setting up a client.

pub(crate) mod builder;
pub(crate) mod connection;
pub(crate) mod credentials;
mod environment;
mod pem;
mod proxies;
pub(crate) mod tls;
pub(crate) mod tokens;
mod variables;
