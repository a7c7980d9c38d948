//! A list of the catalogue as a table, whose columns are the members of its items.

use serde::Serialize;
use serde_json::{Map, Value};

pub(super) struct Table {
    pub(super) title: &'static str,
    /// The items, each with all members in the same order.
    pub(super) rows: Vec<Map<String, Value>>,
}

impl Table {
    pub(super) fn new(title: &'static str, items: &[impl Serialize]) -> Result<Self, serde_json::Error> {
        let row = |item| serde_json::from_value(serde_json::to_value(item)?);
        Ok(Self { title, rows: items.iter().map(row).collect::<Result<_, _>>()? })
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.rows.first().into_iter().flat_map(Map::keys).map(String::as_str)
    }
}

/// The text of a cell: nothing for null, and the items of a list with `between` in between.
pub(super) fn text(value: &Value, between: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(|item| text(item, between)).collect::<Vec<_>>().join(between),
        other => other.to_string(),
    }
}
