//! Lists of changes by what they mean to a caller: what reports on two releases of the reference and on two versions of the
//! spec have in common.

pub(crate) mod json;
pub(crate) mod limits;
pub(crate) mod markdown;
pub(crate) mod text;

pub(crate) use limits::Direction;

/// What a change means to a caller of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A call that was right before can fail, or mean something else.
    Breaking,
    /// A call that was right before still is.
    Compatible,
    /// Only the words for people read differently.
    Wording,
}

impl Class {
    /// All classes, the gravest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Compatible, Self::Wording];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Compatible => "compatible",
            Self::Wording => "wording",
        }
    }
}
