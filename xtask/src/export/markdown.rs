//! The tables for people, in a page or a pull request.

use serde_json::Value;

use crate::markdown::{code, plain};

use super::table::{Table, text};

/// Columns that hold sentences; all others hold what is typed as it stands.
const SENTENCES: [&str; 3] = ["summary", "remedy", "description"];

pub(super) fn render(release: &str, tables: &[Table]) -> String {
    let mut out = String::new();
    for table in tables {
        let columns: Vec<&str> = table.columns().collect();
        let blank = if out.is_empty() { "" } else { "\n" };
        out.push_str(&format!("{blank}## {} of ONTAP {}\n\n", table.title, plain(release)));
        out.push_str(&format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len())));
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(|(column, value)| cell(column, value)).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
    }
    out
}

fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::String(text) if SENTENCES.contains(&column) => plain(text),
        Value::Array(items) => items.iter().map(|item| code(&text(item, ", "))).collect::<Vec<_>>().join("<br>"),
        Value::Null => String::new(),
        other => code(&text(other, ", ")),
    }
}
