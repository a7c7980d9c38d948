//! The changelog of the curated document, in the form of Keep a Changelog.

use semver::Version;
use xtask::workspace::CHANGELOG;

use super::spec_version::number;

/// The section of one version.
pub(crate) struct Section {
    /// The line of its heading, counted from 1.
    line: usize,
    /// Whether its heading has a date, as the heading of a released version has.
    pub(crate) dated: bool,
    /// Whether there is nothing below the heading.
    empty: bool,
}

/// Finds the section of a version.
pub(crate) fn section(version: &Version, changelog: &str) -> Option<Section> {
    let mut lines = changelog.lines().zip(1..);
    let (dated, line) = lines.find_map(|(text, line)| {
        let (named, dated) = heading(text)?;
        (named == *version).then_some((dated, line))
    })?;
    let mut below = lines.map(|(text, _)| text).take_while(|text| !text.starts_with("## "));
    Some(Section { line, dated, empty: below.all(|text| text.trim().is_empty() || text.starts_with('#')) })
}

/// Finds the fault of the section of a version, if there is one.
pub(crate) fn said(version: &Version, changelog: &str) -> Option<String> {
    match section(version, changelog) {
        None => Some(format!("{CHANGELOG} says nothing of {version}: write a section `## {version} - DATE`")),
        Some(Section { line, empty: true, .. }) => {
            Some(format!("{CHANGELOG}:{line}: the section of {version} is empty: say what has changed"))
        }
        Some(_) => None,
    }
}

/// The version in a heading such as `## 1.0.0 - 2026-11-27`, and whether there is a date.
fn heading(line: &str) -> Option<(Version, bool)> {
    let text = line.strip_prefix("## ")?.trim();
    let (name, rest) = text.split_once(" - ").unwrap_or((text, ""));
    let version = number(name.trim_start_matches('[').trim_end_matches(']'))?;
    Some((version, is_date(rest)))
}

fn is_date(text: &str) -> bool {
    let fits = |(byte, form): (u8, u8)| if form == b'-' { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().zip(*b"YYYY-MM-DD").all(fits)
}
