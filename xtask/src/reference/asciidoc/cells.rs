//! Tables in AsciiDoc. A cell starts with a line of its own; a row starts after an empty line, or a comment that says so.

use super::super::Fault;
use super::super::table::{Row, Table};
use super::super::text::{Line, shortened};
use super::lines::{Sort, item, sort};

/// The number of columns that attributes such as `cols=3*,options=header` tell, or nothing if they are others.
pub(super) fn columns(about: &str) -> Option<usize> {
    let (columns, options) = about.split_once(',')?;
    let columns = columns.strip_prefix("cols=")?.trim_matches('"').strip_suffix('*')?.parse().ok()?;
    ["options=header", "options=\"header\""].contains(&options.trim()).then_some(columns)
}

/// Tells if a line can only stand outside of a table.
pub(super) fn is_outside(text: &str) -> bool {
    match sort(text) {
        Sort::Block | Sort::Fence | Sort::Heading(_) | Sort::Operation | Sort::Unknown => true,
        Sort::About(about) => columns(about).is_some() || about.starts_with(['#', '.', '%']),
        _ => false,
    }
}

/// The table that the lines between its marks hold.
pub(super) fn table(opened: u64, columns: Option<usize>, lines: &[Line<'_>]) -> Result<Table, Fault> {
    let mut growing = Growing::default();
    let mut after_empty = true;
    for &(line, text) in lines {
        let sorted = sort(text);
        if sorted == Sort::Blank || is_between_rows(text) {
            after_empty = true;
        }
        if matches!(sorted, Sort::Blank | Sort::Unseen) {
            continue;
        }
        match start(line, text)? {
            Some((mark, cell)) => {
                if after_empty {
                    growing.rows.push(Row { line, cells: Vec::new() });
                }
                // Where the header is one line, a row may be one too.
                let in_one_line = mark.is_empty() && columns.is_none();
                let cells = if in_one_line { cell.split(" | ").collect() } else { vec![cell] };
                cells.into_iter().for_each(|cell| growing.start(cell, mark == "a"));
            }
            None => growing.go_on(line, text, after_empty)?,
        }
        after_empty = false;
    }
    let mut rows = growing.rows.into_iter().map(finished);
    let header = rows.next().unwrap_or_else(|| Err(Fault::new(opened, "an empty table", "a header, and rows")))?;
    if let Some(columns) = columns.filter(|columns| header.cells.len() != *columns) {
        let found = format!("a header of {} cells", header.cells.len());
        return Err(Fault::new(header.line, found, format!("{columns}, as the line above the table says")));
    }
    let mut table = Table::new(&header)?;
    rows.try_for_each(|row| table.push(row?))?;
    Ok(table)
}

/// The rows of a table, as they grow line by line.
#[derive(Default)]
struct Growing {
    rows: Vec<Row>,
    /// Whether the last cell can hold lists.
    rich: bool,
    /// Whether the last line belongs to a list.
    listed: bool,
}

impl Growing {
    /// Starts a cell in the last row.
    fn start(&mut self, text: &str, rich: bool) {
        (self.rich, self.listed) = (rich, false);
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(String::new());
        }
        self.add(text);
    }

    /// Adds text to the last cell, with a bullet in front of an item as the other form has it. Tells if there is a cell.
    fn add(&mut self, text: &str) -> bool {
        let Some(cell) = self.rows.last_mut().and_then(|row| row.cells.last_mut()) else { return false };
        let text = text.trim();
        if !cell.is_empty() && !text.is_empty() {
            cell.push(' ');
        }
        match item(text).filter(|_| self.rich) {
            Some(item) => {
                self.listed = true;
                cell.extend(["\u{2022} ", item]);
            }
            None => cell.push_str(text),
        }
        true
    }

    /// Takes a line in which no cell starts.
    fn go_on(&mut self, line: u64, text: &str, after_empty: bool) -> Result<(), Fault> {
        let (found, is_below) = (format!("the line `{}`", shortened(text)), self.listed && after_empty);
        let expected = "another item, or the next row";
        ensure!(!is_below || item(text).is_some(), line, found + " below the list of a cell", expected);
        let expected = "a line that starts with `|`";
        ensure!(self.add(text), line, found + " before the first cell of a table", expected);
        Ok(())
    }
}

/// The row in the terms of the other form: without links, and with a bullet in front of each item.
fn finished(row: Row) -> Result<Row, Fault> {
    let cell = |text: String| Ok(with_bullets(&without_links(row.line, &text)?.replace("\\|", "|")));
    Ok(Row { line: row.line, cells: row.cells.into_iter().map(cell).collect::<Result<_, Fault>>()? })
}

/// Whether a line is a comment that says where a row starts or ends: some tables have these and no empty lines.
fn is_between_rows(text: &str) -> bool {
    ["//start row", "//end row"].contains(&text.trim_end())
}

/// The mark of the cell that starts in a line, and what is behind its bar, if one starts there.
fn start(line: u64, text: &str) -> Result<Option<(&str, &str)>, Fault> {
    match text.split_once('|') {
        Some((mark, _)) if !["", "a"].contains(&mark) && is_mark(mark) => {
            Err(Fault::new(line, format!("a cell that starts with `{mark}|`"), "`|`, or `a|` for a cell with a list"))
        }
        split => Ok(split.filter(|(mark, _)| ["", "a"].contains(mark))),
    }
}

/// Whether AsciiDoc has a meaning for `mark` in front of a cell: how far it reaches, how it is set, and in which style.
fn is_mark(mark: &str) -> bool {
    let style = mark.trim_start_matches(|c: char| c.is_ascii_digit() || ".+*<^>".contains(c));
    style.is_empty() || ["a", "d", "e", "h", "l", "m", "s", "v"].contains(&style)
}

/// Items can be marked up as in HTML; bullets stand in front of them then only in some.
fn with_bullets(text: &str) -> String {
    let mut parts = text.split("<li>");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(if part.trim_start().starts_with('\u{2022}') { " " } else { " \u{2022} " });
        out.push_str(part);
    }
    out
}

/// Links, `link:#anchor[words]`, made their words.
pub(super) fn without_links(line: u64, text: &str) -> Result<String, Fault> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("link:") {
        out.push_str(before);
        let (target, after) = link.split_at(link.find(|c: char| c == '[' || c.is_whitespace()).unwrap_or(link.len()));
        let Some((words, after_link)) = after.strip_prefix('[').and_then(|after| after.split_once(']')) else {
            // No link, or one that never ends: the words as they are. Either way all up to here has been looked at.
            let (seen, unseen) = if after.starts_with('[') { (after, "") } else { ("", after) };
            out.extend(["link:", target, seen]);
            rest = unseen;
            continue;
        };
        let found = format!("a link to `{}` with the words `{}`", shortened(target), shortened(words));
        ensure!(target.strip_prefix('#').is_none_or(|anchor| anchor == words), line, found, "both alike");
        out.push_str(words);
        rest = after_link;
    }
    out.push_str(rest);
    Ok(out)
}
