//! The changelog of the curated document.

use semver::Version;

use super::edition::number;

/// A changelog in the form of Keep a Changelog.
#[derive(Clone, Debug)]
pub struct Changelog(String);

/// The section of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// The line of its heading, counted from 1.
    pub(crate) line: usize,
    /// Whether its heading has a date, as the heading of a released version has.
    pub(crate) dated: bool,
    /// Whether there is nothing below the heading.
    pub(crate) empty: bool,
}

impl Changelog {
    /// Takes the text of a changelog.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Finds the section of a version.
    pub(crate) fn section(&self, version: &Version) -> Option<Section> {
        let mut lines = self.0.lines().zip(1..);
        let (heading, line) = lines.find(|(line, _)| heading(line).is_some_and(|(named, _)| named == *version))?;
        let mut below = lines.map(|(line, _)| line).take_while(|line| !line.starts_with("## "));
        let empty = !below.any(|line| !line.trim().is_empty() && !line.starts_with('#'));
        Some(Section { line, dated: self::heading(heading).is_some_and(|(_, date)| date), empty })
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
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts[..], [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}
