//! A page: front matter, operations, legal notices.

use std::collections::HashSet;

use crate::facts::Operation;

use super::form::Form;
use super::text::{Block, Kind};
use super::{Fault, operation};

/// The methods that operations have.
pub(crate) const METHODS: [&str; 7] = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"];

/// What a page says.
#[derive(Debug)]
pub(crate) struct Page {
    /// The line, the key and the facts of each operation.
    pub(crate) operations: Vec<(u64, String, Operation)>,
    /// What it leaves out without harm to the rest.
    pub(crate) odd: Vec<Fault>,
}

/// Reads a page about `release`.
pub(crate) fn read(text: &str, release: &str) -> Result<Page, Fault> {
    // A mark of the byte order, which some editors put in front, is no part of the page.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let form = Form::of(text);
    let mut blocks = form.blocks(text)?;
    let end = blocks.iter().position(is_notice).filter(|_| form == Form::Text);
    if let Some(end) = end {
        no_tables(&blocks[end..], "in the legal notices")?;
        blocks.truncate(end);
    }
    let starts = starts(&blocks)?;
    let Some(&(first, _)) = starts.first() else {
        let line = blocks.first().map_or(1, |block| block.line);
        return Err(Fault::new(line, "a page without operations", "lines such as `GET /security/ipsec/policies`"));
    };
    let front = &blocks[..first - 1];
    match form {
        Form::Text => {
            no_tables(front, "before the first operation")?;
            is_about(front, release)?;
        }
        Form::AsciiDoc => is_alone(front, &starts, &blocks)?,
    }

    let mut operations = Vec::new();
    let mut odd = Vec::new();
    for (index, (start, key)) in starts.iter().enumerate() {
        // The heading before an operation is its title, not the end of the one before.
        let end = starts.get(index + 1).map_or(blocks.len(), |(next, _)| next - 1);
        let line = blocks[*start].line;
        let operation = operation::read(form, (line, key), &blocks[start + 1..end], &mut odd)?;
        operations.push((line, key.clone(), operation));
    }
    are_complete(front, &operations)?;
    if end.is_none() && form == Form::Text {
        let line = text.lines().count().try_into().unwrap_or(u64::MAX);
        return Err(Fault::new(line, "the end of the page", "the heading `Copyright information` before it"));
    }
    odd.sort_by_key(Fault::line);
    Ok(Page { operations, odd })
}

fn starts(blocks: &[Block]) -> Result<Vec<(usize, String)>, Fault> {
    let mut starts = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let Some(key) = operation_key(block) else { continue };
        let titled = index > 0 && matches!(blocks[index - 1].kind, Kind::Heading(_));
        if !titled {
            return Err(Fault::new(block.line, format!("`{key}` without a title"), "a heading right before it"));
        }
        starts.push((index, key));
    }
    Ok(starts)
}

fn operation_key(block: &Block) -> Option<String> {
    let Kind::Paragraph(text) = &block.kind else { return None };
    let (method, path) = text.split_once(' ')?;
    (METHODS.contains(&method) && is_path(path)).then(|| text.clone())
}

/// Whether `path` can be that of an operation.
pub(crate) fn is_path(path: &str) -> bool {
    path.starts_with('/') && !path.contains(' ')
}

fn is_notice(block: &Block) -> bool {
    matches!(&block.kind, Kind::Heading(text) if text == "Copyright information")
}

fn no_tables(blocks: &[Block], place: &str) -> Result<(), Fault> {
    match blocks.iter().find(|block| matches!(block.kind, Kind::Table(_))) {
        Some(block) => {
            Err(Fault::new(block.line, format!("{} {place}", block.describe()), "tables only in operations"))
        }
        None => Ok(()),
    }
}

/// A page in AsciiDoc is about one operation, and starts with its title.
fn is_alone(front: &[Block], starts: &[(usize, String)], blocks: &[Block]) -> Result<(), Fault> {
    if let Some(block) = front.first() {
        let found = format!("{} before the title", block.describe());
        return Err(Fault::new(block.line, found, "the title of the operation first"));
    }
    match starts.get(1) {
        Some((start, key)) => {
            Err(Fault::new(blocks[*start].line, format!("`{key}` on the page of another operation"), "a page for each"))
        }
        None => Ok(()),
    }
}

/// The page says on its front which release it is about.
fn is_about(front: &[Block], release: &str) -> Result<(), Fault> {
    let expected = format!("`ONTAP {release} REST API reference` on the front of the page");
    let said = front.iter().find_map(|block| match &block.kind {
        Kind::Paragraph(text) | Kind::Heading(text) => {
            let said = text.strip_prefix("ONTAP ")?.strip_suffix(" REST API reference")?;
            Some((block.line, said))
        }
        _ => None,
    });
    match said {
        Some((_, said)) if said == release => Ok(()),
        Some((line, said)) => Err(Fault::new(line, format!("a page about ONTAP {said}"), expected)),
        None => Err(Fault::new(1, "a page that names no release", expected)),
    }
}

/// The overview lists the operations; one that is listed and was not found has lost its first line.
fn are_complete(front: &[Block], operations: &[(u64, String, Operation)]) -> Result<(), Fault> {
    let found: HashSet<String> =
        operations.iter().map(|(_, key, _)| key.replace(['{', '}'], "").replacen(" /", " ", 1)).collect();
    for block in front {
        let Kind::List(items) = &block.kind else { continue };
        for (line, item) in items {
            let Some((_, listed)) = item.split_once(": ") else { continue };
            let listed = listed.trim().replace(['{', '}'], "").replacen(" /", " ", 1);
            let is_operation = listed.split_once(' ').is_some_and(|(method, _)| METHODS.contains(&method));
            if is_operation && !found.contains(&listed) {
                let expected = "the operation further down on the page, which is not there";
                return Err(Fault::new(*line, format!("`{listed}` in the overview"), expected));
            }
        }
    }
    Ok(())
}
