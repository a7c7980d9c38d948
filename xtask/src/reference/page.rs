//! A page: front matter, operations, legal notices.

use std::collections::HashSet;

use super::operation::{self, METHODS, is_path};
use super::text::{Block, Kind};
use super::{Fault, Reading, asciidoc, text};

/// Reads a page about `release` into `reading`.
pub(crate) fn read(text: &str, release: &str, reading: &mut Reading) -> Result<(), Fault> {
    // A mark of the byte order, which some editors put in front, is no part of the page.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_asciidoc = asciidoc::is_one(text);
    let mut blocks = if is_asciidoc { asciidoc::blocks(text)? } else { text::blocks(text)? };
    let end =
        blocks.iter().position(|block| matches!(&block.kind, Kind::Heading(text) if text == "Copyright information"));
    let end = end.filter(|_| !is_asciidoc);
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
    if is_asciidoc {
        is_alone(front, &starts, &blocks)?;
    } else {
        no_tables(front, "before the first operation")?;
        is_about(front, release)?;
    }
    let warned = reading.odd.len();
    for (index, (start, key)) in starts.iter().enumerate() {
        // The heading before an operation is its title, not the end of the one before.
        let end = starts.get(index + 1).map_or(blocks.len(), |(next, _)| next - 1);
        let line = blocks[*start].line;
        let operation = operation::read(!is_asciidoc, (line, key), &blocks[start + 1..end], reading)?;
        reading.operation(line, key, operation)?;
    }
    reading.odd[warned..].sort_by_key(|warning| warning.line);
    are_complete(front, &starts)?;
    if end.is_none() && !is_asciidoc {
        let line = text.lines().count().try_into().unwrap_or(u64::MAX);
        return Err(Fault::new(line, "the end of the page", "the heading `Copyright information` before it"));
    }
    Ok(())
}

/// The blocks that operations start with, and their keys; each has a title right before it.
fn starts(blocks: &[Block]) -> Result<Vec<(usize, String)>, Fault> {
    let mut starts = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let Kind::Paragraph(key) = &block.kind else { continue };
        if !key.split_once(' ').is_some_and(|(method, path)| METHODS.contains(&method) && is_path(path)) {
            continue;
        }
        let is_titled = index > 0 && matches!(blocks[index - 1].kind, Kind::Heading(_));
        ensure!(is_titled, block.line, format!("`{key}` without a title"), "a heading right before it");
        starts.push((index, key.clone()));
    }
    Ok(starts)
}

fn no_tables(blocks: &[Block], place: &str) -> Result<(), Fault> {
    let Some(block) = blocks.iter().find(|block| matches!(block.kind, Kind::Table(_))) else { return Ok(()) };
    Err(Fault::new(block.line, format!("{} {place}", block.describe()), "tables only in operations"))
}

/// A page in AsciiDoc is about one operation, and starts with its title.
fn is_alone(front: &[Block], starts: &[(usize, String)], blocks: &[Block]) -> Result<(), Fault> {
    if let Some(block) = front.first() {
        let found = format!("{} before the title", block.describe());
        return Err(Fault::new(block.line, found, "the title of the operation first"));
    }
    let Some((start, key)) = starts.get(1) else { return Ok(()) };
    Err(Fault::new(blocks[*start].line, format!("`{key}` on the page of another operation"), "a page for each"))
}

/// The page says on its front which release it is about.
fn is_about(front: &[Block], release: &str) -> Result<(), Fault> {
    let expected = format!("`ONTAP {release} REST API reference` on the front of the page");
    let about = |text: &'_ str| Some(text.strip_prefix("ONTAP ")?.strip_suffix(" REST API reference")?.to_owned());
    let said = front.iter().find_map(|block| match &block.kind {
        Kind::Paragraph(text) | Kind::Heading(text) => Some((block.line, about(text)?)),
        _ => None,
    });
    match said {
        Some((_, said)) if said == release => Ok(()),
        Some((line, said)) => Err(Fault::new(line, format!("a page about ONTAP {said}"), expected)),
        None => Err(Fault::new(1, "a page that names no release", expected)),
    }
}

/// The overview lists the operations; one that is listed and was not found has lost its first line.
fn are_complete(front: &[Block], operations: &[(usize, String)]) -> Result<(), Fault> {
    let plain = |key: &str| key.trim().replace(['{', '}'], "").replacen(" /", " ", 1);
    let found: HashSet<String> = operations.iter().map(|(_, key)| plain(key)).collect();
    let lists = front.iter().filter_map(|block| if let Kind::List(items) = &block.kind { Some(items) } else { None });
    for (line, item) in lists.flatten() {
        let listed = item.split_once(": ").map(|(_, listed)| plain(listed)).unwrap_or_default();
        let is_operation = listed.split_once(' ').is_some_and(|(method, _)| METHODS.contains(&method));
        let expected = "the operation further down on the page, which is not there";
        ensure!(!is_operation || found.contains(&listed), *line, format!("`{listed}` in the overview"), expected);
    }
    Ok(())
}
