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
#[derive(Debug)]
pub(crate) struct Row {
    /// Its line.
    pub(crate) line: u64,
    cells: Vec<String>,
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
    /// Reads the lines of one part of a table.
    pub(crate) fn read(lines: &[(u64, &str)]) -> Result<Self, Fault> {
        let mut rows = lines.iter().map(|&(line, text)| (line, text.split('\t').map(str::trim).collect::<Vec<_>>()));
        let (line, header) = rows.next().unwrap_or_default();
        let mut table = Self { line, header: header.into_iter().map(quirks::unbold).collect(), rows: Vec::new() };
        table.subject()?;
        for (line, cells) in rows {
            let cells: Vec<String> = cells.into_iter().map(str::to_owned).collect();
            if table.is_header(&cells) {
                continue;
            }
            if cells.len() != table.header.len() {
                let found = format!("a row of {} cells", cells.len());
                let expected = format!("{}: {}", table.header.len(), table.header.join(", "));
                return Err(Fault::new(line, found, expected));
            }
            table.rows.push(Row { line, cells });
        }
        Ok(table)
    }

    fn is_header(&self, cells: &[String]) -> bool {
        cells.len() == self.header.len()
            && cells.iter().zip(&self.header).all(|(cell, name)| &quirks::unbold(cell) == name)
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
