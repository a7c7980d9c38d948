//! An operation: sections under headings, each with the tables that belong there.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::facts::{Part, Rows};
use crate::workspace;

use super::definitions::{self, LONGEST_KEY, Printed};
use super::description::mark;
use super::rows;
use super::table::{CODES, FIELDS, PARAMETERS};
use super::text::{Block, Kind};
use super::{Fault, Reading, quirks};

/// The heading above the codes of errors.
pub(crate) const ERROR_CODES: &str = "ONTAP Error Response Codes";

/// The methods that operations have.
pub(crate) const METHODS: [&str; 7] = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"];

/// Tells if `path` can be that of an operation.
pub(crate) fn is_path(path: &str) -> bool {
    path.starts_with('/') && !path.contains(' ')
}

/// The headings of sections, and what can stand under them; what has no heading comes first.
const SECTIONS: [(&str, &str); 16] = [
    ("", "text, or the heading of a section"),
    ("Required properties", "a list of them"),
    ("Recommended optional properties", "a list of them"),
    ("Optional properties", "a list of them"),
    ("Related ONTAP commands", "a list of commands"),
    ("Parameters", "a table of parameters"),
    ("Request Body", "a table of fields"),
    ("Response", "one status such as `Status: 200, Ok`, and at most one table of fields"),
    ("Headers", "a table of headers"),
    ("Error", "`Status: Default`, and a table of fields"),
    (ERROR_CODES, "tables of error codes and of fields, and text"),
    ("Example request", "blocks of code"),
    ("Example response", "blocks of code"),
    ("Example error", "blocks of code"),
    ("Definitions", "definitions"),
    ("See Definitions", "definitions"),
];

/// The parts that stand under the headings of an operation.
#[derive(Default)]
struct Found {
    introduced: Option<(u64, String)>,
    about: Vec<String>,
    commands: Option<Rows>,
    /// The rows of tables, by the headings of their sections.
    tables: HashMap<&'static str, Rows>,
    status: Option<(u64, String)>,
    error_status: Option<u64>,
    definitions: Option<Vec<Printed>>,
}

/// Reads the operation with this line and key, and the `blocks` below that. The definitions and the warnings go to `reading`.
pub(crate) fn read(
    plain_titles: bool,
    (line, key): (u64, &str),
    blocks: &[Block],
    reading: &mut Reading,
) -> Result<Part, Fault> {
    let mut found = Found::default();
    let mut seen = HashSet::from([""]);
    let (mut heading, mut heading_line, mut rest) = ("", line, blocks);
    loop {
        let title = |block: &Block| match &block.kind {
            Kind::Heading(text) => SECTIONS.iter().map(|(heading, _)| *heading).find(|heading| heading == text),
            _ => None,
        };
        let end = rest.iter().position(|block| title(block).is_some()).unwrap_or(rest.len());
        let (section, after) = rest.split_at(end);
        if !heading.ends_with("Definitions") {
            section.iter().try_for_each(|block| found.take(heading, block))?;
        } else if !section.is_empty() {
            found.definitions.get_or_insert_default().extend(definitions::read(plain_titles, section, reading)?);
        }
        // An operation may be without these sections, but one with the heading must not have lost its table.
        for (needing, expected) in [(ERROR_CODES, "a table of error codes"), ("Headers", "a table of headers")] {
            let is_lost = heading == needing && !found.tables.contains_key(heading);
            ensure!(!is_lost, heading_line, format!("`{heading}` without a table"), expected);
        }
        let Some((next, after)) = after.split_first() else { break };
        (heading, heading_line, rest) = (title(next).unwrap_or_default(), next.line, after);
        ensure!(seen.insert(heading), next.line, format!("the section `{heading}` once more"), "each section once");
    }
    found.finish((line, key), reading)
}

