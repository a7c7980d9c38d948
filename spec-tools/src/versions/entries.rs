//! Entries of a mapping or a list, and the pairs of two.

use std::collections::HashMap;

use serde_json::Value;

/// How long a value may be to be shown.
const SHOWN: usize = 80;

/// The keys that entries are paired by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// Their names, in a mapping.
    Names,
    /// Their member `name` and, for parameters, `in`.
    Said,
    /// Their positions.
    Positions,
    /// Their values. A value that stands twice has to stand twice on the other side.
    Values,
}

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct Entry<'v> {
    pub(super) name: String,
    /// The rest of its key, and the count of entries with the same key so far.
    besides: (Option<&'v Value>, usize),
    pub(super) position: usize,
    /// Its key or index in the mapping or list.
    pub(super) place: String,
    pub(super) value: &'v Value,
}

/// The entries of both sides, or of one.
pub(super) type Pair<'e, 'v> = [Option<&'e Entry<'v>>; 2];

/// Reads the entries of `side`. A missing side has none. Gives nothing if `side` is something else, or if two entries
/// have the same key.
pub(super) fn read<'v>(keys: Keys, document: &'v Value, side: Option<&'v Value>) -> Option<Vec<Entry<'v>>> {
    let items: Vec<(String, &'v Value)> = match side {
        None => Vec::new(),
        Some(Value::Object(members)) if keys == Keys::Names => {
            members.iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        Some(Value::Array(items)) if keys != Keys::Names => {
            (0..).map(|index: usize| index.to_string()).zip(items).collect()
        }
        Some(_) => return None,
    };
    let mut met: HashMap<(String, Option<&Value>), usize> = HashMap::new();
    let entry = |(position, (place, value)): (usize, (String, &'v Value))| {
        let (name, besides) = match keys {
            Keys::Names | Keys::Positions => (place.clone(), None),
            Keys::Said => {
                let value = resolved(document, value);
                (value.get("name")?.as_str()?.to_owned(), value.get("in"))
            }
            Keys::Values => (short(value), Some(value)),
        };
        let alike = met.entry((name.clone(), besides)).or_default();
        *alike += 1;
        let is_clear = *alike == 1 || keys == Keys::Values;
        is_clear.then_some(Entry { name, besides: (besides, *alike), position, place, value })
    };
    items.into_iter().enumerate().map(entry).collect()
}

/// Pairs the entries: all of the first side in order, and then those that only the second has.
pub(super) fn pairs<'e, 'v>(from: &'e [Entry<'v>], to: &'e [Entry<'v>]) -> Vec<Pair<'e, 'v>> {
    fn key<'e, 'v>(entry: &'e Entry<'v>) -> (&'e str, (Option<&'v Value>, usize)) {
        (&entry.name, entry.besides)
    }
    let before: HashMap<_, _> = from.iter().map(|entry| (key(entry), entry)).collect();
    let now: HashMap<_, _> = to.iter().map(|entry| (key(entry), entry)).collect();
    let first = from.iter().map(|entry| [Some(entry), now.get(&key(entry)).copied()]);
    let rest = to.iter().filter(|entry| !before.contains_key(&key(entry))).map(|entry| [None, Some(entry)]);
    first.chain(rest).collect()
}

/// Follows a reference within the document; gives anything else as it is.
pub(super) fn resolved<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    target.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

/// Shows a value; a long one as nothing.
pub(super) fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() > SHOWN { String::new() } else { text }
}
