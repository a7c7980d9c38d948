//! Parts taken out of flow collections, and put into them.

use std::collections::BTreeSet;

use super::PatchError;
use super::change::{Added, Changed, Changer};
use super::tree::{Collection, Node, Quotes};
use super::write;

impl Changer<'_> {
    /// Takes parts of a flow collection out and puts others in.
    pub(super) fn arrange_flow(
        &mut self,
        node: &Node,
        collection: &Collection,
        removed: &BTreeSet<usize>,
        added: &[Added],
        pointer: &str,
    ) -> Changed {
        let (text, entries) = (self.text, &collection.entries);
        let new: Vec<String> = added
            .iter()
            .map(|new| {
                let value = write::flow(&new.value, Quotes::None);
                new.key.as_ref().map_or(value.clone(), |key| format!("{key}: {value}"))
            })
            .collect();
        let stay: Vec<usize> = (0..entries.len()).filter(|place| !removed.contains(place)).collect();
        let (Some(first), Some(last)) = (stay.first(), stay.last()) else {
            self.splices.put(node.start + 1..node.end.saturating_sub(1), new.join(", "));
            return Ok(());
        };
        for (added, new) in added.iter().zip(&new) {
            // Behind the last part before it that stays, or else before the first that does.
            match stay[..stay.partition_point(|place| *place < added.before)].last() {
                Some(place) => {
                    let end = entries[*place].value.end;
                    self.splices.put(end..end, format!(", {new}"));
                }
                None => self.splices.put(entries[*first].head..entries[*first].head, format!("{new}, ")),
            }
        }
        let comma = |place: usize| {
            let comma = text.past_comments(entries[place].value.end);
            let found = text.byte(comma) == Some(b',');
            found.then_some(comma).ok_or_else(|| PatchError::unfit(pointer, "has no comma where there should be one"))
        };
        let (kept, end) = (entries[*last].value.end, entries[entries.len() - 1].value.end);
        let one_line = !text.piece(kept, end).contains('\n');
        if *last + 1 < entries.len() {
            if one_line {
                self.splices.cut(kept..end);
            } else {
                let comma = comma(*last)?;
                self.splices.cut(comma..comma + 1);
            }
        }
        for place in removed {
            let entry = &entries[*place];
            if place > last {
                if !one_line {
                    let end = if *place + 1 < entries.len() { comma(*place)? + 1 } else { entry.value.end };
                    self.cut_item(entry.head, end);
                }
                continue;
            }
            let next = entries[*place + 1].head;
            if text.piece(entry.value.end, next).contains('\n') {
                self.cut_item(entry.head, comma(*place)? + 1);
            } else {
                self.splices.cut(entry.head..next);
            }
        }
        Ok(())
    }

    /// Takes out an item that shares its collection over several lines, with its line if that holds nothing else.
    fn cut_item(&mut self, start: usize, end: usize) {
        let text = self.text;
        if text.starts_line(start) && text.ends_line(end) {
            self.splices.cut(text.line_start(start)..text.next_line(end));
        } else {
            self.splices.cut(text.before_spaces(start)..end);
        }
    }
}
