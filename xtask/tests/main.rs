//! The commands as users see them, one module for each capability. Three more modules are shared: they write or read
//! pages.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may stop the world, what they are made of too"
)]

mod asciidoc;
mod commands;
mod comparing;
mod every_part;
mod formats;
mod large;
mod later_release;
mod patching;
mod printing;
mod reading;
mod refusing;
mod releases;
mod round_trip;
mod rules;
mod swagger;

#[allow(dead_code, unreachable_pub)]
#[path = "../../codegen/document.rs"]
mod document;
mod printed;
mod shorthand;
#[path = "shorthand/asciidoc.rs"]
mod signs;
