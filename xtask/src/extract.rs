//! `cargo xtask extract`: from the vendor's pages to a facts file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Args;
use thiserror::Error;

use crate::outcome::Outcome;
use crate::workspace::{self, DOCUMENTED, FileError};
use crate::{facts, reference};

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The vendor's reference pages, or folders of them: text with tabs between the cells of tables, or AsciiDoc.
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// The release of ONTAP that they are about, such as 9.15.1.
    #[arg(long, value_parser = a_release)]
    release: String,
    /// Write nothing; exit with 1 if the facts file is not what the pages say.
    #[arg(long)]
    check: bool,
}

pub(crate) fn a_release(text: &str) -> Result<String, String> {
    workspace::release(text)
        .map(|_| text.to_owned())
        .ok_or_else(|| "expected numbers and dots, such as 9.15.1".to_owned())
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum ExtractError {
    /// A page that is not understood.
    #[error("{0}; nothing was written")]
    Page(#[from] reference::ReadError),
    /// A file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A page, read.
pub(crate) struct Page {
    path: String,
    name: String,
    text: String,
}

impl Page {
    /// What messages call it, and its text.
    pub(crate) fn named(self) -> (String, String) {
        (self.path, self.text)
    }

    pub(crate) fn input(&self) -> reference::Input<'_> {
        reference::Input { path: &self.path, name: &self.name, text: &self.text }
    }
}

/// The pages at `paths`. The pages of a folder are the files in it whose names end like those of pages.
pub(crate) fn pages(paths: &[PathBuf]) -> Result<Vec<Page>, FileError> {
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
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        // The facts call a page by the name of its file.
        if !names.insert(name.clone()) {
            let cause = io::Error::other(format!("found a second page called `{name}`, expected each name once"));
            return Err(unreadable(&file, cause));
        }
        pages.push(Page { text: workspace::read(&file, &path)?, path, name });
    }
    Ok(pages)
}

fn unreadable(path: &Path, cause: io::Error) -> FileError {
    FileError::Read { file: path.display().to_string(), cause }
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
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, ExtractError> {
    let pages = pages(&arguments.pages)?;
    let inputs: Vec<reference::Input<'_>> = pages.iter().map(Page::input).collect();
    let read = reference::read(&inputs, &arguments.release)?;
    let notes = read.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    let text = facts::write(&read.facts);

    let file = format!("{DOCUMENTED}/{}.yaml", arguments.release);
    let path = root.join(&file);
    if arguments.check {
        return Ok(Outcome { notes, ..check(&path, &file, &text, arguments)? });
    }
    workspace::write(&path, &file, &text)?;
    Ok(Outcome { text: format!("wrote {file}\n"), clean: true, notes })
}

fn check(path: &Path, file: &str, text: &str, arguments: &Arguments) -> Result<Outcome, ExtractError> {
    let there = if path.exists() { workspace::read(path, file)? } else { String::new() };
    if there == text {
        return Ok(Outcome { text: format!("{file} is what the pages say\n"), clean: true, ..Outcome::default() });
    }
    let same = there.lines().zip(text.lines()).take_while(|(there, text)| there == text).count();
    let pages: Vec<String> = arguments.pages.iter().map(|page| page.display().to_string()).collect();
    let mend = format!("cargo xtask extract {} --release {}", pages.join(" "), arguments.release);
    let text = format!("{file}:{}: differs from what the pages say\nto mend it, run: {mend}\n", same + 1);
    Ok(Outcome { text, ..Outcome::default() })
}
