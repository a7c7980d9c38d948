//! A YAML text as a tree of byte ranges.

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

use super::PatchError;
use super::text::Text;
use super::write::Style;

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    /// Its first byte: of a block scalar that of its header, of a block collection that of its first entry.
    pub(super) start: usize,
    /// Past its last byte; of a block scalar past its last line, without the line end.
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// Whether it has an anchor or a tag.
    pub(super) decorated: bool,
}

/// How a value is written.
#[derive(Debug)]
pub(super) enum Kind {
    /// Not at all: a null.
    Empty,
    Scalar(Quotes),
    /// As a literal or folded block.
    Block,
    /// As a collection, or as an alias for one.
    Collection(Collection),
    Alias,
}

/// The quotes around a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Single,
    Double,
}

/// A mapping or a sequence.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) flow: bool,
    pub(super) mapping: bool,
    pub(super) entries: Vec<Entry>,
    /// Whether it has a form, such as keys with `?` or with anchors, in which the places of its entries are not known.
    pub(super) odd: bool,
}

/// A member or an item.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it starts: at its key, at its dash, or in a flow sequence at its value.
    pub(super) head: usize,
    /// The quotes of its key.
    pub(super) key: Quotes,
    /// Past its colon or its dash; past its key if it has no colon; its start in a flow sequence.
    pub(super) after: usize,
    pub(super) value: Node,
}

/// The tree of a text, and how the text is indented.
pub(super) struct Tree {
    pub(super) root: Node,
    pub(super) style: Style,
}

impl Tree {
    pub(super) fn read(text: &str) -> Result<Self, PatchError> {
        let mut builder = Builder { text: Text::new(text), open: Vec::new(), root: None, step: None, dash: None };
        let mut documents = 0;
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| PatchError::Unreadable {
                line: error.marker().line() as u64,
                column: error.marker().col() as u64 + 1,
                cause: error.info().to_owned(),
            })?;
            let Some(range) = span.byte_range() else {
                return Err(PatchError::unfit("", "the parser lost its place"));
            };
            match event {
                Event::DocumentStart(..) => documents += 1,
                Event::Alias(_) => builder.leaf(range.start, range.end, Kind::Alias, false),
                Event::Scalar(_, style, anchor, tag) => {
                    builder.scalar(&span, range.start, range.end, style, anchor > 0 || tag.is_some());
                }
                Event::SequenceStart(style, anchor, tag) => {
                    builder.begin(range.start, style, false, anchor > 0 || tag.is_some());
                }
                Event::MappingStart(style, anchor, tag) => {
                    builder.begin(range.start, style, true, anchor > 0 || tag.is_some());
                }
                Event::SequenceEnd | Event::MappingEnd => builder.end(range.end),
                _ => {}
            }
        }
        match builder.root {
            Some(root) if documents == 1 => {
                let style = Style::of(text, builder.step, builder.dash);
                Ok(Self { root, style })
            }
            None => {
                let root = Node { start: text.len(), end: text.len(), kind: Kind::Empty, decorated: false };
                Ok(Self { root, style: Style::of(text, None, None) })
            }
            _ => Err(PatchError::unfit("", "there is more than one document")),
        }
    }
}

/// A collection whose end has not come yet.
struct Open {
    start: usize,
    decorated: bool,
    collection: Collection,
    /// Head, quotes of the key, and what `after` will be, of the entry whose value comes next.
    next: Option<(usize, Quotes, usize)>,
}

struct Builder<'t> {
    text: Text<'t>,
    open: Vec<Open>,
    root: Option<Node>,
    step: Option<usize>,
    dash: Option<usize>,
}

