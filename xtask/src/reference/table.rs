//! Tables: a header, and rows with as many cells.

use super::{Fault, quirks};

/// A table, whole even where page breaks cut it.
#[derive(Debug)]
pub(crate) struct Table {
    /// The line of the header.
    pub(crate) line: u64,
    /// The names of the columns.
    pub(crate) header: Vec<String>,
    /// The rows below the header.
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Its line.
    pub(crate) line: u64,
    cells: Vec<String>,
}

impl Row {
    /// A row that starts in `line`.
    pub(crate) fn new(line: u64, cells: Vec<String>) -> Self {
        Self { line, cells }
    }

    /// How many cells it has.
    pub(crate) fn cells(&self) -> usize {
        self.cells.len()
    }
}

/// What a table is about, which its columns tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Parameters of an operation.
    Parameters,
    /// Members of a body or definition; of a response's headers too, in which the columns have another order.
    Fields,
    /// Error codes.
    ErrorCodes,
}

impl Subject {
    const ALL: [Self; 3] = [Self::Parameters, Self::Fields, Self::ErrorCodes];

    /// The columns, in the order that the page usually has.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Parameters => &["Name", "Type", "In", "Required", "Description"],
            Self::Fields => &["Name", "Type", "Description"],
            Self::ErrorCodes => &["Error Code", "Description"],
        }
    }
}

impl Table {
    /// A table with this header, and no rows yet.
    pub(crate) fn new(header: &Row) -> Result<Self, Fault> {
        let names = header.cells.iter().map(|name| quirks::unbold(name)).collect();
        let table = Self { line: header.line, header: names, rows: Vec::new() };
        table.subject()?;
        Ok(table)
    }

    /// Adds a row, which has a cell for each column.
    pub(crate) fn push(&mut self, row: Row) -> Result<(), Fault> {
        if row.cells() != self.header.len() {
            let found = format!("a row of {} cells", row.cells());
            let expected = format!("{}: {}", self.header.len(), self.header.join(", "));
            return Err(Fault::new(row.line, found, expected));
        }
        self.rows.push(row);
        Ok(())
    }

    /// Whether `row` is the header once more.
    pub(crate) fn repeats_header(&self, row: &Row) -> bool {
        row.cells() == self.header.len()
            && row.cells.iter().zip(&self.header).all(|(cell, name)| &quirks::unbold(cell) == name)
    }

    /// What the table is about.
    pub(crate) fn subject(&self) -> Result<Subject, Fault> {
        let mut names: Vec<&str> = self.header.iter().map(String::as_str).collect();
        names.sort_unstable();
        let known = Subject::ALL.into_iter().find(|subject| {
            let mut columns = subject.columns().to_vec();
            columns.sort_unstable();
            columns == names
        });
        known.ok_or_else(|| {
            let headers: Vec<String> = Subject::ALL.iter().map(|subject| subject.columns().join(", ")).collect();
            Fault::new(
                self.line,
                format!("a table with the header {}", self.header.join(", ")),
                format!("one of: {}", headers.join("; ")),
            )
        })
    }

    /// The table, if it is about `subject`.
    pub(crate) fn about(&self, subject: Subject, section: &str) -> Result<&Self, Fault> {
        if self.subject()? == subject {
            return Ok(self);
        }
        let found = format!("a table of {} under `{section}`", self.header.join(", "));
        Err(Fault::new(self.line, found, format!("one of {}", subject.columns().join(", "))))
    }

    /// The cell of `row` in the column called `name`, wherever that column stands.
    pub(crate) fn cell<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        let column = self.header.iter().position(|column| column == name);
        column.and_then(|column| row.cells.get(column)).map_or("", String::as_str)
    }
}
