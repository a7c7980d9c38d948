//! A YAML document as JSON, with the line and column of each part.

// By path, since xtask includes this file as well.
#[path = "scalar.rs"]
mod scalar;

use std::collections::HashMap;
use std::fmt;

use granit_parser::{Event, Marker, Options, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

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
    /// The content. Keys that are not strings, such as error codes, have become strings.
    pub(crate) value: Value,
    places: HashMap<String, Place>,
}

/// A document that is not YAML, or that JSON could not hold.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Where reading stopped.
    pub(crate) place: Place,
    /// Why.
    pub(crate) cause: String,
}

impl Document {
    /// Reads `text`.
    ///
    /// # Errors
    /// If it is not YAML, names a key twice in a mapping, or has a key, a number or a tag that JSON lacks.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut options = Options::default();
        options.emit_comments = false;
        let mut composer = Composer { room: text.len().max(REPEATED), ..Composer::default() };
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.map_err(|error| unreadable(*error.marker(), error.info()))?;
            composer.take(event, span.start)?;
        }
        Ok(Self { value: composer.root, places: composer.places })
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
    if token.contains(['~', '/']) {
        return format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"));
    }
    format!("{pointer}/{token}")
}

fn unreadable(at: Marker, cause: impl Into<String>) -> Unreadable {
    Unreadable { place: place(at), cause: cause.into() }
}

fn place(at: Marker) -> Place {
    // The parser counts columns from 0.
    Place { line: at.line() as u64, column: at.col() as u64 + 1 }
}

/// The limit for values that aliases repeat in a short document. Written values have no limit. Aliases of aliases could
/// grow without end.
const REPEATED: usize = 250_000;

/// Makes a value of the parser's events.
#[derive(Default)]
struct Composer {
    root: Value,
    places: HashMap<String, Place>,
    /// The documents that have begun.
    documents: usize,
    /// The collections that have begun and not ended, outermost first.
    open: Vec<Open>,
    /// The anchors, each with its value and the number of values in it.
    anchors: HashMap<usize, (Value, usize)>,
    /// The values so far, those of aliases counted again.
    values: usize,
    /// How many values aliases may still repeat.
    room: usize,
}

/// A collection that has not ended.
struct Open {
    pointer: String,
    content: Content,
    anchor: usize,
    /// The values before it.
    before: usize,
}

enum Content {
    Sequence(Vec<Value>),
    /// With the key whose value comes next.
    Mapping(Map<String, Value>, Option<String>),
}

impl Composer {
    fn take(&mut self, event: Event<'_>, at: Marker) -> Result<(), Unreadable> {
        match event {
            Event::DocumentStart(..) => self.documents += 1,
            // Readers of YAML 1.1 would put the members of another mapping here, those of 1.2 a key of this name.
            Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<" && self.awaits_key() => {
                return Err(unreadable(at, "`<<` is not read by all alike: write the members out"));
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar::resolve(&text, style, tag.as_deref()).map_err(|cause| unreadable(at, cause))?;
                self.keep(anchor, &value, 1);
                self.leaf(value, 1, at)?;
            }
            Event::Alias(anchor) => {
                let Some((value, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(unreadable(at, "an alias refers to a value that contains the alias"));
                };
                let Some(room) = self.room.checked_sub(size) else {
                    return Err(unreadable(
                        at,
                        "the aliases repeat too much: write the parts out, or refer to them by `$ref`",
                    ));
                };
                self.room = room;
                self.leaf(value, size, at)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(Content::Sequence(Vec::new()), anchor, tag.as_deref(), at)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.begin(Content::Mapping(Map::new(), None), anchor, tag.as_deref(), at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => {}
        }
        Ok(())
    }

    /// A value without parts that have events of their own.
    fn leaf(&mut self, value: Value, size: usize, at: Marker) -> Result<(), Unreadable> {
        if self.awaits_key() {
            return self.key(value, at);
        }
        self.arrive(at)?;
        self.values += size;
        self.put(value);
        Ok(())
    }

    fn begin(&mut self, content: Content, anchor: usize, tag: Option<&Tag>, at: Marker) -> Result<(), Unreadable> {
        let usual = match content {
            Content::Sequence(_) => "seq",
            Content::Mapping(..) => "map",
        };
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema_tag(usual)) {
            return Err(unreadable(at, scalar::misfit(tag)));
        }
        if self.awaits_key() {
            return Err(unreadable(at, NOT_A_KEY));
        }
        let pointer = self.arrive(at)?;
        self.open.push(Open { pointer, content, anchor, before: self.values });
        self.values += 1;
        Ok(())
    }

    fn end(&mut self) {
        let Some(Open { content, anchor, before, .. }) = self.open.pop() else { return };
        let value = match content {
            Content::Sequence(items) => Value::Array(items),
            Content::Mapping(members, _) => Value::Object(members),
        };
        self.keep(anchor, &value, self.values - before);
        self.put(value);
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Mapping(_, None), .. }))
    }

    /// A mapping's key, as JSON has it: HTTP statuses and error codes are numbers in YAML.
    fn key(&mut self, value: Value, at: Marker) -> Result<(), Unreadable> {
        let name = match value {
            Value::String(name) => name,
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => return Err(unreadable(at, NOT_A_KEY)),
        };
        let Some(Open { pointer, content: Content::Mapping(members, key), .. }) = self.open.last_mut() else {
            return Ok(());
        };
        if members.contains_key(&name) {
            return Err(unreadable(at, format!("the key `{name}` stands twice in one mapping")));
        }
        self.places.insert(join(pointer, &name), place(at));
        *key = Some(name);
        Ok(())
    }

    /// The pointer of the value that begins, with its place kept, unless its key's is.
    fn arrive(&mut self, at: Marker) -> Result<String, Unreadable> {
        let pointer = match self.open.last() {
            None if self.documents > 1 => return Err(unreadable(at, "a second document")),
            None => String::new(),
            Some(Open { pointer, content: Content::Sequence(items), .. }) => join(pointer, &items.len().to_string()),
            Some(Open { pointer, content: Content::Mapping(_, key), .. }) => {
                return Ok(join(pointer, key.as_deref().unwrap_or_default()));
            }
        };
        self.places.insert(pointer.clone(), place(at));
        Ok(pointer)
    }

    /// A value that has ended, put where it belongs.
    fn put(&mut self, value: Value) {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = value,
            Some(Content::Sequence(items)) => items.push(value),
            Some(Content::Mapping(members, key)) => {
                members.insert(key.take().unwrap_or_default(), value);
            }
        }
    }

    fn keep(&mut self, anchor: usize, value: &Value, size: usize) {
        // 0 is no anchor.
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), size));
        }
    }
}

const NOT_A_KEY: &str = "a key has to be a string, a number or a boolean";
