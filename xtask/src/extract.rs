//! `cargo xtask extract`: from the vendor's pages and the API document of a cluster to a facts file.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Args;
use serde_json::Value;

use crate::class::Class;
use crate::drift::deviations::{self, Deviation};
use crate::facts::{Places, write};
use crate::finding::Finding;
use crate::openapi::Document;
use crate::outcome::{Failure, Outcome};
use crate::place::{At, Source, Unreadable};
use crate::reference::{self, Input, Read, ReadError};
use crate::releases;
use crate::shell::quoted;
use crate::workspace::{self, DEVIATIONS, DOCUMENTED, FileError};

/// The arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The vendor's reference pages, or folders of them: text with tabs between the cells of tables, or AsciiDoc. Also the
    /// API document that a cluster serves, Swagger 2.0 in YAML: name the file, since a folder may have other YAML in it.
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// The release of ONTAP that they are about, such as 9.15.1.
    #[arg(long, value_parser = a_release)]
    release: String,
    /// Write nothing; exit with 1 if the facts file is not what the pages say.
    #[arg(long)]
    check: bool,
    /// Print the facts, and write nothing.
    #[arg(long, conflicts_with = "check")]
    print: bool,
}

pub(crate) fn a_release(text: &str) -> Result<String, String> {
    workspace::release(text)
        .map(|_| text.to_owned())
        .ok_or_else(|| "expected numbers and dots, such as 9.15.1".to_owned())
}

/// The pages at `paths`, each with its name in messages. The pages of a folder are the files in it whose names end like
/// those of pages.
pub(crate) fn pages(paths: &[PathBuf]) -> Result<Vec<(String, String)>, FileError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(pages_in(path).map_err(|cause| unreadable(path, cause))?);
        } else {
            files.push(path.clone());
        }
    }
    let mut pages = Vec::new();
    let mut names = BTreeSet::new();
    for file in files {
        let path = file.display().to_string();
        let name = name(&path);
        if !names.insert(name.to_owned()) {
            let cause = io::Error::other(format!("found a second page called `{name}`, expected each name once"));
            return Err(unreadable(&file, cause));
        }
        let text = workspace::read(&file, &path)?;
        pages.push((path, text));
    }
    Ok(pages)
}

/// The name of the file at `path`, by which the facts call a page.
fn name(path: &str) -> &str {
    Path::new(path).file_name().and_then(OsStr::to_str).unwrap_or(path)
}

/// Reads the facts out of `pages`, which are about `release`.
pub(crate) fn read(pages: &[(String, String)], release: &str) -> Result<Read, ReadError> {
    let inputs: Vec<Input<'_>> = pages.iter().map(|(path, text)| Input { path, name: name(path), text }).collect();
    reference::read(&inputs, release)
}

fn unreadable(path: &Path, cause: io::Error) -> FileError {
    FileError::Read(path.display().to_string(), cause)
}

fn pages_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_page = path.extension().is_some_and(|end| end == "adoc" || end == "txt");
        if is_page && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(io::Error::other("found no page in the folder, expected files such as *.adoc or *.txt"));
    }
    files.sort();
    Ok(files)
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a page cannot be read, or the facts file cannot be written.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let read = read(&pages(&arguments.pages)?, &arguments.release);
    let read = read.map_err(|error| format!("{error}; nothing was written"))?;
    let list = root.join(DEVIATIONS);
    let known =
        if list.exists() { deviations::parse(DEVIATIONS, &workspace::read(&list, DEVIATIONS)?)? } else { Vec::new() };
    let notes = notes(&read, &known)?;
    let text = write(&read.document);

    if arguments.print {
        return Ok(Outcome { text, clean: true, notes });
    }
    let file = format!("{DOCUMENTED}/{}.yaml", arguments.release);
    let path = root.join(&file);
    if arguments.check {
        return Ok(Outcome { notes, ..check(&path, &file, &text, arguments)? });
    }
    workspace::write(&path, &file, &text)?;
    Ok(Outcome { text: format!("wrote {file}\n"), clean: true, notes })
}

/// The facts that were read from `pages`, with the places in these.
///
/// # Errors
/// If the facts are no OpenAPI document.
pub fn facts(pages: &[(String, String)], read: Read) -> Result<Document, Unreadable> {
    let names: Vec<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
    document(&names.join(", "), &read.document, read.places)
}

fn document(name: &str, facts: &Value, places: Places) -> Result<Document, Unreadable> {
    Document::read(Source::parse(name, &write(facts))?.with_places(places))
}

/// Lists the warnings, and where the pages and the API document of one release disagree, a line each. A deviation can say
/// which of the two is right.
pub(crate) fn notes(read: &Read, known: &[Deviation]) -> Result<String, Unreadable> {
    let warnings: String = read.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    let Some((other, places)) = &read.other else { return Ok(warnings) };
    let pages = document("pages", &read.document, read.places.clone())?;
    let mut changes = releases::compare(&pages, &document("API document", other, places.clone())?);
    releases::annotate(&mut changes, known);
    // A page says little of limits: silence is no disagreement.
    let is_silent = |change: &Finding| change.rule.id().ends_with("-constraint") && change.from.is_none();
    let is_open =
        |change: &&Finding| change.class != Some(Class::Wording) && change.note.is_none() && !is_silent(change);
    let disagreements = changes.changes.iter().filter(is_open).map(disagreement);
    Ok(warnings + &disagreements.collect::<String>())
}

fn disagreement(change: &Finding) -> String {
    let side = |value: &Option<String>, places: &[At]| {
        let place = places.first().map(|at| format!("{}:{}", at.file, at.line)).unwrap_or_default();
        format!("{} ({place})", value.as_deref().unwrap_or("nothing"))
    };
    let (from, to) = (side(&change.from, &change.from_at), side(&change.to, &change.to_at));
    let operations = change.operations.join(", ");
    format!(
        "warning: {} {}, in {operations}: {from} on the page, {to} in the API document\n",
        change.rule, change.subject
    )
}

fn check(path: &Path, file: &str, text: &str, arguments: &Arguments) -> Result<Outcome, FileError> {
    let there = if path.exists() { workspace::read(path, file)? } else { String::new() };
    if there == text {
        return Ok(Outcome { text: format!("{file} is what the pages say\n"), clean: true, ..Outcome::default() });
    }
    let same = there.lines().zip(text.lines()).take_while(|(there, text)| there == text).count();
    let pages: Vec<String> = arguments.pages.iter().map(|page| quoted(&page.display().to_string())).collect();
    let fix = format!("cargo xtask extract {} --release {}", pages.join(" "), arguments.release);
    let text = format!("{file}:{}: differs from what the pages say\nto fix it, run: {fix}\n", same + 1);
    Ok(Outcome { text, ..Outcome::default() })
}
