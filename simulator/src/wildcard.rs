//! Texts with gaps: `*` stands for any characters, or none.

/// A pattern with one gap or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// The text before the first gap.
    start: String,
    /// The texts between two gaps, in this order. None is empty.
    middle: Vec<String>,
    /// The text after the last gap.
    end: String,
}

impl Pattern {
    /// From the texts around the gaps: `a*b` has the two pieces `a` and `b`. `None` where there is no gap.
    pub(crate) fn around(mut pieces: Vec<String>) -> Option<Self> {
        let end = pieces.pop()?;
        let mut pieces = pieces.into_iter();
        let start = pieces.next()?;
        Some(Self { start, middle: pieces.filter(|piece| !piece.is_empty()).collect(), end })
    }

    /// Whether the text looks like this.
    ///
    /// Each middle piece is taken at the first place where it is found, which leaves the most text for later pieces.
    /// Nothing is tried twice: the time grows with the length of the text alone.
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
