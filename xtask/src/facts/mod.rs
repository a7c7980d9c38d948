//! The facts of a release: an OpenAPI document, as readers put it together, and its text.

mod known;
mod part;
mod write;

pub use known::unknown_member;
pub(crate) use known::{FLAGS, LIMITS};
pub use part::Places;
pub(crate) use part::{Part, Parts, Rows, path_to};
pub(crate) use write::quoted;
pub use write::write;
