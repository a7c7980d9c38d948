//! Takes the text of a page apart into blocks.

use super::table::{Row, Table};
use super::{Fault, quirks};

/// A line, with its number.
pub(crate) type Line<'t> = (u64, &'t str);

/// A part of the page, with the number of its first line.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) line: u64,
    pub(crate) kind: Kind,
}

/// The kind of a part.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A title, without its number signs.
    Heading(String),
    /// Lines of text, made one.
    Paragraph(String),
    /// Items, without their dashes.
    List(Vec<(u64, String)>),
    /// The lines between two fences.
    Code(Vec<String>),
    /// Lines with tabs.
    Table(Table),
}

impl Block {
    /// Names the part in a message.
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            Kind::Heading(text) => format!("the heading `{text}`"),
            Kind::Paragraph(text) => format!("the text `{}`", shortened(text)),
            Kind::List(_) => "a list".to_owned(),
            Kind::Code(_) => "a block of code".to_owned(),
            Kind::Table(table) => format!("a table of {}", table.header.join(", ")),
        }
    }
}

/// Enough of a text to find it by.
pub(crate) fn shortened(text: &str) -> String {
    const ENOUGH: usize = 40;
    match text.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}...", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// The blocks of `text`, in order.
pub(crate) fn blocks(text: &str) -> Result<Vec<Block>, Fault> {
    let lines: Vec<Line<'_>> = (1..).zip(text.lines()).collect();
    let mut blocks: Vec<Block> = Vec::new();
    let mut rest = lines.as_slice();
    while let Some((&(line, text), after)) = rest.split_first() {
        if text.trim().is_empty() {
            rest = after;
            continue;
        }
        let (kind, taken) = if is_fence(text) {
            let end = "a closing fence of three backticks";
            let inner = inside((line, "a block of code", end), after, is_fence, |_| false)?;
            (code(inner), inner.len() + 2)
        } else if let Some(title) = heading(text, '#') {
            (Kind::Heading(quirks::plain(title)), 1)
        } else if is_row(text) {
            let run = run(rest, is_row);
            // A line without a tab that touches a table is what is left of a row.
            if let Some((line, text)) = rest.get(run.len()).filter(|(_, text)| is_prose(text) || is_item(text)) {
                let found = format!("the line `{}` in a table, with no tab in it", shortened(text));
                return Err(Fault::new(*line, found, "a row of the table, or an empty line after its last"));
            }
            (Kind::Table(table(run)?), run.len())
        } else if is_item(text) {
            let run = run(rest, is_item);
            let items = run.iter().map(|&(line, text)| (line, text.trim()[1..].trim().to_owned())).collect();
            (Kind::List(items), run.len())
        } else {
            let run = run(rest, is_prose);
            let words: Vec<&str> = run.iter().map(|(_, text)| text.trim()).collect();
            (Kind::Paragraph(quirks::plain(&words.join(" "))), run.len())
        };
        rest = &rest[taken..];
        blocks.push(Block { line, kind });
        join_cut_table(&mut blocks);
    }
    Ok(blocks)
}

/// A page break cuts a table in two, and the second part has the header once more, sometimes with other markup.
fn join_cut_table(blocks: &mut Vec<Block>) {
    let [.., Block { kind: Kind::Table(first), .. }, Block { kind: Kind::Table(second), .. }] = blocks.as_mut_slice()
    else {
        return;
    };
    if first.header == second.header {
        first.rows.append(&mut second.rows);
        blocks.pop();
    }
}

/// The lines that belong together, up to the first that does not belong there.
pub(crate) fn run<'l, 't>(lines: &'l [Line<'t>], belongs: impl Fn(&str) -> bool) -> &'l [Line<'t>] {
    let end = lines.iter().position(|(_, text)| !belongs(text)).unwrap_or(lines.len());
    &lines[..end]
}

/// The lines of a block that was opened in the line before, without the one that closes it. A block that has lost its end
/// would swallow what follows, so that lines that can only stand outside are refused.
pub(crate) fn inside<'l, 't>(
    (opened, what, end): (u64, &str, &str),
    lines: &'l [Line<'t>],
    closes: impl Fn(&str) -> bool,
    is_outside: impl Fn(&str) -> bool,
) -> Result<&'l [Line<'t>], Fault> {
    let inner = run(lines, |text| !closes(text) && !is_outside(text));
    match lines.get(inner.len()) {
        Some((_, text)) if closes(text) => Ok(inner),
        Some(stray) => Err(endless(opened, what, end, *stray)),
        None => Err(Fault::new(opened, format!("{what} that does not end"), end)),
    }
}

/// Makes the fault of a block whose end has been lost before the line `stray`.
pub(crate) fn endless(opened: u64, what: &str, end: &str, (line, text): Line<'_>) -> Fault {
    let found = format!("{what} that does not end before `{}` in line {line}", shortened(text.trim()));
    Fault::new(opened, found, end)
}

/// The block of code that these lines are.
pub(crate) fn code(lines: &[Line<'_>]) -> Kind {
    Kind::Code(lines.iter().map(|(_, text)| (*text).to_owned()).collect())
}

fn table(lines: &[Line<'_>]) -> Result<Table, Fault> {
    let cells = |text: &str| text.split('\t').map(|cell| cell.trim().to_owned()).collect();
    let mut rows = lines.iter().map(|&(line, text)| Row { line, cells: cells(text) });
    let mut table = Table::new(&rows.next().unwrap_or_default())?;
    rows.try_for_each(|row| if table.repeats_header(&row) { Ok(()) } else { table.push(row) })?;
    Ok(table)
}

/// The title behind number signs, or whatever else the `mark` of headings is.
pub(crate) fn heading(text: &str, mark: char) -> Option<&str> {
    let title = text.trim_start_matches(mark);
    (title.len() < text.len() && title.starts_with(' ')).then(|| title.trim())
}

fn is_fence(text: &str) -> bool {
    text.trim_start().starts_with("```")
}

fn is_row(text: &str) -> bool {
    text.contains('\t')
}

fn is_item(text: &str) -> bool {
    !is_row(text) && text.trim_start().starts_with("- ")
}

fn is_prose(text: &str) -> bool {
    !(text.trim().is_empty() || is_fence(text) || heading(text, '#').is_some() || is_row(text) || is_item(text))
}
