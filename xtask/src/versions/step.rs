//! How large the step from one version to the next has to be.

use std::fmt;

use semver::Version;

use crate::changelist::Class;
use crate::workspace::CHANGELOG;

use super::changelog::{Changelog, Section};
use super::{Changes, VERSION};

/// What is wrong with the version of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is lower than one that is released.
    Behind {
        /// The one that is released.
        released: Version,
        /// The version that there is.
        version: Version,
        /// The lowest that would do.
        least: Version,
    },
    /// The step from the last version is too small for what has changed.
    Step {
        /// The gravest of the changes.
        class: Class,
        /// The lowest version that would do.
        least: Version,
    },
    /// The changelog says nothing of it.
    Unsaid {
        /// The version that there is.
        version: Version,
    },
    /// The changelog has a heading for it, and nothing below.
    Empty {
        /// The version that there is.
        version: Version,
        /// The line of the heading.
        line: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Behind { released, version, least } => {
                write!(f, "{version} is lower than {released}, which is released: {}", way_out(least))
            }
            Self::Step { class: Class::Breaking, least } => {
                write!(f, "a breaking change takes a major step: {}", way_out(least))
            }
            Self::Step { class: Class::Compatible, least } => {
                write!(f, "a compatible change takes a minor step: {}", way_out(least))
            }
            Self::Step { class: Class::Wording, least } => {
                write!(f, "another wording takes a patch step: {}", way_out(least))
            }
            Self::Unsaid { version } => {
                write!(f, "{CHANGELOG} says nothing of {version}: write a section `## {version} - DATE`")
            }
            Self::Empty { version, line } => {
                write!(f, "{CHANGELOG}:{line}: the section of {version} is empty: say what has changed")
            }
        }
    }
}

fn way_out(least: &Version) -> String {
    format!("set {VERSION} to {least} and say so in {CHANGELOG}")
}

impl Changes {
    /// The lowest version that the changes allow.
    pub fn least(&self) -> Version {
        let Version { major, minor, patch, .. } = self.from.version;
        match self.changes.iter().map(|change| change.class).min() {
            Some(Class::Breaking) => Version::new(major + 1, 0, 0),
            Some(Class::Compatible) => Version::new(major, minor + 1, 0),
            Some(Class::Wording) => Version::new(major, minor, patch + 1),
            None => Version::new(major, minor, patch),
        }
    }

    /// What is wrong with the step, if anything.
    pub(super) fn step(&self) -> Option<Fault> {
        let (least, class) = (self.least(), self.changes.iter().map(|change| change.class).min());
        let (released, version) = (&self.from.version, &self.to.version);
        if version < released {
            return Some(Fault::Behind { released: released.clone(), version: version.clone(), least });
        }
        class.filter(|_| *version < least).map(|class| Fault::Step { class, least })
    }

    /// All that is wrong with the version that the changes lead to.
    pub(crate) fn faults(&self, changelog: &Changelog) -> Vec<Fault> {
        self.step().into_iter().chain(said(&self.to.version, changelog)).collect()
    }
}

/// What is wrong with how the changelog tells of a version, if anything.
pub(crate) fn said(version: &Version, changelog: &Changelog) -> Option<Fault> {
    match changelog.section(version) {
        None => Some(Fault::Unsaid { version: version.clone() }),
        Some(Section { line, empty: true, .. }) => Some(Fault::Empty { version: version.clone(), line }),
        Some(_) => None,
    }
}
