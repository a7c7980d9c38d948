//! Reads the vendor's reference pages, and the API document that clusters serve. A part that the readers do not know is an
//! error: a list must never come out shorter because a row was not understood.

/// Refuses what does not hold: tells the line, what was found and what was expected.
macro_rules! ensure {
    ($holds:expr, $line:expr, $found:expr, $expected:expr) => {
        if !$holds {
            return Err($crate::reference::Fault::new($line, $found, $expected));
        }
    };
}

mod asciidoc;
mod definitions;
mod description;
mod operation;
mod page;
mod quirks;
mod rows;
mod swagger;
mod table;
mod text;

use serde_json::Value;
use thiserror::Error;

use crate::facts::{Part, Parts, Places};
use crate::openapi::digest;

/// A page that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
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

/// A part that a page leaves out, or states in a way that may not be meant.
pub type Warning = ReadError;

/// What was read.
#[derive(Debug)]
pub struct Read {
    /// The facts: an OpenAPI document. Operations that no page describes come from the API document.
    pub document: Value,
    /// The file, as the user names it, and the line in which each part of the document was read.
    pub places: Places,
    /// The facts of the API document alone, and their places, if pages were read too.
    pub other: Option<(Value, Places)>,
    /// The warnings.
    pub warnings: Vec<Warning>,
}

/// A [`ReadError`] whose file is known further up.
type Fault = ReadError;

impl Fault {
    fn new(line: u64, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { file: String::new(), line, found: found.into(), expected: expected.into() }
    }

    fn in_file(self, file: &str) -> Self {
        Self { file: file.to_owned(), ..self }
    }
}

/// The content of the sources of one kind, as far as they were read.
#[derive(Debug, Default)]
struct Reading {
    parts: Parts,
    /// The file that is being read, as the user names it.
    file: String,
    odd: Vec<Warning>,
}

impl Reading {
    /// Adds an operation with this method and path, such as `GET /security/ipsec/policies`.
    fn operation(&mut self, line: u64, key: &str, part: Part) -> Result<(), Fault> {
        let (method, path) = key.split_once(' ').unwrap_or_default();
        let place = (path.to_owned(), method.to_ascii_lowercase());
        match self.parts.operations.insert(place, (self.file.clone(), line, part)) {
            Some(_) => Err(Fault::new(line, format!("`{key}` once more"), "each operation only once")),
            None => Ok(()),
        }
    }

    /// Adds a schema of this name.
    fn schema(&mut self, line: u64, name: String, part: Part) {
        self.parts.schemas.insert(name, (self.file.clone(), line, part));
    }

    /// Adds what does no harm and should be looked at.
    fn warn(&mut self, fault: Fault) {
        self.odd.push(fault.in_file(&self.file));
    }
}

/// A page as it was found.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// How the user names the file.
    pub path: &'a str,
    /// The file's name alone, which goes into the facts.
    pub name: &'a str,
    /// The content.
    pub text: &'a str,
}

/// Reads the facts out of `inputs`, which are about `release`.
///
/// # Errors
/// If there is anything in them that is not understood.
pub fn read(inputs: &[Input<'_>], release: &str) -> Result<Read, ReadError> {
    let (mut pages, mut swagger) = (Reading::default(), Reading::default());
    for input in inputs {
        let is_swagger = input.text.lines().any(swagger::is_sign);
        let reading = if is_swagger { &mut swagger } else { &mut pages };
        input.path.clone_into(&mut reading.file);
        reading.parts.sources.push((input.name.to_owned(), digest(input.text.as_bytes())));
        let reader = if is_swagger { swagger::read } else { page::read };
        reader(input.text, release, reading).map_err(|fault| fault.in_file(input.path))?;
    }
    let mut warnings = [pages.odd, swagger.odd].concat();
    let (mut parts, other) = (pages.parts, swagger.parts);
    warnings.extend(undeleted(&parts, &other));
    let both = !parts.operations.is_empty() && !other.operations.is_empty();
    parts.fill_from(&other);
    let (document, places) = parts.document(release);
    Ok(Read { document, places, other: both.then(|| other.document(release)), warnings })
}

/// Warns of a resource that is created and that no page deletes: as a rule, a page has been left out. What is only read or
/// changed may well stay, and a cluster's own document leaves out no operation of its paths.
fn undeleted(pages: &Parts, swagger: &Parts) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut told = "";
    for ((path, method), (file, line, _)) in &pages.operations {
        let Some((collection, _)) = path.rsplit_once('/').filter(|(_, last)| last.ends_with('}')) else { continue };
        let creation = (collection.to_owned(), "post".to_owned());
        let is_created = [pages, swagger].iter().any(|parts| parts.operations.contains_key(&creation));
        let mut of_cluster = swagger.operations.range((path.clone(), String::new())..);
        let is_whole = of_cluster.next().is_some_and(|((other, _), _)| other == path);
        let is_deleted = is_whole || pages.operations.contains_key(&(path.clone(), "delete".to_owned()));
        if ["get", "patch"].contains(&method.as_str()) && path != told && is_created && !is_deleted {
            told = path;
            let found = format!("`{} {path}` and `POST {collection}`", method.to_ascii_uppercase());
            let expected =
                format!("a page that describes `DELETE {path}` too: as a rule, what can be created can be deleted");
            warnings.push(Fault::new(*line, found, expected).in_file(file));
        }
    }
    warnings
}
