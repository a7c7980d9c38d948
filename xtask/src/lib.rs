//! Keeps the curated OpenAPI document honest.
//!
//! [`mod@reference`] reads what the vendor documents into an OpenAPI document of facts. [`openapi`] is the one model of such
//! documents and of the curated one. `difference` pairs the parts of two documents by what goes over the wire. Two policies
//! stand on the pairs: [`drift`] compares the curated document with the facts, and [`releases`] the facts of two releases.
//! [`versions`] compares two versions of the curated document as they are written. All give [`finding`]s, which [`render`]
//! shows. [`mod@regenerate`] makes the changes that findings name, through [`patch`].
//!
//! [`mod@site`] and [`mod@export`] show the curated document to people and to programs; [`catalogue`] has the tables of both.
//! Only the commands, and [`inputs`], [`released`] and `generated` for them, touch files.

pub mod catalogue;
pub mod class;
pub mod diff;
mod difference;
#[path = "../../codegen/document.rs"]
mod document;
pub mod drift;
pub mod export;
pub mod extract;
pub mod facts;
pub mod finding;
mod generated;
pub mod inputs;
mod markdown;
pub mod openapi;
pub mod outcome;
pub mod patch;
pub mod place;
pub mod reference;
pub mod regenerate;
pub mod release_spec;
pub mod released;
pub mod releases;
pub mod render;
pub mod rule;
pub mod rules;
pub mod schemas;
mod shell;
pub mod site;
pub mod versions;
pub mod workspace;
