//! Lists of objects that are known by what they say, and not by their positions.

use std::collections::HashSet;

use serde_json::Value;

use super::rule::Part;

/// An item of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'v> {
    pub(super) index: usize,
    pub(super) value: &'v Value,
    key: (&'v str, &'v str),
}

/// An item of one list, of the other, or of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'r, 'v> {
    pub(super) from: Option<&'r Row<'v>>,
    pub(super) to: Option<&'r Row<'v>>,
}

impl<'v> Pair<'_, 'v> {
    pub(super) fn name(&self) -> &'v str {
        self.from.or(self.to).map_or("", |row| row.key.0)
    }
}

/// The items, each with what it is known by, or nothing if one cannot be told from the others.
pub(super) fn read<'v>(part: Part, document: &'v Value, items: &'v [Value]) -> Option<Vec<Row<'v>>> {
    let mut met = HashSet::new();
    let rows = items.iter().enumerate().map(|(index, value)| {
        let said = |key| resolved(document, value).get(key).and_then(Value::as_str);
        // A parameter can have a namesake elsewhere in the request.
        let key = (said("name")?, if part == Part::Parameter { said("in")? } else { "" });
        met.insert(key).then_some(Row { index, value, key })
    });
    rows.collect()
}

/// The items of both lists, those of the first in their order, and then what only the second has.
pub(super) fn pairs<'r, 'v>(from: &'r [Row<'v>], to: &'r [Row<'v>]) -> Vec<Pair<'r, 'v>> {
    let find = |rows: &'r [Row<'v>], row: &Row<'v>| rows.iter().find(|other| other.key == row.key);
    let first = from.iter().map(|row| Pair { from: Some(row), to: find(to, row) });
    let rest = to.iter().filter(|row| find(from, row).is_none()).map(|row| Pair { from: None, to: Some(row) });
    first.chain(rest).collect()
}

/// Whether what both have stands in another order.
pub(super) fn reordered(from: &[Row<'_>], to: &[Row<'_>]) -> bool {
    let positions: Vec<usize> =
        pairs(from, to).iter().filter_map(|pair| pair.from.and(pair.to)).map(|row| row.index).collect();
    !positions.is_sorted()
}

/// What `value` refers to, if it is a reference that leads somewhere in the document.
pub(super) fn resolved<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    target.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}
