//! What each target looks at.

#[path = "../../../../codegen/document.rs"]
#[allow(dead_code, reason = "only part of the reader is needed here")]
mod document;

use document::Document;
use xtask::facts::write;
use xtask::reference::{Input, read};

/// Reads a page; if that works, writes the facts and reads those.
pub fn check(name: &str, text: &str) {
    let Ok(page) = read(&[Input { path: name, name, text }], "9.15.1") else { return };
    let written = write(&page.document);
    match Document::parse(&written) {
        Ok(parsed) => assert_eq!(parsed.value, page.document, "{written}"),
        Err(error) => panic!("{error:?}\n{written}"),
    }
}
