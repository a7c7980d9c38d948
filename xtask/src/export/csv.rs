//! A table for spreadsheets and databases.

use super::table::{Table, text};

/// A line of headings, and a line for each row. The items of a list are joined by semicolons.
pub(super) fn render(table: &Table) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(table.columns())?;
    for row in &table.rows {
        writer.write_record(row.values().map(|value| text(value, "; ")))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
