//! Tables of JSON objects, whose members are the columns: each has the same, in the same order.

use serde_json::{Map, Value};

use crate::markdown::{code, plain};
use crate::outcome::Failure;

/// Columns that hold sentences; all others hold what is typed as it stands.
const SENTENCES: [&str; 3] = ["summary", "remedy", "description"];

/// Shows a table as CSV, with a line of headings; the items of a list are joined by semicolons.
pub(super) fn csv(rows: &[&Map<String, Value>]) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(rows.first().into_iter().flat_map(|row| row.keys()))?;
    for row in rows {
        writer.write_record(row.values().map(|value| text(value, "; ")))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Shows a table as Markdown, in GitHub's flavour.
pub(super) fn markdown(rows: &[&Map<String, Value>]) -> String {
    let columns: Vec<String> = rows.first().into_iter().flat_map(|row| row.keys().cloned()).collect();
    let marks = format!("|{}\n", "---|".repeat(columns.len()));
    let cells = rows.iter().map(|row| row.iter().map(|(column, value)| cell(column, value)).collect());
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    line(columns) + &marks + &cells.map(line).collect::<String>()
}

fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::String(text) if SENTENCES.contains(&column) => plain(text),
        Value::Array(items) => items.iter().map(|item| code(&text(item, ", "))).collect::<Vec<_>>().join("<br>"),
        Value::Null => String::new(),
        other => code(&text(other, ", ")),
    }
}

/// Gives the text of a cell: nothing for null, and the items of a list with `between` in between.
fn text(value: &Value, between: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(|item| text(item, between)).collect::<Vec<_>>().join(between),
        other => other.to_string(),
    }
}
