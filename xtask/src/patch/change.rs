//! From edits to the pieces of text that they change.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::meant::made;
use super::splice::Splices;
use super::text::Text;
use super::tree::{Collection, Entry, Kind, Node, Quotes, Tree, header_end};
use super::work::{Work, index};
use super::write::{self, Style};
use super::{PatchError, order};
use crate::document::join;

/// `text`, which says `old`, with `work` done, which has been found to fit.
pub(super) fn change(text: &str, old: &Value, work: &Work) -> Result<String, PatchError> {
    if text.replace("\r\n", "").contains('\r') {
        return Err(PatchError::unfit("", "has a carriage return that ends no line"));
    }
    let tree = Tree::read(text)?;
    let mut changer = Changer { text: Text::new(text), style: tree.style, splices: Splices::default() };
    changer.edit(&tree.root, old, work, Spot::Root, "")?;
    changer.splices.apply(text).ok_or_else(|| PatchError::unfit("", "the edits get into each other's way"))
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) enum Spot {
    Root,
    /// In a block collection.
    Block {
        after: usize,
        mapping: bool,
        column: usize,
    },
    /// In a flow collection; `colon` is whether an entry that was empty has its colon.
    Flow {
        after: usize,
        colon: bool,
    },
}

/// A part that is new: before which of the old ones it goes, and the text of its key.
pub(super) struct Added {
    pub(super) before: usize,
    pub(super) key: Option<String>,
    pub(super) value: Value,
}

pub(super) struct Changer<'t> {
    pub(super) text: Text<'t>,
    pub(super) style: Style,
    pub(super) splices: Splices,
}

pub(super) type Changed = Result<(), PatchError>;

