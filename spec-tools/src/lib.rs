//! Releases the curated OpenAPI document, and shows it to people and to programs.
//!
//! [`versions`] compares two versions of the document as they are written, and finds the step between their numbers.
//! [`mod@site`] and [`mod@export`] show the document; [`catalogue`] has the tables of both.
//! Only the commands, and `released` and `generated` for them, touch files.

pub mod catalogue;
pub mod changes;
pub mod export;
mod generated;
pub mod release;
mod released;
pub mod schemas;
pub mod site;
pub mod versions;
