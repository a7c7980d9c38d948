//! The commands as users see them, one module for each capability.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests may stop the world")]

mod exporting;
mod released;
mod schemas;
mod site;
mod versions;
