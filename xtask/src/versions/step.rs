//! The least step from one version to the next.

use semver::Version;

use crate::class::Class;
use crate::finding::Finding;
use crate::workspace::CHANGELOG;

use super::changelog::{Changelog, Section};
use super::edition::{Edition, VERSION};

/// Finds the lowest version that the changes since `released` allow.
pub fn least(released: &Version, changes: &[Finding]) -> Version {
    let Version { major, minor, patch, .. } = *released;
    match gravest(changes) {
        Some(Class::Breaking) => Version::new(major + 1, 0, 0),
        Some(Class::Compatible) => Version::new(major, minor + 1, 0),
        Some(Class::Wording) => Version::new(major, minor, patch + 1),
        None => Version::new(major, minor, patch),
    }
}

fn gravest(changes: &[Finding]) -> Option<Class> {
    changes.iter().filter_map(|change| change.class).min()
}

/// Finds the fault of the step from `released` to `version`, if there is one.
fn step(released: &Version, version: &Version, changes: &[Finding]) -> Option<String> {
    let least = least(released, changes);
    let cause = match gravest(changes) {
        _ if version < released => format!("{version} is lower than {released}, which is released"),
        _ if *version >= least => return None,
        Some(Class::Breaking) => "a breaking change takes a major step".to_owned(),
        Some(Class::Compatible) => "a compatible change takes a minor step".to_owned(),
        Some(Class::Wording) | None => "another wording takes a patch step".to_owned(),
    };
    Some(format!("{cause}: set {VERSION} to {least} and say so in {CHANGELOG}"))
}

/// Finds all faults of the newer version, each with the way out.
pub fn faults(from: &Edition, to: &Edition, changes: &[Finding], changelog: &Changelog) -> Vec<String> {
    step(from.version(), to.version(), changes).into_iter().chain(said(to.version(), changelog)).collect()
}

/// Finds the fault of the section in the changelog, if there is one.
pub(crate) fn said(version: &Version, changelog: &Changelog) -> Option<String> {
    match changelog.section(version) {
        None => Some(format!("{CHANGELOG} says nothing of {version}: write a section `## {version} - DATE`")),
        Some(Section { line, empty: true, .. }) => {
            Some(format!("{CHANGELOG}:{line}: the section of {version} is empty: say what has changed"))
        }
        Some(_) => None,
    }
}