impl Builder<'_> {
    fn scalar(&mut self, span: &Span, start: usize, end: usize, style: ScalarStyle, decorated: bool) {
        let quotes = match style {
            ScalarStyle::SingleQuoted => Quotes::Single,
            ScalarStyle::DoubleQuoted => Quotes::Double,
            ScalarStyle::Plain => Quotes::None,
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let after = self.after();
                let (start, end, known) = self.block_scalar(after, end);
                return self.leaf(start, end, Kind::Block, decorated || !known);
            }
        };
        if quotes == Quotes::None && span.start == span.end {
            let after = self.after();
            self.leaf(after, after, Kind::Empty, decorated);
        } else {
            self.leaf(start, end, Kind::Scalar(quotes), decorated);
        }
    }

    /// Where the block scalar behind `after` starts and ends, and whether its header was found. `limit` is where the next
    /// token starts.
    fn block_scalar(&self, after: usize, limit: usize) -> (usize, usize, bool) {
        let text = self.text;
        let header = past_properties(text, text.past_comments(after));
        if !matches!(text.byte(header), Some(b'|' | b'>')) {
            return (after, limit, false);
        }
        let header_end = header_end(text, header);
        let first = text.next_line(header);
        let body = text.piece(first, limit);
        // What comes after the last line end is the indentation of the next token, or a last line without an end.
        let whole = match body.rfind('\n') {
            Some(end) if body[end..].trim().is_empty() => &body[..=end],
            _ => body,
        };
        // Blank lines at the end count if the header says so.
        let kept = if text.piece(header, header_end).contains('+') { whole } else { whole.trim_end() };
        let end = if kept.is_empty() { header_end } else { text.line_end(text.before_break(first + kept.len())) };
        (header, end.max(header_end), true)
    }

    /// Past the colon or dash of the value that comes next.
    fn after(&mut self) -> usize {
        self.prepare(None);
        self.open.last().and_then(|open| open.next).map_or(0, |(_, _, after)| after)
    }

    /// Finds the head of the entry that comes next, which in a mapping has its key at `key`.
    fn prepare(&mut self, key: Option<usize>) {
        let text = self.text;
        let Some(open) = self.open.last_mut() else { return };
        if open.next.is_some() {
            return;
        }
        let Collection { flow, mapping, entries, odd } = &mut open.collection;
        let head = match entries.last() {
            None if *flow && !*odd => text.past_comments(open.start + 1),
            None => open.start,
            Some(last) => {
                let end = text.past_comments(last.value.end);
                match (*flow, text.byte(end)) {
                    (false, _) => end,
                    (true, Some(b',')) => text.past_comments(end + 1),
                    (true, _) => {
                        *odd = true;
                        end
                    }
                }
            }
        };
        if *mapping {
            *odd |= key != Some(head);
            open.next = Some((head, Quotes::None, head));
        } else if *flow {
            open.next = Some((head, Quotes::None, head));
        } else {
            *odd |= text.byte(head) != Some(b'-');
            open.next = Some((head, Quotes::None, head + 1));
        }
    }

    fn leaf(&mut self, start: usize, end: usize, kind: Kind, decorated: bool) {
        let text = self.text;
        if let Some(open) = self.open.last()
            && open.collection.mapping
            && open.next.is_none()
        {
            self.prepare(Some(start));
            let Some(open) = self.open.last_mut() else { return };
            let flow = open.collection.flow;
            let colon = if flow { text.past_comments(end) } else { text.past_spaces(end) };
            let found = text.byte(colon) == Some(b':');
            open.collection.odd |= decorated || !found && !flow;
            let quotes = if let Kind::Scalar(quotes) = kind { quotes } else { Quotes::None };
            if let Some((_, key, after)) = &mut open.next {
                (*key, *after) = (quotes, if found { colon + 1 } else { end });
            }
            return;
        }
        self.place(Node { start, end, kind, decorated });
    }

    fn begin(&mut self, start: usize, style: StructureStyle, mapping: bool, decorated: bool) {
        if let Some(open) = self.open.last_mut() {
            // Keys that are collections are refused by whoever reads the values; here they only must not be mixed up.
            open.collection.odd |= open.collection.mapping && open.next.is_none();
        }
        self.prepare(None);
        let flow = style == StructureStyle::Flow;
        let start = match self.open.last() {
            // Of a sequence that is not indented, the parser gives the place of the first item, not of its dash.
            Some(Open {
                collection: Collection { flow: false, mapping: true, .. }, next: Some((_, _, after)), ..
            }) if !flow && !mapping => past_properties(self.text, self.text.past_comments(*after)),
            _ => start,
        };
        let bracket = if mapping { b'{' } else { b'[' };
        let odd = flow && self.text.byte(start) != Some(bracket);
        let collection = Collection { flow, mapping, entries: Vec::new(), odd };
        self.open.push(Open { start, decorated, collection, next: None });
    }

    fn end(&mut self, end: usize) {
        let Some(Open { start, decorated, collection, .. }) = self.open.pop() else { return };
        let last = collection.entries.last().map(|entry| entry.value.end);
        let closed = collection.flow && !collection.odd;
        let end = if closed { end } else { last.unwrap_or(end) };
        self.place(Node { start, end, kind: Kind::Collection(collection), decorated });
    }

    fn place(&mut self, value: Node) {
        self.prepare(None);
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(value);
            return;
        };
        let Some((head, key, after)) = open.next.take() else { return };
        if let Kind::Collection(Collection { flow: false, mapping, .. }) = value.kind
            && open.collection.mapping
        {
            let indent = if mapping { &mut self.step } else { &mut self.dash };
            if indent.is_none() {
                *indent = self.text.column(value.start).checked_sub(self.text.column(head));
            }
        }
        open.collection.entries.push(Entry { head, key, after, value });
    }
}

/// The first place from `at`, where a node starts, that is past its anchor and its tag.
fn past_properties(text: Text<'_>, at: usize) -> usize {
    let mut at = at;
    while matches!(text.byte(at), Some(b'&' | b'!')) {
        let line = text.piece(at, text.line_end(at));
        at = text.past_comments(at + line.find([' ', '\t']).unwrap_or(line.len()));
    }
    at
}

/// Past the header of the block scalar that starts at `start`.
pub(super) fn header_end(text: Text<'_>, start: usize) -> usize {
    let rest = text.piece(start, text.line_end(start));
    let header = |c: char| c.is_ascii_digit() || ['|', '>', '+', '-'].contains(&c);
    start + (rest.len() - rest.trim_start_matches(header).len())
}
