//! Tests of the simulator from a client's view, one module for each feature.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that stops has failed")]

mod abuse;
mod associations;
mod auth;
mod authorities;
mod certificates;
mod cluster;
mod codes;
mod config;
mod create;
mod delete;
mod differences;
mod documented;
#[cfg(unix)]
mod durability;
mod errors;
mod expressions;
mod facts;
mod fault_files;
mod fault_requests;
mod faults;
mod filters;
mod inspection;
mod jobs;
mod list;
mod many;
mod modify;
mod order;
mod overview;
mod parameters;
mod post_quantum;
mod program;
mod properties;
mod read;
mod recorded;
mod recording;
mod release;
mod resources;
mod rig;
mod side_by_side;
mod state;
mod state_file;
mod tls;
mod tokens;
mod tunnel;
mod wire;
