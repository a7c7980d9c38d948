//! Parts taken out of block collections, and put into them.

use std::collections::BTreeSet;

use super::PatchError;
use super::change::{Added, Changed, Changer, Spot};
use super::tree::{Collection, Node};

impl Changer<'_> {
    /// Takes parts of a block collection, which has some, out and puts others in.
    pub(super) fn arrange_block(
        &mut self,
        node: &Node,
        collection: &Collection,
        removed: &BTreeSet<usize>,
        added: &[Added],
        spot: Spot,
        pointer: &str,
    ) -> Changed {
        let (text, entries) = (self.text, &collection.entries);
        let column = text.column(node.start);
        // Whether the first entry comes behind the dash of an item that the collection is.
        let compact = !text.starts_line(node.start);
        let tail = |place: usize| {
            let end = entries.get(place).and_then(|entry| text.tail(entry.value.end, column));
            end.ok_or_else(|| PatchError::unfit(pointer, "has something behind an entry that cannot be kept"))
        };
        let survivor = (0..entries.len()).find(|place| !removed.contains(place));
        // What comes before all that stays.
        let leading = added.iter().take_while(|new| survivor.is_none_or(|survivor| new.before <= survivor)).count();
        let new: Vec<String> =
            added.iter().map(|new| self.style.entry(new.key.as_deref(), &new.value, column)).collect();

        let mut first = 0;
        let mut rest = 0;
        if survivor.is_none() && added.is_empty() {
            let empty = if collection.mapping { "{}" } else { "[]" };
            match spot {
                Spot::Block { after, .. } if !compact => {
                    if node.decorated {
                        return Err(PatchError::unfit(pointer, "has an anchor or a tag, and no parts would be left"));
                    }
                    self.splices.put(after..after, format!(" {empty}"));
                }
                _ => {
                    self.splices.put(node.start..text.before_break(tail(0)?), empty);
                    first = 1;
                }
            }
        } else if compact && removed.contains(&0) {
            first = 1;
            rest = leading;
            match survivor {
                _ if leading > 0 => {
                    let lines = new[..leading].join(&self.style.line(column));
                    self.splices.put(node.start..text.before_break(tail(0)?), lines);
                }
                Some(survivor) => {
                    let mut bare = true;
                    for place in 0..survivor {
                        bare &= tail(place)? == text.line_start(entries[place + 1].head);
                    }
                    if bare {
                        self.splices.cut(node.start..entries[survivor].head);
                        first = survivor;
                    } else {
                        // The comments that stay keep their lines, so that the dash is left alone on its own.
                        self.splices.cut(text.before_spaces(node.start)..text.before_break(tail(0)?));
                    }
                }
                None => {}
            }
        } else if compact {
            let front = added.iter().take_while(|new| new.before == 0).count();
            rest = front;
            for new in &new[..front] {
                self.splices.put(node.start..node.start, format!("{new}{}", self.style.line(column)));
            }
        }
        for place in removed.range(first..) {
            self.splices.cut(text.line_start(entries[*place].head)..tail(*place)?);
        }
        for (added, new) in added.iter().zip(&new).skip(rest) {
            let indent = " ".repeat(column);
            let at = if added.before == 0 { text.line_start(node.start) } else { tail(added.before - 1)? };
            let eol = self.style.eol;
            if at == text.len() && !self.style.ended {
                self.splices.put(at..at, format!("{eol}{indent}{new}"));
            } else {
                self.splices.put(at..at, format!("{indent}{new}{eol}"));
            }
        }
        Ok(())
    }
}
