//! `cargo spec release`: keeps the curated document, as it is, as a released version.

use std::path::Path;

use clap::Args;
use xtask::inputs;
use xtask::outcome::{Failure, Outcome};
use xtask::render::text;
use xtask::workspace::{self, CHANGELOG, SPEC};

use crate::released;
use crate::versions::{self, SpecVersion, VERSION};

/// The arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the version again if it is there already. Right only as long as nobody has it: a version that was published
    /// never changes.
    #[arg(long)]
    replace: bool,
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let spec = inputs::read(root, None, SPEC)?;
    let current = SpecVersion::parse(&spec.name, &spec.text)?;
    let changelog = inputs::read(root, None, CHANGELOG)?.text;
    let version = current.version();
    let others = released::list(root)?;
    let refused = |text: String| Ok(Outcome { text, ..Outcome::default() });

    let file = released::file_of(version);
    if let Some(last) = others.last().filter(|last| *last > version) {
        return refused(format!(
            "{version} is lower than {last}, which is released: set {VERSION} to a higher one, and say so in {CHANGELOG}\n"
        ));
    }
    if others.last() == Some(version) {
        if inputs::read(root, None, &file)?.text == spec.text {
            return Ok(Outcome::clean(format!("{file} is {SPEC} as it is\n")));
        }
        if !arguments.replace {
            return refused(format!(
                "{file} is there, and {SPEC} differs from it: set {VERSION} to a higher one, or, if nobody has {version} \
                 yet, run: cargo spec release --replace\n"
            ));
        }
    }
    if let Some(before) = others.iter().rfind(|other| *other < version) {
        let before = released::read(root, before)?;
        let changes = versions::compare(&before, &current);
        let faults = versions::faults(&before, &current, &changes, &changelog);
        if !faults.is_empty() {
            return refused(text::changes(&versions::report(&before, &current, &changes, &faults)));
        }
    } else if let Some(fault) = versions::said(version, &changelog) {
        return refused(format!("{fault}\n"));
    }
    if !versions::section(version, &changelog).is_some_and(|section| section.dated) {
        return refused(format!(
            "{CHANGELOG} does not say when {version} is released: its heading has to be `## {version} - YYYY-MM-DD`\n"
        ));
    }
    workspace::write(&root.join(&file), &file, &spec.text)?;
    Ok(Outcome::clean(format!("wrote {file}\nfor people, when it is committed: git tag spec-v{version}\n")))
}
