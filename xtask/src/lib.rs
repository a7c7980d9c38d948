//! Keeps the curated OpenAPI document honest.
//!
//! [`mod@reference`] reads the vendor's pages, in either of their forms, into [`facts`]; [`spec`] reads the curated document;
//! [`compare`] sets the two against each other and gives [`finding`]s, each with what would mend it; [`deviations`] takes
//! out those that stand there on purpose; [`wording`] knows which of the vendor's sentences somebody has read; [`render`]
//! shows the rest. [`mod@regenerate`] makes the changes that findings name, through [`patch`], and [`releases`] compares the
//! facts of two releases, [`versions`] two versions of the document; what their reports have in common is in [`changelist`].
//! Only the commands, and [`inputs`] and [`released`] for them, touch files.
//!
//! [`mod@site`] shows the document to people who read.
//! [`catalogue`] lists what the spec has as flat tables, which [`mod@export`] writes for others to read.

pub mod catalogue;
pub mod changelist;
pub mod compare;
pub mod deviations;
pub mod diff;
#[path = "../../codegen/document.rs"]
mod document;
pub mod export;
pub mod extract;
pub mod facts;
pub mod finding;
pub mod inputs;
mod markdown;
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
pub mod site;
pub mod spec;
pub mod versions;
pub mod wording;
pub mod workspace;
