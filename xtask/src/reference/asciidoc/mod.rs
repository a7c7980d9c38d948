//! Takes a page in AsciiDoc apart into the same blocks as the text of one.

mod cells;
mod lines;

use super::operation::{ERROR_CODES, METHODS, is_path};
use super::text::{Block, Kind, Line, code, endless, inside, run, shortened};
use super::{Fault, quirks};

use lines::{OPERATION, Sort, item, sort};

/// Whether `page` is in AsciiDoc, which its content tells; the names of files tell nothing.
pub(crate) fn is_one(page: &str) -> bool {
    let begins = page.lines().find(|line| !line.trim().is_empty());
    let is_sign = |line: &str| {
        line.starts_with("[.api-")
            || line.starts_with('=') && matches!(sort(line), Sort::Heading(_))
            || line.starts_with('|') && sort(line) == Sort::Table
    };
    begins.is_some_and(is_front_matter) || page.lines().any(is_sign)
}

/// Whether front matter begins or ends with `line`.
fn is_front_matter(line: &str) -> bool {
    line.trim_end() == "---"
}

/// The blocks of `page`, in order.
pub(crate) fn blocks(page: &str) -> Result<Vec<Block>, Fault> {
    let lines: Vec<Line<'_>> = (1..).zip(page.lines()).collect();
    let rest = without_front_matter(&lines)?;
    let mut reader = Reader { rest, blocks: Vec::new(), pending: None, definitions: None };
    while let Some((&line, after)) = reader.rest.split_first() {
        reader.rest = after;
        reader.take(line)?;
    }
    reader.nothing_pends()?;
    match reader.definitions {
        Some(opened) => Err(Fault::new(opened, "a block that does not end", "`====` at its end")),
        None => Ok(reader.blocks),
    }
}

/// Between two lines of three dashes, the page says things about itself to the vendor's tools.
fn without_front_matter<'l, 't>(lines: &'l [Line<'t>]) -> Result<&'l [Line<'t>], Fault> {
    let Some(start) = lines.iter().position(|(_, text)| !text.trim().is_empty()) else { return Ok(lines) };
    let (opened, text) = lines[start];
    if !is_front_matter(text) {
        return Ok(lines);
    }
    let inner = &lines[start + 1..];
    match inner.iter().position(|(_, text)| is_front_matter(text) || matches!(sort(text), Sort::Heading(_))) {
        Some(end) if is_front_matter(inner[end].1) => Ok(&inner[end + 1..]),
        _ => Err(Fault::new(opened, "front matter that does not end", "a second line of three dashes")),
    }
}

/// The marks of a block that is still to come.
#[derive(Clone, Copy, Debug)]
enum Pending<'t> {
    /// How many columns the table has.
    Columns(usize),
    /// The block is the title of a definition, with its anchor if it has one.
    Title(Option<&'t str>),
    /// Its caption: this one is of an example.
    Example,
    /// Its caption: the one of the definitions.
    Definitions,
}

#[derive(Debug)]
struct Reader<'l, 't> {
    rest: &'l [Line<'t>],
    blocks: Vec<Block>,
    pending: Option<(Line<'t>, Pending<'t>)>,
    /// Where the block of definitions was opened, while it is open.
    definitions: Option<u64>,
}

