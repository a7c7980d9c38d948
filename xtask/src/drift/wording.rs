//! Which of the vendor's sentences the project's own were written after, as fingerprints.
//!
//! The spec says nothing of the vendor's words, and a facts file has only their fingerprints. The list holds the fingerprints
//! of the sentences that somebody has read. A sentence that changes afterwards is a difference, until it is accepted.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::facts::quoted;
use crate::openapi::Fingerprint;
use crate::place::{Source, Unreadable};
use crate::rule::Rule;

/// The list: for each kind of subject and each subject, the fingerprints that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording(BTreeMap<Kind, BTreeMap<String, BTreeSet<Fingerprint>>>);

/// A kind of part that has a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An operation, by method and path.
    Operations,
    /// A parameter, as findings call it.
    Parameters,
    /// A field, as findings call it.
    Fields,
    /// A header, by its operation and name.
    Headers,
    /// A definition, by the page's name for it.
    Definitions,
    /// An error code of the catalogue.
    ErrorCodes,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Operations, Self::Parameters, Self::Fields, Self::Headers, Self::Definitions, Self::ErrorCodes];

    fn name(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Parameters => "parameters",
            Self::Fields => "fields",
            Self::Headers => "headers",
            Self::Definitions => "definitions",
            Self::ErrorCodes => "error_codes",
        }
    }

    /// The rule about a change in its words.
    pub(crate) fn rule(self) -> Rule {
        match self {
            Self::Operations => Rule::OperationWording,
            Self::Parameters => Rule::ParameterWording,
            Self::Fields => Rule::FieldWording,
            Self::Headers => Rule::HeaderWording,
            Self::Definitions => Rule::DefinitionWording,
            Self::ErrorCodes => Rule::ErrorCodeWording,
        }
    }
}

impl Wording {
    /// Reads the text of the list.
    ///
    /// # Errors
    /// If it is not one.
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let source = Source::parse(file, text)?;
        source.decode::<Option<_>>().map(|list| Self(list.unwrap_or_default()))
    }

    /// The fingerprints that were read of a subject.
    pub fn of(&self, kind: Kind, subject: &str) -> BTreeSet<Fingerprint> {
        self.0.get(&kind).and_then(|subjects| subjects.get(subject)).cloned().unwrap_or_default()
    }

    /// Takes down that these were read, instead of those before; none at all is no entry.
    pub fn accept(&mut self, kind: Kind, subject: &str, fingerprints: BTreeSet<Fingerprint>) {
        let subjects = self.0.entry(kind).or_default();
        if fingerprints.is_empty() {
            subjects.remove(subject);
        } else {
            subjects.insert(subject.to_owned(), fingerprints);
        }
    }

    /// The text of the list.
    pub fn write(&self) -> String {
        let mut out = "\
# Which of the vendor's sentences the spec's own were written after: for each subject, as `cargo xtask diff` calls it, the
# fingerprints of what the reference says of it. Written by a command; do not edit. When the vendor has changed a
# sentence, read it, see to the spec's description, and then run:
#   cargo xtask regenerate --accept-wording
"
        .to_owned();
        for kind in Kind::ALL {
            let subjects = self.0.get(&kind).filter(|subjects| !subjects.is_empty());
            let Some(subjects) = subjects else {
                out.push_str(&format!("{}: {{}}\n", kind.name()));
                continue;
            };
            out.push_str(&format!("{}:\n", kind.name()));
            for (subject, fingerprints) in subjects {
                let fingerprints: Vec<String> = fingerprints.iter().map(|one| quoted(&one.to_string())).collect();
                out.push_str(&format!("  {}: [{}]\n", quoted(subject), fingerprints.join(", ")));
            }
        }
        out
    }
}
