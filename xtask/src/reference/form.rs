//! The two forms that the vendor's pages come in.

use super::text::Block;
use super::{Fault, asciidoc, text};

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Text taken from a PDF: one file for all operations, with tabs between the cells of its tables.
    Text,
    /// AsciiDoc: one file for each operation.
    AsciiDoc,
}

impl Form {
    /// The form of `page`, which its content tells; the names of files tell nothing.
    pub(crate) fn of(page: &str) -> Self {
        let begins = page.lines().find(|line| !line.trim().is_empty());
        if begins.is_some_and(asciidoc::is_front_matter) || page.lines().any(asciidoc::is_sign) {
            Self::AsciiDoc
        } else {
            Self::Text
        }
    }

    /// The blocks of `page`, which is in this form.
    pub(crate) fn blocks(self, page: &str) -> Result<Vec<Block>, Fault> {
        match self {
            Self::Text => text::blocks(page),
            Self::AsciiDoc => asciidoc::blocks(page),
        }
    }
}
