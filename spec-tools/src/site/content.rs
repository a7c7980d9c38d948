//! The content of the pages.

use std::collections::BTreeMap;

use serde::Deserialize;
use xtask::inputs::File;
use xtask::openapi::Document;
use xtask::outcome::Failure;

use super::operations::{self, Operation};
use crate::catalogue::Catalogue;

/// The sources of the pages.
#[derive(Debug)]
pub struct Content {
    /// The document.
    pub spec: File,
    /// The facts of all releases that are documented, from the oldest to the newest.
    pub documented: Vec<Document>,
    /// How the simulator can be brought to answer with each code.
    pub triggers: Vec<ErrorTrigger>,
}

/// A way to trigger an error code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ErrorTrigger {
    /// The code.
    pub code: u64,
    /// The path of the collection or singleton that gives it; several can give one code.
    pub path: String,
    /// The kind of thing that brings it about.
    pub trigger: Trigger,
    /// The way to it, in Markdown.
    pub how: String,
}

/// A cause for which the simulator answers with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trigger {
    /// A request that breaks a rule.
    Request,
    /// A request to a cluster in a certain state.
    Cluster,
    /// The fault `error` with this code.
    Fault,
}

/// The content, read.
pub(super) struct Site<'c> {
    pub(super) spec: Document,
    pub(super) catalogue: Catalogue,
    pub(super) operations: Vec<Operation>,
    pub(super) documented: &'c [Document],
    /// The ways to each code.
    pub(super) triggers: BTreeMap<u64, Vec<&'c ErrorTrigger>>,
}

impl<'c> Site<'c> {
    /// Reads the document, and holds its codes against the simulator's.
    pub(super) fn new(content: &'c Content) -> Result<Self, Failure> {
        let spec = Document::parse(&content.spec.name, &content.spec.text)?;
        let catalogue = Catalogue::new(&spec, &content.documented)?;
        let mut triggers: BTreeMap<u64, Vec<&ErrorTrigger>> = BTreeMap::new();
        content.triggers.iter().for_each(|one| triggers.entry(one.code).or_default().push(one));
        if !spec.catalogue.keys().eq(triggers.keys()) {
            let unmet = list(spec.catalogue.keys().filter(|code| !triggers.contains_key(code)));
            let unknown = list(triggers.keys().filter(|code| !spec.catalogue.contains_key(code)));
            return Err(format!(
                "the spec and the simulator have different error codes; only in the spec: {unmet}; only in the simulator: \
                 {unknown}; fix the spec's catalogue or simulator/src/rules/codes.rs"
            )
            .into());
        }
        let operations = operations::list(&spec);
        Ok(Self { spec, catalogue, operations, documented: &content.documented, triggers })
    }

    /// Gives the title of the document.
    pub(super) fn title(&self) -> &str {
        self.spec.value("/info/title").as_str().unwrap_or_default()
    }

    /// Gives the version of the document itself, if it has one.
    pub(super) fn version(&self) -> Option<&str> {
        self.spec.value("/info/x-ontap-spec-version").as_str()
    }
}

fn list<'a>(codes: impl Iterator<Item = &'a u64>) -> String {
    codes.map(u64::to_string).reduce(|list, code| format!("{list}, {code}")).unwrap_or_else(|| "none".to_owned())
}
