//! From edits to the pieces of text that they change.

use std::collections::BTreeSet;
use std::ops::Range;

use granit_parser::ScalarStyle;
use serde_json::{Map, Value};

use super::text::Text;
use super::tree::{Collection, Entry, Kind, Node, header_end};
use super::work::Work;
use super::write::{self, Style};
use super::{PatchError, order, tree};
use crate::document::join;

/// `text`, which says `old`, with `work` done; and what it is expected to say.
pub(super) fn change(text: &str, old: &Value, work: &Work) -> Result<(String, Value), PatchError> {
    if text.replace("\r\n", "").contains('\r') {
        return Err(PatchError::unfit("", "has a carriage return that ends no line"));
    }
    let (root, style) = tree::read(text);
    let mut changer = Changer { text: Text(text), style, splices: Vec::new() };
    let expected = changer.edit(&root, old, work, None, "")?;
    let out = changer.spliced(text).ok_or_else(|| PatchError::unfit("", "the edits get into each other's way"))?;
    Ok((out, expected))
}

/// The entry that a value is of, and the collection that the entry is in; nothing for the root.
pub(super) type Around<'n> = Option<(&'n Collection, &'n Entry)>;

/// A part that is new: before which of the old ones it goes, and the text of its key.
pub(super) struct Added {
    pub(super) before: usize,
    pub(super) key: Option<String>,
    pub(super) value: Value,
}

pub(super) struct Changer<'t> {
    pub(super) text: Text<'t>,
    pub(super) style: Style,
    /// The ranges to replace, each with its new text, in any order.
    splices: Vec<(Range<usize>, String)>,
}

/// Nothing, or why the part cannot be changed.
pub(super) type Changed = Result<(), &'static str>;

