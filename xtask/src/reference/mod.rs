//! Reads the vendor's reference pages. Whatever a page holds that these readers do not know is an error: a list must
//! never come out shorter because a row was not understood.

mod asciidoc;
mod definitions;
mod description;
mod form;
mod operation;
mod page;
mod quirks;
mod rows;
mod table;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::facts::{Facts, Operation, Page, digest};

/// A page that cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}: found {found}, expected {expected}")]
pub struct ReadError {
    /// The page's file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
}

/// What a page leaves out, or says in a way that may not be meant.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}: found {found}, expected {expected}")]
pub struct Warning {
    /// The page's file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
}

/// What pages say.
#[derive(Debug)]
pub struct Read {
    /// The facts.
    pub facts: Facts,
    /// The file that each operation was found in, as the user names it.
    pub pages: BTreeMap<String, String>,
    /// What should be looked at.
    pub warnings: Vec<Warning>,
}

/// A [`ReadError`] whose file is known further up.
#[derive(Debug)]
pub(crate) struct Fault {
    line: u64,
    found: String,
    expected: String,
}

impl Fault {
    fn new(line: u64, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { line, found: found.into(), expected: expected.into() }
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn in_file(self, file: &str) -> ReadError {
        ReadError { file: file.to_owned(), line: self.line, found: self.found, expected: self.expected }
    }

    fn warning_in(self, file: &str) -> Warning {
        Warning { file: file.to_owned(), line: self.line, found: self.found, expected: self.expected }
    }
}

/// A page as it was found.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// How the user names the file.
    pub path: &'a str,
    /// The file's name alone, which goes into the facts.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
}

/// Reads the facts out of `pages`, which are about `release`.
///
/// # Errors
/// If there is anything in them that is not understood.
pub fn read(pages: &[Input<'_>], release: &str) -> Result<Read, ReadError> {
    let mut operations = BTreeMap::new();
    let mut places = BTreeMap::new();
    let mut warnings = Vec::new();
    for input in pages {
        let located = |fault: Fault| fault.in_file(input.path);
        let page = page::read(input.text, release).map_err(located)?;
        warnings.extend(page.odd.into_iter().map(|fault| fault.warning_in(input.path)));
        for (line, key, operation) in page.operations {
            if operations.contains_key(&key) {
                let fault = Fault::new(line, format!("`{key}` once more"), "each operation only once");
                return Err(fault.in_file(input.path));
            }
            places.insert(key.clone(), input.path.to_owned());
            operations.insert(key, operation);
        }
    }
    warnings.extend(undeleted(&operations, &places));
    let mut pages: Vec<Page> =
        pages.iter().map(|input| Page { file: input.name.to_owned(), sha256: digest(input.text.as_bytes()) }).collect();
    pages.sort_by(|a, b| a.file.cmp(&b.file));
    let facts = Facts { release: release.to_owned(), pages, operations };
    Ok(Read { facts, pages: places, warnings })
}

/// What can be read or changed can be deleted as a rule; if no page says how, one has been left out.
fn undeleted(operations: &BTreeMap<String, Operation>, places: &BTreeMap<String, String>) -> Vec<Warning> {
    let mut told = BTreeSet::new();
    let mut warnings = Vec::new();
    for (key, operation) in operations {
        let Some(path) = key.strip_prefix("GET ").or_else(|| key.strip_prefix("PATCH ")) else { continue };
        let deletion = format!("DELETE {path}");
        if path.ends_with('}') && !operations.contains_key(&deletion) && told.insert(path) {
            let expected = format!("a page that describes `{deletion}` too, which none does");
            let fault = Fault::new(operation.origin.line, format!("`{key}`"), expected);
            warnings.push(fault.warning_in(places.get(key).map_or("", String::as_str)));
        }
    }
    warnings
}
