//! A YAML text as a tree of byte ranges.

use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};
use serde_json::{Map, Value};

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
    Scalar(ScalarStyle),
    /// As a literal or folded block.
    Block,
    /// As a collection, or as an alias for one.
    Collection(Collection),
    Alias,
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

impl Collection {
    /// Whether the parts of the collection, which says `value`, can be told apart in the text.
    pub(super) fn is_sound(&self, value: &Value) -> bool {
        let parts = value.as_object().map(Map::len).or(value.as_array().map(Vec::len));
        !self.odd && parts == Some(self.entries.len())
    }
}

/// A member or an item.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it starts: at its key, at its dash, or in a flow sequence at its value.
    pub(super) head: usize,
    /// The quotes of its key.
    pub(super) key: ScalarStyle,
    /// Past its colon or its dash; past its key if it has no colon; its start in a flow sequence.
    pub(super) after: usize,
    pub(super) value: Node,
}

/// The tree of a text that is one YAML document, and how the text is written.
pub(super) fn read(text: &str) -> (Node, Style) {
    let mut options = Options::default();
    options.emit_comments = false;
    let events = Parser::new_from_str_with_options(text, options).map_while(|event| {
        let (event, span) = event.ok()?;
        Some((event, span.byte_range()?))
    });
    let mut reader = Reader { text: Text(text), events, end: 0, step: None, dash: None };
    let nothing = Node { start: text.len(), end: text.len(), kind: Kind::Empty, decorated: false };
    let root = reader.value(0, false).unwrap_or(nothing);
    (root, Style::of(text, reader.step, reader.dash))
}

/// Makes nodes of the parser's events. The parser limits how deep they are nested.
struct Reader<'t, E> {
    text: Text<'t>,
    events: E,
    /// Past what the last event was about.
    end: usize,
    step: Option<usize>,
    dash: Option<usize>,
}

impl<'t, E: Iterator<Item = (Event<'t>, Range<usize>)>> Reader<'t, E> {
    /// The value that comes next behind `after`, which is its colon or dash; nothing at the end of a collection.
    fn value(&mut self, after: usize, in_mapping: bool) -> Option<Node> {
        let (event, Range { start, end }) = self.events.next()?;
        self.end = end;
        let mapping = matches!(event, Event::MappingStart(..));
        let node = |start, end, kind, decorated| Some(Node { start, end, kind, decorated });
        match event {
            Event::Alias(_) => node(start, end, Kind::Alias, false),
            Event::Scalar(_, style, anchor, tag) => {
                let decorated = anchor > 0 || tag.is_some();
                match style {
                    ScalarStyle::Plain if start == end => node(after, after, Kind::Empty, decorated),
                    ScalarStyle::Literal | ScalarStyle::Folded => {
                        let (start, end, known) = self.block_scalar(after, end);
                        node(start, end, Kind::Block, decorated || !known)
                    }
                    _ => node(start, end, Kind::Scalar(style), decorated),
                }
            }
            Event::SequenceStart(style, anchor, tag) | Event::MappingStart(style, anchor, tag) => {
                let flow = style == StructureStyle::Flow;
                // Of a sequence that is not indented, the parser gives the place of the first item, not of its dash.
                let dash = || past_properties(self.text, self.text.past_comments(after));
                let start = if in_mapping && !flow && !mapping { dash() } else { start };
                Some(self.collection(start, flow, mapping, anchor > 0 || tag.is_some()))
            }
            Event::SequenceEnd | Event::MappingEnd => None,
            _ => self.value(after, in_mapping),
        }
    }

    fn collection(&mut self, start: usize, flow: bool, mapping: bool, decorated: bool) -> Node {
        let text = self.text;
        let mut entries: Vec<Entry> = Vec::new();
        let mut odd = flow && text.byte(start) != Some(if mapping { b'{' } else { b'[' });
        loop {
            let (head, mut known) = match entries.last().map(|last| text.past_comments(last.value.end)) {
                None if flow && !odd => (text.past_comments(start + 1), true),
                None => (start, true),
                Some(end) if flow && text.byte(end) == Some(b',') => (text.past_comments(end + 1), true),
                Some(end) => (end, !flow),
            };
            let (mut key, mut after) = (ScalarStyle::Plain, head);
            if mapping {
                let Some(node) = self.value(head, false) else { break };
                let colon = if flow { text.past_comments(node.end) } else { text.past_spaces(node.end) };
                let found = text.byte(colon) == Some(b':');
                known &= node.start == head && !node.decorated && (found || flow);
                after = if found { colon + 1 } else { node.end };
                match node.kind {
                    Kind::Scalar(quotes) => key = quotes,
                    Kind::Alias => {}
                    _ => known = false,
                }
            } else if !flow {
                known = text.byte(head) == Some(b'-');
                after = head + 1;
            }
            let Some(value) = self.value(after, mapping && !flow) else { break };
            odd |= !known;
            if let (true, Kind::Collection(Collection { flow: false, mapping, .. })) = (mapping, &value.kind) {
                let indent = if *mapping { &mut self.step } else { &mut self.dash };
                *indent = indent.or_else(|| text.column(value.start).checked_sub(text.column(head)));
            }
            entries.push(Entry { head, key, after, value });
        }
        let end = match entries.last() {
            Some(last) if !flow || odd => last.value.end,
            _ => self.end,
        };
        Node { start, end, kind: Kind::Collection(Collection { flow, mapping, entries, odd }), decorated }
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
        // After the last line end comes the indentation of the next token, or a last line without an end.
        let whole = match body.rfind('\n') {
            Some(end) if body[end..].trim().is_empty() => &body[..=end],
            _ => body,
        };
        // Blank lines at the end count if the header says so.
        let kept = if text.piece(header, header_end).contains('+') { whole } else { whole.trim_end() };
        let end = if kept.is_empty() { header_end } else { text.line_end(text.before_break(first + kept.len())) };
        (header, end.max(header_end), true)
    }
}

/// The first place from `at`, where a node starts, that is past its anchor and its tag.
fn past_properties(text: Text<'_>, mut at: usize) -> usize {
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
