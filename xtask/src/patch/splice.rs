//! Pieces of a text to be replaced.

use std::ops::Range;

/// Replacements in a text, gathered in any order.
#[derive(Debug, Default)]
pub(super) struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    /// Has `range` replaced by `text`. What is put at the same place comes in the order of the calls.
    pub(super) fn put(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Takes `range` out.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        self.put(range, "");
    }

    /// `text` with all replacements made, or nothing if two of them overlap or do not fit the text.
    pub(super) fn apply(mut self, text: &str) -> Option<String> {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, new) in self.0 {
            out.push_str(text.get(done..range.start)?);
            out.push_str(&new);
            done = range.end;
        }
        out.push_str(text.get(done..)?);
        Some(out)
    }
}
