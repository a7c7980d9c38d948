//! An operation: sections under headings, each with the tables that belong there.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use crate::facts::Part;
use crate::workspace;

use super::definitions::{self, LONGEST_KEY, Printed};
use super::description::mark;
use super::rows::{self, Field};
use super::table::{CODES, FIELDS, PARAMETERS, Table};
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
    commands: Option<Vec<(u64, Value)>>,
    parameters: Option<Vec<(u64, Value)>>,
    request: Option<Vec<Field>>,
    status: Option<(u64, String)>,
    response: Option<Vec<Field>>,
    headers: Option<Vec<(u64, String, Value)>>,
    error_status: Option<u64>,
    error: Option<Vec<Field>>,
    error_codes: Option<Vec<(u64, Value)>>,
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
        let lost = match heading {
            ERROR_CODES => Some("a table of error codes").filter(|_| found.error_codes.is_none()),
            "Headers" => Some("a table of headers").filter(|_| found.headers.is_none()),
            _ => None,
        };
        if let Some(expected) = lost {
            return Err(Fault::new(heading_line, format!("`{heading}` without a table"), expected));
        }
        let Some((next, after)) = after.split_first() else { break };
        (heading, heading_line, rest) = (title(next).unwrap_or_default(), next.line, after);
        if !seen.insert(heading) {
            return Err(Fault::new(next.line, format!("the section `{heading}` once more"), "each section once"));
        }
    }
    found.finish((line, key), reading)
}

impl Found {
    /// Takes a block below this heading.
    fn take(&mut self, heading: &str, block: &Block) -> Result<(), Fault> {
        let fields = |table: &Table| rows::fields(table.about(FIELDS, heading)?);
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
                let commands = items.iter().map(|(line, item)| Ok((*line, command(*line, item)?.into())));
                self.commands.get_or_insert_default().extend(commands.collect::<Result<Vec<_>, Fault>>()?);
            }
            ("Parameters", Kind::Table(table)) => {
                put(&mut self.parameters, rows::parameters(table.about(PARAMETERS, heading)?)?, block)?;
            }
            ("Request Body", Kind::Table(table)) => put(&mut self.request, fields(table)?, block)?,
            ("Response", Kind::Table(table)) if self.response.is_none() => self.response = Some(fields(table)?),
            ("Headers", Kind::Table(table)) => {
                put(&mut self.headers, rows::headers(table.about(FIELDS, heading)?)?, block)?;
            }
            (ERROR_CODES, Kind::Table(table)) if table.columns()? == CODES => {
                put(&mut self.error_codes, rows::error_codes(table)?, block)?;
            }
            ("Error" | ERROR_CODES, Kind::Table(table)) => put(&mut self.error, fields(table)?, block)?,
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
                _ => {
                    let under = format!("under `{heading}`");
                    let place = if heading.is_empty() { "before the first section" } else { &under };
                    let expected =
                        SECTIONS.iter().find(|(known, _)| *known == heading).map_or("", |(_, expected)| expected);
                    return Err(Fault::new(block.line, format!("{} {place}", block.describe()), expected));
                }
            },
        }
        Ok(())
    }

    fn finish(self, (line, key): (u64, &str), reading: &mut Reading) -> Result<Part, Fault> {
        let missing =
            |part: &str| Fault::new(line, format!("`{key}` without {part}"), "an operation with all its parts");
        let takes_body = key.starts_with("POST ") || key.starts_with("PATCH ") || key.starts_with("PUT ");
        if takes_body && self.request.is_none() {
            return Err(missing("a `Request Body`"));
        }
        if key.starts_with("GET ") && self.response.is_none() {
            return Err(missing("the fields of a `Response`"));
        }
        let error_line = self.error_status.ok_or_else(|| missing("the status of an `Error`"))?;
        let (introduced_line, introduced) = self.introduced.ok_or_else(|| missing("`Introduced In`"))?;
        let mut commands = self.commands.ok_or_else(|| missing("`Related ONTAP commands`"))?;
        if self.parameters.is_none() {
            // Some operations have none; the path and the query of a GET always have.
            let fault = missing("`Parameters`");
            if takes_body && !key.contains('{') { reading.warn(fault) } else { return Err(fault) }
        }
        let parameters = self.parameters.unwrap_or_default();
        let (status_line, status) = self.status.ok_or_else(|| missing("the status of a `Response`"))?;
        if self.error.is_none() {
            // Newer pages leave them out in operations that take a body.
            let fault = missing("the fields of an `Error`");
            if takes_body { reading.warn(fault) } else { return Err(fault) }
        }
        let printed = self.definitions.ok_or_else(|| missing("`Definitions`"))?;
        if key.len() > LONGEST_KEY {
            let found = format!("an operation whose path fills more than {LONGEST_KEY} characters");
            return Err(Fault::new(line, found, "a short path, for the facts name each definition by it"));
        }
        path_parameters_are_there(line, key, &parameters)?;

        let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let start: String = key.replace(" /", ".").replace('/', ".").chars().filter(allowed).collect();
        let resolver = definitions::Resolver::new(printed, &start, &reading.parts)?;
        let content = |rows: Option<Vec<Field>>| match rows {
            Some(rows) => Ok(resolver.body(&rows)?.within(rows[0].line, &["schema", "application/json", "content"])),
            None => Ok(Part::default()),
        };

        let mut operation = Part::default();
        operation.put_at(introduced_line, "x-ntap-introduced", introduced);
        mark(&mut operation.members, &self.about.join(" "));
        commands.sort_by(|(_, a), (_, b)| a.as_str().cmp(&b.as_str()));
        operation.list("x-ontap-commands", commands);
        operation.list("parameters", parameters);
        if self.request.is_some() {
            operation.nest(line, "requestBody", content(self.request)?);
        }
        let mut success = Part::default();
        success.put("description", "");
        if let Some(rows) = self.headers {
            let first = rows[0].0;
            let mut headers = Part::default();
            rows.into_iter().for_each(|(line, name, header)| headers.put_at(line, &name, header));
            success.nest(first, "headers", headers);
        }
        success.extend(content(self.response)?);
        let mut failure = Part::default();
        failure.put("description", "");
        failure.extend(content(self.error)?);
        let mut responses = Part::default();
        responses.nest(status_line, &status, success);
        responses.nest(error_line, "default", failure);
        operation.nest(status_line, "responses", responses);
        operation.list("x-ontap-error-codes", self.error_codes.unwrap_or_default());
        resolver.schemas(reading)?;
        Ok(operation)
    }
}

