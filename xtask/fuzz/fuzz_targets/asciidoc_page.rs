//! Any text, read as a page in AsciiDoc.

#![no_main]

mod round_trip;
#[path = "../../tests/shorthand/asciidoc.rs"]
mod shorthand;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| round_trip::check("page.adoc", &shorthand::written_out(text)));
