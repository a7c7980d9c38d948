//! Parts taken out of collections, and put into them.

use std::collections::BTreeSet;

use granit_parser::ScalarStyle;

use super::change::{Added, Around, Changed, Changer};
use super::tree::{Collection, Entry, Node};
use super::write;

impl Changer<'_> {
    /// Takes parts of a block collection, which has some, out and puts others in.
    pub(super) fn arrange_block(
        &mut self,
        node: &Node,
        collection: &Collection,
        removed: &BTreeSet<usize>,
        added: &[Added],
        around: Around<'_>,
    ) -> Changed {
        let (text, entries) = (self.text, &collection.entries);
        let column = text.column(node.start);
        // Whether the first entry comes behind the dash of an item that the collection is.
        let compact = !text.starts_line(node.start);
        let tail = |place: usize| {
            let end = entries.get(place).and_then(|entry| text.tail(entry.value.end, column));
            end.ok_or("has something behind an entry that cannot be kept")
        };
        let survivor = (0..entries.len()).find(|place| !removed.contains(place));
        // The new entries before all that stay.
        let leading = added.iter().take_while(|new| survivor.is_none_or(|survivor| new.before <= survivor)).count();
        let new: Vec<String> =
            added.iter().map(|new| self.style.entry(new.key.as_deref(), &new.value, column)).collect();

        let (mut first, mut rest) = (0, 0);
        if survivor.is_none() && added.is_empty() {
            let empty = if collection.mapping { "{}" } else { "[]" };
            match around {
                Some(_) if !compact && node.decorated => {
                    return Err("has an anchor or a tag, and no parts would be left");
                }
                Some((_, Entry { after, .. })) if !compact => self.splice(*after..*after, format!(" {empty}")),
                _ => {
                    self.splice(node.start..text.before_break(tail(0)?), empty);
                    first = 1;
                }
            }
        } else if compact {
            rest = leading;
            let line = self.style.line(column);
            let follows = |place: usize| tail(place).is_ok_and(|tail| tail == text.line_start(entries[place + 1].head));
            match survivor {
                Some(0) => {
                    let lines = new[..leading].iter().map(|new| format!("{new}{line}"));
                    self.splice(node.start..node.start, lines.collect::<String>());
                }
                Some(survivor) if leading == 0 && (0..survivor).all(follows) => {
                    self.cut(node.start..entries[survivor].head);
                    first = survivor;
                }
                _ => {
                    // The comments that stay keep their lines, so that the dash may be left alone on its own.
                    let start = if leading == 0 { text.before_spaces(node.start) } else { node.start };
                    self.splice(start..text.before_break(tail(0)?), new[..leading].join(&line));
                    first = 1;
                }
            }
        }
        for place in removed.range(first..) {
            self.cut(text.line_start(entries[*place].head)..tail(*place)?);
        }
        for (added, new) in added.iter().zip(&new).skip(rest) {
            let at = if added.before == 0 { text.line_start(node.start) } else { tail(added.before - 1)? };
            let eol = self.style.eol;
            let (above, below) = if at == text.len() && !self.style.ended { (eol, "") } else { ("", eol) };
            self.splice(at..at, format!("{above}{}{new}{below}", " ".repeat(column)));
        }
        Ok(())
    }

    /// Takes parts of a flow collection out and puts others in.
    pub(super) fn arrange_flow(
        &mut self,
        node: &Node,
        collection: &Collection,
        removed: &BTreeSet<usize>,
        added: &[Added],
    ) {
        let (text, entries) = (self.text, &collection.entries);
        let new: Vec<String> = added
            .iter()
            .map(|new| {
                let value = write::inline(&new.value, ScalarStyle::Plain, true);
                new.key.as_ref().map_or(value.clone(), |key| format!("{key}: {value}"))
            })
            .collect();
        let stay: Vec<usize> = (0..entries.len()).filter(|place| !removed.contains(place)).collect();
        let (Some(first), Some(last)) = (stay.first(), stay.last()) else {
            self.splice(node.start + 1..node.end.saturating_sub(1), new.join(", "));
            return;
        };
        for (added, new) in added.iter().zip(&new) {
            // Behind the last part before it that stays, or else before the first that does.
            let (at, new) = match stay[..stay.partition_point(|place| *place < added.before)].last() {
                Some(place) => (entries[*place].value.end, format!(", {new}")),
                None => (entries[*first].head, format!("{new}, ")),
            };
            self.splice(at..at, new);
        }
        let past_comma = |place: usize| text.past_comments(entries[place].value.end) + 1;
        if *last + 1 < entries.len() {
            self.cut(entries[*last].value.end..past_comma(*last));
        }
        for place in removed {
            let Entry { head, value, .. } = &entries[*place];
            let next = entries.get(*place + 1);
            let end = if next.is_some() { past_comma(*place) } else { value.end };
            match next {
                Some(next) if place < last && !text.piece(value.end, next.head).contains('\n') => {
                    self.cut(*head..next.head);
                }
                // With its line if that holds nothing else.
                _ if text.starts_line(*head) && text.ends_line(end) => {
                    self.cut(text.line_start(*head)..text.next_line(end));
                }
                _ => self.cut(text.before_spaces(*head)..end),
            }
        }
    }
}
