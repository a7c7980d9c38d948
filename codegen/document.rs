//! A YAML document as JSON, with the line and column of each part.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use serde_saphyr::{DuplicateKeyPolicy, Spanned};

/// Where something stands in a file; both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The line.
    pub(crate) line: u64,
    /// The column, in characters.
    pub(crate) column: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A YAML document, read whole.
#[derive(Debug)]
pub(crate) struct Document {
    /// What it says. Keys that are not strings, such as error codes, have become strings.
    pub(crate) value: Value,
    places: HashMap<String, Place>,
}

/// A document that is not YAML, or that JSON could not hold.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Where reading stopped, if that is known.
    pub(crate) place: Option<Place>,
    /// Why.
    pub(crate) cause: String,
}

impl Document {
    /// Reads `text`.
    ///
    /// # Errors
    /// If it is not YAML, names a key twice in a mapping, or has a key or a number that JSON lacks.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let usual = serde_saphyr::Budget::default();
        let options = serde_saphyr::options! {
            with_snippet: false,
            // What is written out takes more than a character for each part, and is read however much it is. Only what
            // repeats other parts could become more than that, and it must not.
            budget: serde_saphyr::budget! {
                max_nodes: usual.max_nodes.max(text.len()),
                max_events: usual.max_events.max(text.len().saturating_mul(4)),
                max_total_scalar_bytes: usual.max_total_scalar_bytes.max(text.len()),
            },
            // Let through, so that it is this module that refuses them, in words that help here.
            duplicate_keys: DuplicateKeyPolicy::LastWins,
        };
        // All documents, although there has to be one: reading the first alone would pass over what follows it.
        let roots: Vec<Spanned<Node>> = serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
            let (place, text) = (error.location().and_then(place), error.to_string());
            // The library repeats the place at the end of its words.
            let again = place.map(|Place { line, column }| format!(" at line {line}, column {column}"));
            let cause = again.and_then(|again| text.strip_suffix(&again)).unwrap_or(&text).to_owned();
            Unreadable { place, cause }
        })?;
        let mut places = HashMap::new();
        let mut roots = roots.into_iter();
        let Some(root) = roots.next() else { return Ok(Self { value: Value::Null, places }) };
        if let Some(second) = roots.next() {
            return Err(Unreadable { place: place(second.referenced), cause: "a second document".to_owned() });
        }
        let value = root.value.unfold("", &mut places)?;
        if let Some(start) = place(root.referenced) {
            places.insert(String::new(), start);
        }
        Ok(Self { value, places })
    }

    /// The place of the part that `pointer`, an RFC 6901 JSON pointer, names: of its key if it has one. A part that is
    /// not there has the place of the nearest one around it.
    pub(crate) fn place(&self, pointer: &str) -> Place {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return *place;
            }
            match pointer.rfind('/') {
                Some(end) => pointer = &pointer[..end],
                None => return Place { line: 1, column: 1 },
            }
        }
    }
}

/// `pointer` with `token` after it, with the escapes of RFC 6901.
pub(crate) fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

fn place(location: serde_saphyr::Location) -> Option<Place> {
    // Line 0 is how the library says that it does not know.
    (location.line() > 0).then(|| Place { line: location.line(), column: location.column() })
}

/// One node with the places below it. `Spanned` has no place inside serde's buffered kinds of enum, so that this type
/// reads itself by a visitor.
enum Node {
    Scalar(Value),
    Sequence(Vec<Spanned<Node>>),
    Mapping(Vec<(Spanned<Key>, Spanned<Node>)>),
}

impl Node {
    /// The value, with the places below `pointer` put into `places`.
    fn unfold(self, pointer: &str, places: &mut HashMap<String, Place>) -> Result<Value, Unreadable> {
        match self {
            Self::Scalar(value) => Ok(value),
            Self::Sequence(items) => {
                let items = items.into_iter().enumerate();
                items.map(|(index, item)| descend(item, None, &join(pointer, &index.to_string()), places)).collect()
            }
            Self::Mapping(entries) => {
                let entries = entries.into_iter();
                let members = entries.map(|(key, node)| {
                    let below = join(pointer, &key.value.0);
                    Ok((key.value.0, descend(node, Some(key.referenced), &below, places)?))
                });
                Ok(Value::Object(members.collect::<Result<_, _>>()?))
            }
        }
    }
}

fn descend(
    node: Spanned<Node>,
    key: Option<serde_saphyr::Location>,
    pointer: &str,
    places: &mut HashMap<String, Place>,
) -> Result<Value, Unreadable> {
    if let Some(start) = place(key.unwrap_or(node.referenced))
        && places.insert(pointer.to_owned(), start).is_some()
    {
        let key = pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        let cause = format!("the key `{key}` stands twice in one mapping");
        return Err(Unreadable { place: Some(start), cause });
    }
    node.value.unfold(pointer, places)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping, a sequence or a scalar")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number that JSON cannot hold"))?;
        Ok(Node::Scalar(number.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Mapping(entries))
    }
}

/// A mapping's key, as JSON has it: HTTP statuses and error codes are numbers in YAML.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Node::deserialize(deserializer)? {
            Node::Scalar(Value::String(text)) => Ok(Self(text)),
            Node::Scalar(Value::Number(number)) => Ok(Self(number.to_string())),
            Node::Scalar(Value::Bool(value)) => Ok(Self(value.to_string())),
            _ => Err(D::Error::custom("a key has to be a string, a number or a boolean")),
        }
    }
}
