//! Shows findings.

pub mod text;
