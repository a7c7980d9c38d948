//! Keeps the curated OpenAPI document honest.
//!
//! [`mod@reference`] reads what the vendor documents into an OpenAPI document of facts. [`openapi`] is the one model of such
//! documents and of the curated one. `difference` pairs the parts of two documents by what goes over the wire. Two policies
//! stand on the pairs: [`drift`] compares the curated document with the facts, and [`releases`] the facts of two releases.
//! Both give [`finding`]s, which [`render`] shows. [`mod@regenerate`] makes the changes that findings name, through [`patch`].
//!
//! Only the commands, and [`inputs`] for them, touch files.

pub mod class;
pub mod diff;
mod difference;
#[path = "../../codegen/document.rs"]
mod document;
pub mod drift;
pub mod extract;
pub mod facts;
pub mod finding;
pub mod inputs;
pub mod markdown;
pub mod openapi;
pub mod outcome;
pub mod patch;
pub mod place;
pub mod reference;
pub mod regenerate;
pub mod releases;
pub mod render;
pub mod rule;
pub mod rules;
mod shell;
pub mod workspace;
