//! What a client sees of the simulator, one module for each capability.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that stops has failed")]

mod auth;
mod cluster;
mod codes;
mod create;
mod delete;
mod errors;
mod list;
mod modify;
mod program;
mod read;
mod recording;
mod rig;
mod tls;
