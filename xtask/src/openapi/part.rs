//! The parts of a document that have values: parameters, headers, fields and error codes.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

use crate::document::join;
use crate::place::{Source, Unreadable};

use super::Fingerprint;

/// The kind of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A type of JSON that is neither object nor array, or what stands there instead of a type.
    Scalar(String),
    /// The object whose schema has this pointer.
    Object(String),
    /// Several of one kind.
    Array(Box<Kind>),
}

/// The type; of an array with what it holds, as in `array[string]`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(name) => f.write_str(name),
            Self::Object(_) => f.write_str("object"),
            Self::Array(of) => write!(f, "array[{of}]"),
        }
    }
}

/// Nothing is known of the values.
impl Default for Kind {
    fn default() -> Self {
        Self::Scalar("anything".to_owned())
    }
}

impl Kind {
    /// The pointer of the object's schema, if the value is an object or a list of objects.
    pub fn object(&self) -> Option<&str> {
        match self {
            Self::Object(pointer) => Some(pointer),
            Self::Array(inner) => inner.object(),
            Self::Scalar(_) => None,
        }
    }
}

/// A default and limits, under their OpenAPI names, each with its pointer.
pub type Limits = BTreeMap<&'static str, (Value, String)>;

/// The names of [`Limits`].
pub const LIMITS: [&str; 5] = ["default", "minimum", "maximum", "minLength", "maxLength"];

/// A parameter, a header, a property of an object, or an error code of an operation. Members that a kind of part never has are empty.
#[derive(Debug, Default)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Where a parameter goes, such as `query`.
    pub r#in: String,
    /// The pointer by which its owner names it.
    pub used: String,
    /// The pointer of what it is; several operations can share one.
    pub pointer: String,
    /// The pointer of its schema, where a limit would be added.
    pub schema: String,
    /// The name of a parameter in findings.
    pub subject: String,
    /// The kind of its values.
    pub kind: Kind,
    /// Whether a parameter has to be given.
    pub required: bool,
    /// Its default and limits.
    pub limits: Limits,
    /// Its marks.
    pub said: Said,
    /// The marks that say which way the values of a property go.
    pub(super) marks: Vec<&'static str>,
}

/// The marks of a part, without its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The release in which the part first appeared.
    pub introduced: Option<String>,
    /// The fingerprint of the vendor's description.
    pub fingerprint: Option<Fingerprint>,
    /// Whether the page breaks off in the middle of the description.
    pub cut: bool,
}

impl Said {
    /// Reads the marks of the part at `pointer`.
    pub(super) fn read(source: &Source, pointer: &str) -> Result<Self, Unreadable> {
        Ok(Self {
            introduced: source.text(&join(pointer, "x-ntap-introduced"))?.map(str::to_owned),
            fingerprint: Fingerprint::read(source, &join(pointer, "x-ontap-fingerprint"))?,
            cut: source.flag(&join(pointer, "x-ontap-cut"))?,
        })
    }
}

/// The way that the values of a body go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To ONTAP, which makes an object of them.
    Create,
    /// To ONTAP, which changes an object.
    Modify,
    /// From ONTAP.
    Return,
}

/// The names of the marks that say which way values go.
pub(super) const MARKS: [&str; 5] =
    ["readOnly", "writeOnly", "x-ntap-readOnly", "x-ntap-readCreate", "x-ntap-createOnly"];

impl Part {
    /// Gives the limit of this name.
    pub fn limit(&self, name: &str) -> Option<&Value> {
        self.limits.get(name).map(|(value, _)| value)
    }

    /// Whether the marks of the property let its values go this way.
    pub fn goes(&self, way: Way) -> bool {
        let stops: &[&str] = match way {
            Way::Create => &["readOnly", "x-ntap-readOnly"],
            Way::Modify => &["readOnly", "x-ntap-readOnly", "x-ntap-readCreate", "x-ntap-createOnly"],
            Way::Return => &["writeOnly", "x-ntap-createOnly"],
        };
        !self.marks.iter().any(|mark| stops.contains(mark))
    }
}
