//! Cuts the API document into the entries of its sections by their indentation alone: it has 14 MB, of which little is
//! asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;

use super::super::Fault;
use super::super::text::shortened;
use crate::document::{Document, join};

/// The start of all paths of IPsec.
pub(super) const IPSEC: &str = "/security/ipsec";

/// The members of sections, such as paths and definitions, by section and name. Each has the indexes of its lines.
type Entries<'t> = BTreeMap<(&'t str, &'t str), Range<usize>>;

/// The document, with the entries of its sections.
#[derive(Debug)]
pub(super) struct Sections<'t> {
    lines: Vec<&'t str>,
    entries: Entries<'t>,
}

impl<'t> Sections<'t> {
    pub(super) fn of(text: &'t str) -> Result<Self, Fault> {
        let lines: Vec<&str> = text.lines().collect();
        let mut entries = Entries::new();
        let (mut open, mut twice) = (None, None);
        let (mut section, mut indent) = ("", 0);
        for (index, line) in lines.iter().copied().chain(["end:"]).enumerate() {
            let rest = line.trim_start_matches(' ');
            let depth = line.len() - rest.len();
            let is_asked_for = depth == 0 || ["definitions", "paths"].contains(&section);
            let Some(name) = key(rest).filter(|_| is_asked_for) else { continue };
            if depth != 0 && indent == 0 {
                indent = depth;
            }
            if depth != 0 && depth != indent {
                let found = format!("the path `{}` with another indentation", shortened(name));
                let is_lost = section == "paths" && name.starts_with(IPSEC);
                ensure!(!is_lost, number(index), found, format!("{indent} spaces, as other paths have"));
                continue;
            }
            if let Some((key, start)) = open.take() {
                entries.insert(key, start..index);
            }
            if depth == 0 {
                (section, indent) = (name, 0);
                continue;
            }
            let key = (section, name);
            if entries.contains_key(&key) && twice.is_none_or(|(first, _)| key < first) {
                twice = Some((key, index));
            }
            open = Some((key, index));
        }
        let Some(((section, name), index)) = twice else { return Ok(Self { lines, entries }) };
        Err(Fault::new(number(index), format!("`{}` twice in `{section}`", shortened(name)), "each name once"))
    }

    /// The value of a member of the whole document, and its line.
    pub(super) fn value(&self, name: &str) -> Option<(u64, &'t str)> {
        let value = |line: &'t str| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim().trim_matches(['\'', '"']));
        self.lines.iter().enumerate().find_map(|(index, line)| Some((number(index), value(line)?)))
    }

    /// The paths of IPsec, read one by one.
    pub(super) fn paths(&self) -> impl Iterator<Item = (&'t str, Result<Tree<'_>, Fault>)> {
        self.entries.iter().filter_map(|((section, name), lines)| {
            let rest = name.strip_prefix(IPSEC).filter(|_| *section == "paths")?;
            (rest.is_empty() || rest.starts_with('/')).then(|| (*name, self.read(lines)))
        })
    }

    /// Reads the definition of this name, which is referred to in `line`.
    pub(super) fn definition(&self, name: &str, line: u64) -> Result<Tree<'_>, Fault> {
        let absent = || Fault::new(line, format!("a reference to `{name}`"), "one of the `definitions`");
        self.read(self.entries.get(&("definitions", name)).ok_or_else(absent)?)
    }

    /// Reads an entry as YAML.
    fn read(&self, at: &Range<usize>) -> Result<Tree<'_>, Fault> {
        let lines = &self.lines[at.clone()];
        let document = Document::parse(&lines.join("\n")).map_err(|unreadable| {
            let line = number(at.start) + unreadable.place.line - 1;
            Fault::new(line, format!("YAML that cannot be read: {}", unreadable.cause), "a part that can")
        })?;
        Ok(Tree { document, lines, start: number(at.start) })
    }
}

fn number(index: usize) -> u64 {
    u64::try_from(index).map_or(u64::MAX, |index| index + 1)
}

/// The key that a line starts with, if it does.
fn key(line: &str) -> Option<&str> {
    if let Some(long) = line.strip_prefix("? ") {
        return Some(long.trim());
    }
    if let Some((quoted, rest)) = line.strip_prefix(['\'', '"']).and_then(|rest| rest.split_once(['\'', '"'])) {
        return rest.starts_with(':').then_some(quoted);
    }
    let key = line.split_once(": ").map(|(key, _)| key).or_else(|| line.trim_end().strip_suffix(':'))?;
    (!key.is_empty() && !key.starts_with(['-', '#', '\'', '"'])).then_some(key)
}

/// An entry that was read.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    document: Document,
    lines: &'t [&'t str],
    /// The number of its first line.
    start: u64,
}

impl Tree<'_> {
    /// The value of the entry's key.
    pub(super) fn root(&self) -> Result<Node<'_>, Fault> {
        match self.document.value.as_object().and_then(|members| members.iter().next()) {
            Some((key, value)) => Ok(Node { tree: self, pointer: join("", key), value }),
            None => Err(Fault::new(self.start, "an entry without members", "a mapping")),
        }
    }
}

/// A part of an entry.
#[derive(Clone, Debug)]
pub(super) struct Node<'t> {
    tree: &'t Tree<'t>,
    pointer: String,
    pub(super) value: &'t Value,
}

impl<'t> Node<'t> {
    pub(super) fn line(&self) -> u64 {
        self.tree.start + self.tree.document.place(&self.pointer).line - 1
    }

    /// The line near the start of the node in which `text` stands.
    pub(super) fn line_of(&self, text: &str, from: u64) -> u64 {
        const NEAR: usize = 200;
        let skipped = usize::try_from(from.saturating_sub(self.tree.start)).unwrap_or(usize::MAX);
        let near = self.tree.lines.iter().skip(skipped).take(NEAR).position(|line| line.contains(text));
        near.map_or(from, |near| from + near as u64)
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.pointer(&join("", key))?;
        Some(Self { tree: self.tree, pointer: join(&self.pointer, key), value })
    }

    /// The members of a mapping, sorted by their names.
    pub(super) fn members(&self) -> Result<Vec<(&'t str, Self)>, Fault> {
        let members = self.value.as_object().ok_or_else(|| self.is_not("a mapping"))?;
        let sorted = members.keys().map(String::as_str).collect::<BTreeSet<_>>().into_iter();
        Ok(sorted.filter_map(|key| Some((key, self.get(key)?))).collect())
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Result<Vec<Self>, Fault> {
        let items = self.value.as_array().ok_or_else(|| self.is_not("a list"))?;
        Ok((0..items.len()).filter_map(|index| self.get(&index.to_string())).collect())
    }

    pub(super) fn text(&self) -> Result<&'t str, Fault> {
        self.value.as_str().ok_or_else(|| self.is_not("a text, in quotes if it could be something else"))
    }

    pub(super) fn is_not(&self, expected: &str) -> Fault {
        let key = self.pointer.rsplit('/').next().unwrap_or_default();
        let found = format!("`{key}` with the value `{}`", shortened(&self.value.to_string()));
        Fault::new(self.line(), found, expected)
    }
}
