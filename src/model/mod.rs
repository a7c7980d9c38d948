//! Policies and the other resources: types, values, and the rules between them.

pub(crate) mod body;
mod endpoint;
pub(crate) mod fields;
pub(crate) mod filter;
pub(crate) mod list;
pub(crate) mod normal;
pub(crate) mod policy;
pub(crate) mod protocol;
mod records;
mod references;
pub(crate) mod rules;
pub(crate) mod secret;
pub mod types;
pub mod values;
mod written;
