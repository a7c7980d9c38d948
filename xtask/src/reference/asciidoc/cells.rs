//! Tables in AsciiDoc. A cell starts with a line of its own; a row starts after an empty line, or a comment that says so.

use super::super::Fault;
use super::super::table::{Row, Table};
use super::super::text::shortened;
use super::lines::{Line, Sort, closes, item, sort};

/// The number of columns that attributes such as `cols=3*,options=header` tell, or nothing if they are others.
pub(super) fn columns(about: &str) -> Option<usize> {
    let (columns, options) = about.split_once(',')?;
    let columns = columns.strip_prefix("cols=")?.trim_matches('"').strip_suffix('*')?.parse().ok()?;
    ["options=header", "options=\"header\""].contains(&options.trim()).then_some(columns)
}

/// The lines of the table that was opened in the line `opened`, without the one that closes it.
pub(super) fn inner<'l, 't>(opened: u64, rest: &'l [Line<'t>]) -> Result<&'l [Line<'t>], Fault> {
    const END: &str = "`|===` at its end";
    for (index, &(number, text)) in rest.iter().enumerate() {
        let stray = match sort(text) {
            Sort::Table => return Ok(&rest[..index]),
            Sort::Block | Sort::Fence | Sort::Heading(_) | Sort::Operation | Sort::Unknown => true,
            Sort::About(about) => columns(about).is_some() || about.starts_with(['#', '.', '%']),
            _ => false,
        };
        if stray {
            return Err(closes(opened, "a table", END, (number, text)));
        }
    }
    Err(Fault::new(opened, "a table that does not end", END))
}

/// A cell, as it grows line by line.
#[derive(Debug, Default)]
struct Cell {
    text: String,
    /// Whether it can hold lists.
    rich: bool,
    /// Whether its last line belongs to a list.
    listed: bool,
}

impl Cell {
    fn new(text: &str, rich: bool) -> Self {
        let mut cell = Self { rich, ..Self::default() };
        cell.add(text);
        cell
    }

    fn add(&mut self, text: &str) {
        let text = text.trim();
        if !self.text.is_empty() && !text.is_empty() {
            self.text.push(' ');
        }
        match item(text).filter(|_| self.rich) {
            Some(item) => {
                self.listed = true;
                self.text.extend(["\u{2022} ", item]);
            }
            None => self.text.push_str(text),
        }
    }

    /// The text in the terms of the other form: without links, and with a bullet in front of each item.
    fn finish(self, line: u64) -> Result<String, Fault> {
        let text = without_links(line, &self.text)?.replace("\\|", "|");
        Ok(with_bullets(&text))
    }
}

/// The table that the lines between its marks hold.
pub(super) fn table(opened: u64, columns: Option<usize>, lines: &[Line<'_>]) -> Result<Table, Fault> {
    let mut rows: Vec<(u64, Vec<Cell>)> = Vec::new();
    let mut after_empty = true;
    for &(line, text) in lines {
        let sorted = sort(text);
        if sorted == Sort::Blank || is_between_rows(text) {
            after_empty = true;
        }
        if matches!(sorted, Sort::Blank | Sort::Unseen) {
            continue;
        }
        let cells = starting(line, text, columns.is_none())?;
        if cells.is_empty() {
            continued(&mut rows, line, text, after_empty)?;
        } else if let Some((_, row)) = rows.last_mut().filter(|_| !after_empty) {
            row.extend(cells);
        } else {
            rows.push((line, cells));
        }
        after_empty = false;
    }
    let finished = |(line, cells): (u64, Vec<Cell>)| {
        cells.into_iter().map(|cell| cell.finish(line)).collect::<Result<_, _>>().map(|cells| Row { line, cells })
    };
    let mut rows = rows.into_iter();
    let Some(header) = rows.next().map(finished).transpose()? else {
        return Err(Fault::new(opened, "an empty table", "a header, and rows"));
    };
    if let Some(columns) = columns.filter(|columns| header.cells.len() != *columns) {
        let found = format!("a header of {} cells", header.cells.len());
        return Err(Fault::new(header.line, found, format!("{columns}, as the line above the table says")));
    }
    let mut table = Table::new(&header)?;
    for row in rows {
        table.push(finished(row)?)?;
    }
    Ok(table)
}

/// Whether a line is a comment that says where a row starts or ends: some tables have these and no empty lines.
fn is_between_rows(text: &str) -> bool {
    ["//start row", "//end row"].contains(&text.trim_end())
}

/// The cells that start in a line. Where the header is one line, a row may be one too.
fn starting(line: u64, text: &str, in_one_line: bool) -> Result<Vec<Cell>, Fault> {
    let Some((mark, cell)) = text.split_once('|') else { return Ok(Vec::new()) };
    match mark {
        "" if in_one_line => Ok(cell.split(" | ").map(|cell| Cell::new(cell, false)).collect()),
        "" => Ok(vec![Cell::new(cell, false)]),
        "a" => Ok(vec![Cell::new(cell, true)]),
        _ if is_mark(mark) => {
            Err(Fault::new(line, format!("a cell that starts with `{mark}|`"), "`|`, or `a|` for a cell with a list"))
        }
        _ => Ok(Vec::new()),
    }
}

/// Whether AsciiDoc has a meaning for `mark` in front of a cell: how far it reaches, how it is set, and in which style.
fn is_mark(mark: &str) -> bool {
    let style = mark.trim_start_matches(|c: char| c.is_ascii_digit() || ".+*<^>".contains(c));
    style.is_empty() || ["a", "d", "e", "h", "l", "m", "s", "v"].contains(&style)
}

fn continued(rows: &mut [(u64, Vec<Cell>)], line: u64, text: &str, after_empty: bool) -> Result<(), Fault> {
    let Some(cell) = rows.last_mut().and_then(|(_, cells)| cells.last_mut()) else {
        let found = format!("the line `{}` before the first cell of a table", shortened(text));
        return Err(Fault::new(line, found, "a line that starts with `|`"));
    };
    if cell.listed && after_empty && item(text).is_none() {
        let found = format!("the line `{}` below the list of a cell", shortened(text));
        return Err(Fault::new(line, found, "another item, or the next row"));
    }
    cell.add(text);
    Ok(())
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
        if target.strip_prefix('#').is_some_and(|anchor| anchor != words) {
            let found = format!("a link to `{}` with the words `{}`", shortened(target), shortened(words));
            return Err(Fault::new(line, found, "both alike"));
        }
        out.push_str(words);
        rest = after_link;
    }
    out.push_str(rest);
    Ok(out)
}