impl Found {
    /// Takes a block below this heading.
    fn take(&mut self, heading: &'static str, block: &Block) -> Result<(), Fault> {
        match (heading, &block.kind) {
            ("", Kind::Paragraph(text)) => match quirks::introduced(text) {
                Some(release) if workspace::release(release).is_none() => {
                    return Err(Fault::new(block.line, format!("`{text}`"), "a release such as 9.8"));
                }
                Some(release) => self.introduced = Some((block.line, release.to_owned())),
                None => self.about.push(text.clone()),
            },
            // They are a part of the description.
            (_, Kind::List(items)) if heading.ends_with("properties") => {
                self.about.push(heading.to_owned());
                self.about.extend(items.iter().map(|(_, item)| item.clone()));
            }
            ("Related ONTAP commands", Kind::List(items)) => {
                let commands = items.iter().map(|(line, item)| command(*line, item));
                self.commands.get_or_insert_default().extend(commands.collect::<Result<Rows, _>>()?);
            }
            ("Response", Kind::Table(_)) if self.tables.contains_key(heading) => return Err(misplaced(heading, block)),
            ("Parameters" | "Request Body" | "Response" | "Headers" | "Error" | ERROR_CODES, Kind::Table(table)) => {
                let (section, rows) = match heading {
                    "Parameters" => (heading, rows::parameters(table.about(PARAMETERS, heading)?)?),
                    "Headers" => (heading, rows::headers(table.about(FIELDS, heading)?)?),
                    ERROR_CODES if table.columns()? == CODES => (heading, rows::error_codes(table)?),
                    ERROR_CODES => ("Error", rows::fields(table.about(FIELDS, heading)?)?),
                    _ => (heading, rows::fields(table.about(FIELDS, heading)?)?),
                };
                // A second table where one belongs would be lost otherwise.
                let is_first = self.tables.insert(section, rows).is_none();
                ensure!(is_first, block.line, format!("{}, the second in its section", block.describe()), "one");
            }
            // A row that lost its tab would pass for text.
            (ERROR_CODES, Kind::Paragraph(text)) if !text.starts_with(|c: char| c.is_ascii_digit()) => {}
            ("Example request" | "Example response" | "Example error", Kind::Code(_)) => {}
            _ => match (heading, status(block)) {
                ("Response", Some(said)) if self.status.is_none() => {
                    self.status = Some((block.line, success(block.line, said)?));
                }
                ("Error", Some("Default" | "Default, Error")) => self.error_status = Some(block.line),
                ("Error", Some(said)) => {
                    return Err(Fault::new(block.line, format!("the status `{said}`"), "`Default`"));
                }
                _ => return Err(misplaced(heading, block)),
            },
        }
        Ok(())
    }

    fn finish(mut self, (line, key): (u64, &str), reading: &mut Reading) -> Result<Part, Fault> {
        let missing =
            |part: &str| Fault::new(line, format!("`{key}` without {part}"), "an operation with all its parts");
        let takes_body = key.starts_with("POST ") || key.starts_with("PATCH ") || key.starts_with("PUT ");
        if takes_body && !self.tables.contains_key("Request Body") {
            return Err(missing("a `Request Body`"));
        }
        if key.starts_with("GET ") && !self.tables.contains_key("Response") {
            return Err(missing("the fields of a `Response`"));
        }
        let error_line = self.error_status.ok_or_else(|| missing("the status of an `Error`"))?;
        let (introduced_line, introduced) = self.introduced.ok_or_else(|| missing("`Introduced In`"))?;
        let mut commands = self.commands.take().ok_or_else(|| missing("`Related ONTAP commands`"))?;
        if !self.tables.contains_key("Parameters") {
            // Some operations have none; the path and the query of a GET always have.
            let fault = missing("`Parameters`");
            if takes_body && !key.contains('{') { reading.warn(fault) } else { return Err(fault) }
        }
        let parameters = self.tables.remove("Parameters").unwrap_or_default();
        let (status_line, status) = self.status.ok_or_else(|| missing("the status of a `Response`"))?;
        if !self.tables.contains_key("Error") {
            // Newer pages leave them out in operations that take a body.
            let fault = missing("the fields of an `Error`");
            if takes_body { reading.warn(fault) } else { return Err(fault) }
        }
        let printed = self.definitions.ok_or_else(|| missing("`Definitions`"))?;
        let found = format!("an operation whose path fills more than {LONGEST_KEY} characters");
        ensure!(key.len() <= LONGEST_KEY, line, found, "a short path, for the facts name each definition by it");
        path_parameters_are_there(line, key, &parameters)?;

        let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let start: String = key.replace(" /", ".").replace('/', ".").chars().filter(allowed).collect();
        let resolver = definitions::Resolver::new(printed, &start, &reading.parts)?;
        let mut content = |section: &str| match self.tables.remove(section) {
            Some(rows) => {
                let line = rows[0].0;
                Ok(resolver.body(rows)?.into_content(line))
            }
            None => Ok(Part::default()),
        };
        let (request, response, error) = (content("Request Body")?, content("Response")?, content("Error")?);

        let mut operation = Part::default();
        operation.put_at(introduced_line, "x-ntap-introduced", introduced);
        mark(&mut operation.members, &self.about.join(" "));
        rows::sort(&mut commands);
        operation.list("x-ontap-commands", commands);
        operation.list("parameters", parameters);
        if !request.members.is_empty() {
            operation.nest(line, "requestBody", request);
        }
        let mut success = Part::default();
        success.put("description", "");
        success.object("headers", self.tables.remove("Headers").unwrap_or_default());
        success.extend(response);
        let mut failure = Part::default();
        failure.put("description", "");
        failure.extend(error);
        let mut responses = Part::default();
        responses.nest(status_line, &status, success);
        responses.nest(error_line, "default", failure);
        operation.nest(status_line, "responses", responses);
        operation.list("x-ontap-error-codes", self.tables.remove(ERROR_CODES).unwrap_or_default());
        resolver.schemas(reading)?;
        Ok(operation)
    }
}

