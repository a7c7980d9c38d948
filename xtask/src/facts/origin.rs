//! Where a fact was read.

/// The line of the page that a fact was read in: known right after reading, and no part of the fact. All are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin {
    /// The line, counted from 1; 0 if the fact comes from a facts file.
    pub line: u64,
}

impl From<u64> for Origin {
    fn from(line: u64) -> Self {
        Self { line }
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}
