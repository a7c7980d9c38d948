//! Keeps the curated OpenAPI document honest.
//!
//! [`mod@reference`] reads the vendor's page into [`facts`], [`spec`] reads the curated document, [`compare`] sets the two
//! against each other and gives [`finding`]s, [`deviations`] takes out those that stand there on purpose, and [`render`]
//! shows the rest. [`extract`] and [`diff`] are the commands: the only modules that touch files.

pub mod compare;
pub mod deviations;
pub mod diff;
#[path = "../../codegen/document.rs"]
mod document;
pub mod extract;
pub mod facts;
pub mod finding;
pub mod outcome;
pub mod patch;
pub mod place;
pub mod reference;
pub mod render;
pub mod spec;
pub mod workspace;