impl Changer<'_> {
    fn edit(&mut self, node: &Node, old: &Value, work: &Work, spot: Spot, pointer: &str) -> Changed {
        if let Some(new) = &work.put {
            return self.put(node, old, new, spot, pointer);
        }
        if work.below.is_empty() && work.inserts.is_empty() {
            return Ok(());
        }
        let Kind::Collection(collection) = &node.kind else {
            return match node.kind {
                Kind::Alias => Err(PatchError::unfit(pointer, "is an alias; edit what it stands for")),
                _ => self.replace(node, &made(work, pointer)?, spot, pointer),
            };
        };
        let mut removed = BTreeSet::new();
        let mut below: Vec<(usize, &Value, &String, &Work)> = Vec::new();
        let mut added = Vec::new();
        match old {
            Value::Object(members) => {
                let places: HashMap<&String, (usize, &Value)> =
                    members.iter().zip(0..).map(|((key, old), place)| (key, (place, old))).collect();
                let mut new = Map::new();
                for (key, work) in work.ranked() {
                    match places.get(key) {
                        Some((place, old)) => below.push((*place, old, key, work)),
                        None => _ = new.insert(key.clone(), made(work, &join(pointer, key))?),
                    }
                }
                added = added_members(collection, members, new);
            }
            Value::Array(items) => {
                below.extend(work.below.iter().filter_map(|(token, work)| {
                    let place = index(token, items.len())?;
                    Some((place, &items[place], token, work))
                }));
                let places = order::items(items, &work.inserts).into_iter();
                let item =
                    |(before, new): (usize, usize)| Added { before, key: None, value: work.inserts[new].clone() };
                added.extend(places.map(item));
            }
            _ => {}
        }
        sound(collection, old, pointer)?;
        for (place, old, token, work) in below {
            if work.remove {
                removed.insert(place);
            } else if let Some(entry) = collection.entries.get(place) {
                self.edit(&entry.value, old, work, self.spot(collection, entry), &join(pointer, token))?;
            }
        }
        self.arrange(node, collection, &removed, added, spot, pointer)
    }

    /// Makes `old` into `new`; of collections of one kind, only where they differ.
    fn put(&mut self, node: &Node, old: &Value, new: &Value, spot: Spot, pointer: &str) -> Changed {
        if old == new {
            return Ok(());
        }
        let Kind::Collection(collection) = &node.kind else { return self.replace(node, new, spot, pointer) };
        if sound(collection, old, pointer).is_err() {
            return self.replace(node, new, spot, pointer);
        }
        match (old, new) {
            (Value::Object(before), Value::Object(after)) if !before.is_empty() && !after.is_empty() => {
                let removed = before.keys().zip(0..).filter(|(key, _)| !after.contains_key(*key));
                let removed = removed.map(|(_, place)| place).collect();
                for ((key, old), entry) in before.iter().zip(&collection.entries) {
                    if let Some(new) = after.get(key) {
                        self.put(&entry.value, old, new, self.spot(collection, entry), &join(pointer, key))?;
                    }
                }
                let new = after.iter().filter(|(key, _)| !before.contains_key(*key));
                let new = new.map(|(key, value)| (key.clone(), value.clone())).collect();
                self.arrange(node, collection, &removed, added_members(collection, before, new), spot, pointer)
            }
            (Value::Array(before), Value::Array(after)) if !before.is_empty() && !after.is_empty() => {
                let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
                let (old, new) = (&before[start..], &after[start..]);
                let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
                let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
                let entries = collection.entries.iter().zip(0..).skip(start);
                for ((entry, place), (old, new)) in entries.zip(old.iter().zip(new)) {
                    let pointer = join(pointer, &place.to_string());
                    self.put(&entry.value, old, new, self.spot(collection, entry), &pointer)?;
                }
                let removed = (start + new.len().min(old.len())..start + old.len()).collect();
                let item = |value: &Value| Added { before: start + old.len(), key: None, value: value.clone() };
                let added = new.iter().skip(old.len()).map(item).collect();
                self.arrange(node, collection, &removed, added, spot, pointer)
            }
            _ => self.replace(node, new, spot, pointer),
        }
    }

    /// Takes parts of a collection out and puts others in.
    fn arrange(
        &mut self,
        node: &Node,
        collection: &Collection,
        removed: &BTreeSet<usize>,
        added: Vec<Added>,
        spot: Spot,
        pointer: &str,
    ) -> Changed {
        if removed.is_empty() && added.is_empty() {
            Ok(())
        } else if collection.flow {
            self.arrange_flow(node, collection, removed, &added, pointer)
        } else {
            self.arrange_block(node, collection, removed, &added, spot, pointer)
        }
    }

    fn spot(&self, collection: &Collection, entry: &Entry) -> Spot {
        let Collection { flow, mapping, .. } = *collection;
        let Entry { after, head, .. } = *entry;
        if flow {
            let colon = !mapping || self.text.piece(0, after).ends_with(':');
            Spot::Flow { after, colon }
        } else {
            Spot::Block { after, mapping, column: self.text.column(head) }
        }
    }

    /// Writes `new` where `node` stands.
    fn replace(&mut self, node: &Node, new: &Value, spot: Spot, pointer: &str) -> Changed {
        if node.decorated {
            return Err(PatchError::unfit(pointer, "has an anchor or a tag, or a form that cannot be replaced"));
        }
        let quotes = if let Kind::Scalar(quotes) = node.kind { quotes } else { Quotes::None };
        let (after, mapping, column) = match spot {
            Spot::Flow { after, colon } => {
                let new = write::flow(new, quotes);
                match node.kind {
                    Kind::Empty if colon => self.splices.put(after..after, format!(" {new}")),
                    Kind::Empty => self.splices.put(after..after, format!(": {new}")),
                    _ => self.splices.put(node.start..node.end, new),
                }
                return Ok(());
            }
            Spot::Root => return self.replace_root(node, new, pointer),
            Spot::Block { after, mapping, column } => (after, mapping, column),
        };
        let text = self.text;
        let Some(tail) = text.tail(node.end, column) else {
            return Err(PatchError::unfit(pointer, "has something behind it that cannot be kept"));
        };
        let own_line = text.starts_line(node.start);
        let block = matches!(&node.kind, Kind::Collection(collection) if !collection.flow);
        let end = if let Kind::Block = node.kind { header_end(text, node.start) } else { node.end };
        // A comment that stays, indented deeper, would become part of a text above it.
        let left = own_line && text.past_spaces(end) < text.line_end(end);
        let literals = block || !left && tail == text.next_line(node.end);
        let new = Style { literals, ..self.style }.after(new, quotes, mapping, column);
        // What comes behind the colon or dash, and the lines below.
        let (inline, lines) = new.split_at(new.find(self.style.eol).unwrap_or(new.len()));
        if block && !own_line {
            self.splices.put(after..text.before_break(tail), new);
        } else if block {
            self.splices.put(after..after, inline);
            self.splices.put(text.line_end(after)..text.before_break(tail), lines);
        } else if let Kind::Empty = node.kind {
            let spaces = text.past_spaces(after);
            let end = if spaces == text.line_end(after) { spaces } else { after };
            self.splices.put(after..end, inline);
            self.splices.put(text.line_end(after)..text.line_end(after), lines);
        } else {
            let rest = text.line_end(end)..text.line_end(node.end);
            if lines.is_empty() {
                self.splices.put(node.start..end, inline.trim_start());
                self.splices.cut(rest);
            } else if !own_line {
                self.splices.put(after..end, inline);
                self.splices.put(rest, lines);
            } else {
                self.splices.put(after..after, inline);
                self.splices.put(text.line_end(after)..text.line_end(after), lines);
                // Of the lines that held the old value alone, only a comment is left, if anything.
                if text.past_spaces(end) == rest.start {
                    self.splices.cut(text.before_break(text.line_start(node.start))..rest.end);
                } else {
                    self.splices.cut(node.start..text.past_spaces(end));
                    self.splices.cut(rest);
                }
            }
        }
        Ok(())
    }

    /// Writes the first parts of a document that holds nothing yet.
    fn replace_root(&mut self, node: &Node, new: &Value, pointer: &str) -> Changed {
        let Kind::Empty = node.kind else {
            return Err(PatchError::unfit(pointer, "holds a single value"));
        };
        let end = self.text.len();
        let start = if self.style.ended || end == 0 { "" } else { self.style.eol };
        self.splices.put(end..end, format!("{start}{}{}", self.style.entries(new, 0), self.style.eol));
        Ok(())
    }
}

/// Refuses a collection whose parts cannot be told apart in the text.
fn sound(collection: &Collection, old: &Value, pointer: &str) -> Changed {
    let parts = match old {
        Value::Object(members) => members.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    if collection.odd || parts != collection.entries.len() {
        return Err(PatchError::unfit(pointer, "is written in a form that cannot be edited here"));
    }
    Ok(())
}

/// The members of `new` with the places that they go to. Keys of digits are written like those that are there.
fn added_members(collection: &Collection, old: &Map<String, Value>, new: Map<String, Value>) -> Vec<Added> {
    if new.is_empty() {
        return Vec::new();
    }
    let before: Vec<&str> = old.keys().map(String::as_str).collect();
    let after: Vec<&str> = new.keys().map(String::as_str).collect();
    let alike = before.iter().zip(&collection.entries).find(|(key, _)| order::is_number(key));
    let digits = alike.map_or(Quotes::None, |(_, entry)| entry.key);
    let places = order::keys(&before, &after).into_iter();
    let member = |(before, index): (usize, usize)| {
        let key = Some(write::key(after[index], digits, collection.flow));
        Added { before, key, value: new[after[index]].clone() }
    };
    places.map(member).collect()
}
