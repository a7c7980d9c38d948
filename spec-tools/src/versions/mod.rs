//! Changes between two versions of the curated document, and the step that they take.
//!
//! [`compare()`] reads and writes nothing. The walk is over the raw documents: names of components matter to generators, and a
//! [`Document`](xtask::openapi::Document) leaves out what the facts have no word for. Each difference is a [`Finding`], and an
//! unknown member is breaking. `members` alone decides the classes. A component is compared where it is defined.
//!
//! The crate `drift` (0.2.0) compares OpenAPI documents too. Tried on each part of the spec, the crate misses a third of the
//! changes: names of operations, servers, security and error codes among them. `drift` panics when a media type or a path
//! parameter goes.

mod changelog;
mod directions;
mod entries;
mod members;
mod spec_version;
mod walk;

use semver::Version;
use xtask::class::Class;
use xtask::finding::Finding;
use xtask::render::{Changes, Side};
use xtask::workspace::CHANGELOG;

pub(crate) use changelog::{said, section};
pub(crate) use spec_version::number;
pub use spec_version::{SpecVersion, VERSION};

/// Compares two versions. Breaking changes come first; within a class, the order is that of the documents.
pub fn compare(from: &SpecVersion, to: &SpecVersion) -> Vec<Finding> {
    let mut changes = walk::compare([&from.source, &to.source]);
    changes.sort_by_key(|change| change.class);
    changes
}

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

/// Finds all faults of the newer version, each with the way out: of its number, and of its section in the changelog.
pub fn faults(from: &SpecVersion, to: &SpecVersion, changes: &[Finding], changelog: &str) -> Vec<String> {
    step(from.version(), to.version(), changes).into_iter().chain(said(to.version(), changelog)).collect()
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

/// Makes the report on two versions, with the faults of the newer one.
pub fn report<'a>(
    from: &'a SpecVersion,
    to: &'a SpecVersion,
    changes: &'a [Finding],
    faults: &'a [String],
) -> Changes<'a> {
    let sides = [from, to].map(|side| Side { name: side.version().to_string(), file: side.file() });
    Changes::of_versions(sides, changes, least(from.version(), changes).to_string(), faults)
}