impl<'t> Reader<'_, 't> {
    fn take(&mut self, line: Line<'t>) -> Result<(), Fault> {
        let (number, text) = line;
        let sorted = sort(text);
        if matches!(sorted, Sort::Caption(_) | Sort::Heading(_) | Sort::Operation | Sort::Item(_)) {
            self.nothing_pends()?;
        }
        match sorted {
            Sort::Blank | Sort::Unseen => {}
            Sort::About(about) => self.about(line, about)?,
            Sort::Caption(title) => {
                let is_example = ["Example request", "Example response", "Example error"].contains(&title);
                let expected = "Example request, Example response, Example error or See Definitions";
                let is_known = is_example || title == "See Definitions";
                ensure!(is_known, number, format!("the caption `{title}`"), expected);
                self.push(number, Kind::Heading(title.to_owned()));
                self.pending = Some((line, if is_example { Pending::Example } else { Pending::Definitions }));
            }
            Sort::Block => match self.pending.take() {
                Some((_, Pending::Example)) => self.code(line, "a block", "`====` at its end")?,
                Some((_, Pending::Definitions)) if self.definitions.is_none() => self.definitions = Some(number),
                None if self.definitions.is_some() => self.definitions = None,
                _ => {
                    let expected = "a block only below the caption of an example, or of the definitions";
                    return Err(Fault::new(number, "`====`", expected));
                }
            },
            Sort::Fence => {
                self.pending.take_if(|(_, pending)| matches!(pending, Pending::Example));
                self.nothing_pends()?;
                self.code(line, "a block of code", "a line like the one that it starts with")?;
            }
            Sort::Table => {
                let columns = match self.pending {
                    Some((_, Pending::Columns(columns))) => {
                        self.pending = None;
                        Some(columns)
                    }
                    _ => None,
                };
                self.nothing_pends()?;
                let is_end = |text: &str| sort(text) == Sort::Table;
                let inner = inside((number, "a table", "`|===` at its end"), self.rest, is_end, cells::is_outside)?;
                let table = cells::table(number, columns, inner)?;
                self.rest = &self.rest[inner.len() + 1..];
                self.push(number, Kind::Table(table));
            }
            Sort::Heading(title) => {
                if let Some(opened) = self.definitions {
                    return Err(endless(opened, "a block", "`====` at its end", line));
                }
                self.push(number, Kind::Heading(quirks::plain(title)));
            }
            Sort::Operation => self.push(number, Kind::Paragraph(operation(line)?)),
            Sort::Item(_) => self.list(line),
            Sort::Unknown => {
                let found = format!("the line `{}`", shortened(text.trim()));
                return Err(Fault::new(number, found, "text, a table, or a block between fences or `====`"));
            }
            Sort::Text => self.paragraph(line)?,
        }
        Ok(())
    }

    /// Takes a line in square brackets.
    fn about(&mut self, line: Line<'t>, about: &'t str) -> Result<(), Fault> {
        let pending = match (about, self.pending) {
            // They say how the page looks.
            ("%collapsible%closed", _) | (".api-def-first-level", None) => return Ok(()),
            (_, None | Some((_, Pending::Example))) if about.split(',').next() == Some("source") => return Ok(()),
            (".api-collapsible-fifth-title", Some((_, Pending::Title(_)))) => return Ok(()),
            (".api-collapsible-fifth-title", _) => Pending::Title(None),
            _ => match (about.strip_prefix('#'), cells::columns(about)) {
                (Some(anchor), _) if super::rows::is_name(anchor) => Pending::Title(Some(anchor)),
                (_, Some(columns)) => Pending::Columns(columns),
                _ => {
                    let expected = "one about columns, definitions, examples or source code";
                    return Err(Fault::new(line.0, format!("the attributes `[{about}]`"), expected));
                }
            },
        };
        self.nothing_pends()?;
        self.pending = Some((line, pending));
        Ok(())
    }

    /// Whether all that was said of blocks to come has met its block.
    fn nothing_pends(&self) -> Result<(), Fault> {
        let Some(((line, text), pending)) = self.pending else { return Ok(()) };
        let expected = match pending {
            Pending::Columns(_) => "a table right below it",
            Pending::Title(_) => "the name of a definition right below it",
            Pending::Example | Pending::Definitions => "a block between `====` right below it",
        };
        Err(Fault::new(line, format!("`{}` on its own", shortened(text.trim())), expected))
    }

    fn push(&mut self, line: u64, kind: Kind) {
        self.blocks.push(Block { line, kind });
    }

    /// Takes the lines up to the one that closes what `line` has opened.
    fn code(&mut self, line: Line<'t>, what: &str, end: &str) -> Result<(), Fault> {
        let (opened, text) = line;
        let closes = |other: &str| sort(other) == sort(text) && other.get(..3) == text.get(..3);
        let is_outside =
            |text: &str| matches!(sort(text), Sort::Heading(_) | Sort::Table | Sort::Block | Sort::Operation);
        let inner = inside((opened, what, end), self.rest, closes, is_outside)?;
        self.rest = &self.rest[inner.len() + 1..];
        self.push(opened, code(inner));
        Ok(())
    }

    /// Takes the lines that belong to the `first`, and gives all of them.
    fn with_more(&mut self, first: Line<'t>, belongs: impl Fn(&str) -> bool) -> Vec<Line<'t>> {
        let more = run(self.rest, belongs);
        self.rest = &self.rest[more.len()..];
        [&[first], more].concat()
    }

    fn list(&mut self, first: Line<'t>) {
        let lines = self.with_more(first, |text| matches!(sort(text), Sort::Item(_)));
        let items = lines.into_iter().filter_map(|(line, text)| Some((line, item(text)?.to_owned())));
        self.push(first.0, Kind::List(items.collect()));
    }

    fn paragraph(&mut self, first: Line<'t>) -> Result<(), Fault> {
        let lines = self.with_more(first, |text| sort(text) == Sort::Text);
        let words: Vec<&str> = lines.iter().map(|(_, text)| text.trim()).collect();
        let text = quirks::plain(&cells::without_links(first.0, &words.join(" "))?);
        let Some((_, Pending::Title(anchor))) = self.pending else {
            self.nothing_pends()?;
            self.push(first.0, if text == ERROR_CODES { Kind::Heading(text) } else { Kind::Paragraph(text) });
            return Ok(());
        };
        self.pending = None;
        let found = format!("the definition `{}`", shortened(&text));
        match anchor {
            Some(anchor) if anchor != text => {
                Err(Fault::new(first.0, format!("{found} below the anchor `{anchor}`"), "both alike"))
            }
            None if !super::rows::is_name(&text) => Err(Fault::new(first.0, found, "the name of a definition")),
            _ => {
                self.push(first.0, Kind::Heading(text));
                Ok(())
            }
        }
    }
}

/// The method and path in an operation's line, with a space in between.
fn operation((number, text): Line<'_>) -> Result<String, Fault> {
    let marked = || {
        let (role, rest) = text.strip_prefix(OPERATION)?.strip_prefix(".api-doc-operation-")?.split_once("]#")?;
        let (method, rest) = rest.split_once("# ")?;
        let path = rest.trim().strip_prefix("[.api-doc-code-block]#`")?.strip_suffix("`#")?;
        role.eq_ignore_ascii_case(method).then_some((method, path))
    };
    let expected = "the method and the path of an operation, each marked as such";
    let unmarked = || Fault::new(number, format!("the line `{}`", shortened(text)), expected);
    let (method, path) = marked().ok_or_else(unmarked)?;
    let expected = format!("one of {}", METHODS.join(", "));
    ensure!(METHODS.contains(&method), number, format!("the method `{}`", shortened(method)), expected);
    let expected = "one that starts with `/` and has no spaces, such as `/security/ipsec/policies`";
    ensure!(is_path(path), number, format!("the path `{}`", shortened(path)), expected);
    Ok(format!("{method} {path}"))
}
