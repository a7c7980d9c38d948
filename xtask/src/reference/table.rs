//! Tables: a header, and rows with as many cells.

use std::collections::BTreeSet;

use super::{Fault, quirks};

/// A table, whole even where page breaks cut it.
#[derive(Debug)]
pub(crate) struct Table {
    /// The line of the header.
    pub(crate) line: u64,
    /// The names of the columns.
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
}

/// The columns of a table, in the order that the page usually has: they tell what it is about.
pub(crate) type Columns = &'static [&'static str];

pub(crate) const PARAMETERS: Columns = &["Name", "Type", "In", "Required", "Description"];
/// The columns of a table of members of a body or definition. Tables of headers have these too, in another order.
pub(crate) const FIELDS: Columns = &["Name", "Type", "Description"];
pub(crate) const CODES: Columns = &["Error Code", "Description"];

impl Table {
    /// A table with this header, and no rows yet.
    pub(crate) fn new(header: &Row) -> Result<Self, Fault> {
        let names = header.cells.iter().map(|name| quirks::unbold(name)).collect();
        let table = Self { line: header.line, header: names, rows: Vec::new() };
        table.columns()?;
        Ok(table)
    }

    /// Adds a row, which has a cell for each column.
    pub(crate) fn push(&mut self, row: Row) -> Result<(), Fault> {
        let (count, columns) = (row.cells.len(), self.header.len());
        let expected = format!("{columns}: {}", self.header.join(", "));
        ensure!(count == columns, row.line, format!("a row of {count} cells"), expected);
        self.rows.push(row);
        Ok(())
    }

    /// Whether `row` is the header once more.
    pub(crate) fn repeats_header(&self, row: &Row) -> bool {
        row.cells.len() == self.header.len()
            && row.cells.iter().zip(&self.header).all(|(cell, name)| &quirks::unbold(cell) == name)
    }

    /// The kind of table.
    pub(crate) fn columns(&self) -> Result<Columns, Fault> {
        let names: BTreeSet<&str> = self.header.iter().map(String::as_str).collect();
        let has = |columns: &Columns| {
            columns.len() == self.header.len() && names == BTreeSet::from_iter(columns.iter().copied())
        };
        let all = [PARAMETERS, FIELDS, CODES];
        all.into_iter().find(has).ok_or_else(|| {
            let found = format!("a table with the header {}", self.header.join(", "));
            Fault::new(self.line, found, format!("one of: {}", all.map(|columns| columns.join(", ")).join("; ")))
        })
    }

    /// The table, if it has these columns.
    pub(crate) fn about(&self, columns: Columns, section: &str) -> Result<&Self, Fault> {
        if self.columns()? == columns {
            return Ok(self);
        }
        let found = format!("a table of {} under `{section}`", self.header.join(", "));
        Err(Fault::new(self.line, found, format!("one of {}", columns.join(", "))))
    }

    /// The cell of `row` in the column called `name`, wherever that column stands.
    pub(crate) fn cell<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        let column = self.header.iter().position(|column| column == name);
        column.and_then(|column| row.cells.get(column)).map_or("", String::as_str)
    }
}
