//! Any text, read as a page taken from a PDF.

#![no_main]

mod round_trip;
#[allow(dead_code)]
#[path = "../../tests/shorthand/mod.rs"]
mod shorthand;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| round_trip::check("page.txt", &shorthand::written_out(text)));
