//! Matches texts with wildcards: `*` stands for any number of any characters.

/// A pattern with at least one wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// The text before the first wildcard.
    start: String,
    /// The texts between wildcards, in order, without empty ones.
    middle: Vec<String>,
    /// The text after the last wildcard.
    end: String,
}

impl Pattern {
    /// Makes a pattern from the texts around the wildcards: `a*b` has `a` and `b`. Returns `None` without a wildcard.
    pub(crate) fn around(mut pieces: Vec<String>) -> Option<Self> {
        let end = pieces.pop()?;
        let mut pieces = pieces.into_iter();
        let start = pieces.next()?;
        Some(Self { start, middle: pieces.filter(|piece| !piece.is_empty()).collect(), end })
    }

    /// Tells whether the text matches.
    ///
    /// A pattern cannot make the search slow: its time grows linearly with the length of the text. Each middle piece is
    /// matched at its first position, which leaves the most text for later pieces.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let inner = text.strip_prefix(self.start.as_str()).and_then(|rest| rest.strip_suffix(self.end.as_str()));
        let Some(mut rest) = inner else { return false };
        for piece in &self.middle {
            let Some(at) = rest.find(piece.as_str()) else { return false };
            rest = &rest[at + piece.len()..];
        }
        true
    }
}