impl Changer<'_> {
    /// Replaces `range` by `text`. Texts at the same place come in the order of the calls.
    pub(super) fn splice(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.splices.push((range, text.into()));
    }

    pub(super) fn cut(&mut self, range: Range<usize>) {
        self.splice(range, "");
    }

    /// `text` with all replacements made, or nothing if two of them overlap or do not fit the text.
    fn spliced(mut self, text: &str) -> Option<String> {
        self.splices.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for (range, new) in self.splices {
            out.push_str(text.get(done..range.start)?);
            out.push_str(&new);
            done = range.end;
        }
        out.push_str(text.get(done..)?);
        Some(out)
    }

    /// Does `work` to what stands at `node` and says `old`. Gives what is expected to stand there.
    fn edit(
        &mut self,
        node: &Node,
        old: &Value,
        work: &Work,
        around: Around<'_>,
        pointer: &str,
    ) -> Result<Value, PatchError> {
        let unfit = |cause: &str| PatchError::unfit(pointer, cause);
        if let Some(new) = &work.put {
            match (Work::between(old, new), &node.kind) {
                _ if old == new => {}
                (Some(parts), Kind::Collection(collection)) if collection.is_sound(old) => {
                    self.edit(node, old, &parts, around, pointer)?;
                }
                _ => self.replace(node, new, around).map_err(unfit)?,
            }
            return Ok(new.clone());
        }
        if work.below.is_empty() && work.inserts.is_empty() {
            return Ok(old.clone());
        }
        let collection = match &node.kind {
            Kind::Collection(collection) => collection,
            Kind::Alias => return Err(unfit("is an alias; edit what it stands for")),
            _ if old.is_null() => {
                let new = work.made(pointer)?;
                self.replace(node, &new, around).map_err(unfit)?;
                return Ok(new);
            }
            _ => return Err(unfit("is neither a mapping nor a sequence")),
        };
        let mut removed = BTreeSet::new();
        let mut part = |place: usize, token: &str, old: &Value| {
            let Some(work) = work.at(token) else { return Ok(Some(old.clone())) };
            if work.remove {
                removed.insert(place);
                return Ok(None);
            }
            // Without its entry, the collection is refused below.
            let Some(entry) = collection.entries.get(place) else { return Ok(None) };
            self.edit(&entry.value, old, work, Some((collection, entry)), &join(pointer, token)).map(Some)
        };
        let (expected, added) = match old {
            Value::Object(_) if !work.inserts.is_empty() => return Err(unfit("is to have new items but is a mapping")),
            Value::Object(members) => {
                let mut expected = Map::new();
                for (place, (key, old)) in members.iter().enumerate() {
                    expected.extend(part(place, key, old)?.map(|value| (key.clone(), value)));
                }
                let mut new = Map::new();
                for (key, work) in work.below.iter().filter(|(key, _)| !members.contains_key(key)) {
                    new.insert(key.clone(), work.made(&join(pointer, key))?);
                }
                let added = added_members(collection, members, &new);
                expected.extend(new);
                (Value::Object(expected), added)
            }
            Value::Array(items) => {
                let known: Vec<String> = (0..items.len()).map(|place| place.to_string()).collect();
                if let Some((token, _)) = work.below.iter().find(|(token, _)| !known.contains(token)) {
                    let cause = format!("the sequence has {} items", items.len());
                    return Err(PatchError::unfit(&join(pointer, token), cause));
                }
                let parts = known.iter().zip(items).enumerate();
                let mut expected: Vec<_> =
                    parts.map(|(place, (token, old))| part(place, token, old)).collect::<Result<_, _>>()?;
                let places = match work.before {
                    Some(before) => (0..work.inserts.len()).map(|new| (before, new)).collect(),
                    None => order::items(items, &work.inserts),
                };
                let item =
                    |(before, new): (usize, usize)| Added { before, key: None, value: work.inserts[new].clone() };
                let added: Vec<Added> = places.into_iter().map(item).collect();
                for new in added.iter().rev() {
                    expected.insert(new.before, Some(new.value.clone()));
                }
                (expected.into_iter().flatten().collect(), added)
            }
            _ => return Err(unfit("is neither a mapping nor a sequence")),
        };
        if !collection.is_sound(old) {
            return Err(unfit("is written in a form that cannot be edited here"));
        }
        match (removed.is_empty() && added.is_empty(), collection.flow) {
            (true, _) => {}
            (_, true) => self.arrange_flow(node, collection, &removed, &added),
            (_, false) => self.arrange_block(node, collection, &removed, &added, around).map_err(unfit)?,
        }
        Ok(expected)
    }

    /// Writes `new` where `node` stands.
    fn replace(&mut self, node: &Node, new: &Value, around: Around<'_>) -> Changed {
        if node.decorated {
            return Err("has an anchor or a tag, or a form that cannot be replaced");
        }
        let quotes = if let Kind::Scalar(quotes) = node.kind { quotes } else { ScalarStyle::Plain };
        let text = self.text;
        let Some((Collection { flow, mapping, .. }, Entry { head, after, .. })) = around else {
            if !matches!(node.kind, Kind::Empty) {
                return Err("holds a single value");
            }
            let start = if self.style.ended || text.len() == 0 { "" } else { self.style.eol };
            let all = format!("{start}{}{}", self.style.entries(new, 0), self.style.eol);
            self.splice(text.len()..text.len(), all);
            return Ok(());
        };
        let (after, column) = (*after, text.column(*head));
        if *flow {
            let start = match node.kind {
                Kind::Empty if !mapping || text.piece(0, after).ends_with(':') => " ",
                Kind::Empty => ": ",
                _ => "",
            };
            self.splice(node.start..node.end, format!("{start}{}", write::inline(new, quotes, true)));
            return Ok(());
        }
        let tail = text.tail(node.end, column).ok_or("has something behind it that cannot be kept")?;
        let own_line = text.starts_line(node.start);
        let block = matches!(&node.kind, Kind::Collection(collection) if !collection.flow);
        let end = if let Kind::Block = node.kind { header_end(text, node.start) } else { node.end };
        // A comment that stays, indented deeper, would become part of a text above it.
        let left = own_line && text.past_spaces(end) < text.line_end(end);
        let literals = block || !left && tail == text.next_line(node.end);
        let new = Style { literals, ..self.style }.after(new, quotes, *mapping, column);
        // The text behind the colon or dash, and the lines below.
        let (inline, lines) = new.split_at(new.find(self.style.eol).unwrap_or(new.len()));
        let (behind, rest) = (text.line_end(after), text.line_end(end)..text.line_end(node.end));
        if block || matches!(node.kind, Kind::Empty) {
            self.splice(after..after, inline);
            let start = if block && !own_line { after } else { behind };
            self.splice(start..if block { text.before_break(tail) } else { behind }, lines);
        } else if lines.is_empty() {
            self.splice(node.start..end, inline.trim_start());
            self.cut(rest);
        } else if !own_line {
            self.splice(after..end, inline);
            self.splice(rest, lines);
        } else {
            self.splice(after..after, inline);
            self.splice(behind..behind, lines);
            // Of the lines that held the old value alone, only a comment is left, if anything.
            if text.past_spaces(end) == rest.start {
                self.cut(text.before_break(text.line_start(node.start))..rest.end);
            } else {
                self.cut(node.start..text.past_spaces(end));
                self.cut(rest);
            }
        }
        Ok(())
    }
}

/// The members of `new` with the places that they go to. Keys of digits are written like those that are there.
fn added_members(collection: &Collection, old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<Added> {
    let alike = old.keys().zip(&collection.entries).find(|(key, _)| order::is_number(key));
    let digits = alike.map_or(ScalarStyle::Plain, |(_, entry)| entry.key);
    let members: Vec<(&String, &Value)> = new.iter().collect();
    let member = |(before, index): (usize, usize)| {
        let (key, value) = members[index];
        Added { before, key: Some(write::key(key, digits, collection.flow)), value: value.clone() }
    };
    order::members(old, new).into_iter().map(member).collect()
}
