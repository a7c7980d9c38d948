//! The names of the pages.

/// One of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Start,
    Reference,
    ErrorCodes,
    Fields,
}

impl Page {
    pub(super) const ALL: [Self; 4] = [Self::Start, Self::Reference, Self::ErrorCodes, Self::Fields];

    /// Gives the name of its file.
    pub(super) fn file(self) -> &'static str {
        ["index.html", "reference.html", "error-codes.html", "fields.html"][self as usize]
    }

    /// Gives the words of links to it.
    pub(super) fn name(self) -> &'static str {
        ["Start", "Reference", "Error codes", "Fields"][self as usize]
    }
}