/// Fills a slot that can be filled once: a second table where one belongs would be lost otherwise.
fn put<T>(slot: &mut Option<T>, value: T, block: &Block) -> Result<(), Fault> {
    if slot.replace(value).is_some() {
        return Err(Fault::new(block.line, format!("{}, the second in its section", block.describe()), "one"));
    }
    Ok(())
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

/// The command in a list's item: between backticks, or apostrophes on some pages.
pub(crate) fn command(line: u64, item: &str) -> Result<String, Fault> {
    let inner = ['`', '\''].iter().find_map(|mark| item.strip_prefix(*mark)?.strip_suffix(*mark));
    match inner {
        Some(command) if !command.is_empty() && !command.contains(['`', '\'']) => Ok(command.to_owned()),
        _ => Err(Fault::new(line, format!("the list item `{item}`"), "a command between backticks")),
    }
}

fn success(line: u64, status: &str) -> Result<String, Fault> {
    let number = status.split(',').next().unwrap_or_default().trim();
    match number.parse::<u16>() {
        Ok(number @ 200..=299) => Ok(number.to_string()),
        _ => Err(Fault::new(line, format!("the status `{status}`"), "a status of success, 200 to 299")),
    }
}

/// Checks that the path in `key` and the `parameters` have the same names in it.
pub(crate) fn path_parameters_are_there(line: u64, key: &str, parameters: &[(u64, Value)]) -> Result<(), Fault> {
    let in_table = parameters.iter().filter(|(_, parameter)| parameter["in"] == "path");
    let documented: BTreeSet<&str> = in_table.filter_map(|(_, parameter)| parameter["name"].as_str()).collect();
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