/// Makes the fault of a block that cannot stand under this heading.
fn misplaced(heading: &str, block: &Block) -> Fault {
    let under = format!("under `{heading}`");
    let place = if heading.is_empty() { "before the first section" } else { &under };
    let expected = SECTIONS.iter().find(|(known, _)| *known == heading).map_or("", |(_, expected)| expected);
    Fault::new(block.line, format!("{} {place}", block.describe()), expected)
}

/// A status stands in a block of code in some operations, and in the open in others.
fn status(block: &Block) -> Option<&str> {
    let text = match &block.kind {
        Kind::Paragraph(text) => text,
        Kind::Code(lines) => match lines.as_slice() {
            [line] => line,
            _ => return None,
        },
        _ => return None,
    };
    text.trim().strip_prefix("Status:").map(str::trim)
}

/// The command in a list's item, as a row: between backticks, or apostrophes on some pages.
pub(crate) fn command(line: u64, item: &str) -> Result<(u64, String, Value), Fault> {
    let inner = ['`', '\''].iter().find_map(|mark| item.strip_prefix(*mark)?.strip_suffix(*mark));
    match inner {
        Some(command) if !command.is_empty() && !command.contains(['`', '\'']) => {
            Ok((line, command.to_owned(), command.into()))
        }
        _ => Err(Fault::new(line, format!("the list item `{item}`"), "a command between backticks")),
    }
}

fn success(line: u64, status: &str) -> Result<String, Fault> {
    let number = status.split(',').next().unwrap_or_default().trim();
    match number.parse::<u16>() {
        Ok(number @ 200..=299) => Ok(number.to_string()),
        _ => Err(Fault::new(line, format!("the status `{status}`"), "a 2xx status")),
    }
}

/// Checks that the path in `key` and the `parameters` have the same names in it.
pub(crate) fn path_parameters_are_there(line: u64, key: &str, parameters: &Rows) -> Result<(), Fault> {
    let in_table = parameters.iter().filter(|(.., parameter)| parameter["in"] == "path");
    let documented: BTreeSet<&str> = in_table.map(|(_, name, _)| name.as_str()).collect();
    let in_path: BTreeSet<&str> =
        key.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default()).collect();
    if let Some(name) = in_path.difference(&documented).next() {
        let expected = format!("a path parameter `{name}` in the table");
        return Err(Fault::new(line, format!("`{{{name}}}` in the path"), expected));
    }
    match documented.difference(&in_path).next() {
        Some(name) => Err(Fault::new(line, format!("a path parameter `{name}`"), format!("`{{{name}}}` in the path"))),
        None => Ok(()),
    }
}
