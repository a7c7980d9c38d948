//! What each target looks at.

use xtask::facts::{Documented, write};
use xtask::reference::{Input, read};

/// Reads a page; if that works, writes the facts and reads those.
pub fn check(name: &str, text: &str) {
    let Ok(page) = read(&[Input { path: name, name, text }], "9.15.1") else { return };
    let written = write(&page.facts);
    match Documented::parse("facts.yaml", &written) {
        Ok(parsed) => assert_eq!(parsed.facts, page.facts, "{written}"),
        Err(error) => panic!("{error}\n{written}"),
    }
}
