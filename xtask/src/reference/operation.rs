//! An operation: sections under headings, each with the tables that belong there.

use std::collections::{BTreeSet, HashMap};

use crate::facts::{ErrorCode, Fingerprint, Header, Operation, Parameter};
use crate::workspace;

use super::definitions::{self, Printed};
use super::form::Form;
use super::rows::{self, FieldRow};
use super::table::Subject;
use super::text::{Block, Kind};
use super::{Fault, quirks};

/// The heading above the codes of errors.
pub(crate) const ERROR_CODES: &str = "ONTAP Error Response Codes";

const HEADERS: &str = "Headers";

/// The sections of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Section {
    Commands,
    Parameters,
    Request,
    Response,
    Headers,
    Error,
    ErrorCodes,
    Example,
    Definitions,
}

impl Section {
    fn of(heading: &str) -> Option<Self> {
        Some(match heading {
            "Related ONTAP commands" => Self::Commands,
            "Parameters" => Self::Parameters,
            "Request Body" => Self::Request,
            "Response" => Self::Response,
            HEADERS => Self::Headers,
            "Error" => Self::Error,
            ERROR_CODES => Self::ErrorCodes,
            "Example request" | "Example response" | "Example error" => Self::Example,
            "Definitions" | "See Definitions" => Self::Definitions,
            _ => return None,
        })
    }
}

/// The parts of an operation as they are found.
#[derive(Default)]
struct Parts {
    introduced: Option<String>,
    about: Vec<String>,
    commands: Option<Vec<String>>,
    parameters: Option<Vec<Parameter>>,
    request: Option<Vec<FieldRow>>,
    status: Option<u16>,
    response: Vec<FieldRow>,
    headers: Option<Vec<Header>>,
    has_error: bool,
    error: Option<Vec<FieldRow>>,
    error_codes: Option<Vec<ErrorCode>>,
    definitions: Option<Vec<Printed>>,
}

/// Reads the operation with this line and key, which has `blocks` below that; what it leaves out goes to `odd`.
pub(crate) fn read(
    form: Form,
    (line, key): (u64, &str),
    blocks: &[Block],
    odd: &mut Vec<Fault>,
) -> Result<Operation, Fault> {
    let mut parts = Parts::default();
    let mut section = None;
    let mut heading = String::new();
    let mut seen = HashMap::new();
    let mut rest = blocks;
    while let Some((block, after)) = rest.split_first() {
        if let Kind::Heading(text) = &block.kind
            && let Some(next) = Section::of(text)
        {
            if seen.insert(text.clone(), block.line).is_some() {
                return Err(Fault::new(block.line, format!("the section `{text}` once more"), "each section once"));
            }
            section = Some(next);
            heading.clone_from(text);
            rest = after;
            continue;
        }
        if section == Some(Section::Definitions) {
            let end =
                rest.iter().position(|block| matches!(&block.kind, Kind::Heading(text) if Section::of(text).is_some()));
            let end = end.unwrap_or(rest.len());
            parts.definitions.get_or_insert_default().extend(definitions::read(form, &rest[..end], odd)?);
            rest = &rest[end..];
            continue;
        }
        parts.take(section, &heading, block)?;
        rest = after;
    }
    parts.have_their_tables(&seen)?;
    parts.finish(form, (line, key), odd)
}

impl Parts {
    fn take(&mut self, section: Option<Section>, heading: &str, block: &Block) -> Result<(), Fault> {
        let unexpected = |expected: &str| {
            let place =
                if heading.is_empty() { "before the first section".to_owned() } else { format!("under `{heading}`") };
            Err(Fault::new(block.line, format!("{} {place}", block.describe()), expected))
        };
        match (section, &block.kind) {
            (None, Kind::Paragraph(text)) => match quirks::introduced(text) {
                Some(release) if workspace::release(release).is_none() => {
                    return Err(Fault::new(block.line, format!("`{text}`"), "a release such as 9.8"));
                }
                Some(release) => self.introduced = Some(release.to_owned()),
                None => self.about.push(text.clone()),
            },
            (None, _) => return unexpected("text, or the heading of a section"),
            (Some(Section::Commands), Kind::List(items)) => {
                let commands = items.iter().map(|(line, item)| command(*line, item)).collect::<Result<Vec<_>, _>>()?;
                self.commands.get_or_insert_default().extend(commands);
            }
            (Some(Section::Commands), _) => return unexpected("a list of commands"),
            (Some(Section::Parameters), Kind::Table(table)) => {
                let parameters = rows::parameters(table.about(Subject::Parameters, heading)?)?;
                put(&mut self.parameters, parameters, block)?;
            }
            (Some(Section::Parameters), _) => return unexpected("a table of parameters"),
            (Some(Section::Request), Kind::Table(table)) => {
                put(&mut self.request, rows::fields(table.about(Subject::Fields, heading)?)?, block)?;
            }
            (Some(Section::Request), _) => return unexpected("a table of fields"),
            (Some(Section::Response), Kind::Table(table)) if self.response.is_empty() => {
                self.response = rows::fields(table.about(Subject::Fields, heading)?)?;
            }
            (Some(Section::Response), _) => match quirks::status(block) {
                Some(status) if self.status.is_none() => self.status = Some(success(block.line, status)?),
                _ => return unexpected("one status such as `Status: 200, Ok`, and at most one table of fields"),
            },
            (Some(Section::Headers), Kind::Table(table)) => {
                put(&mut self.headers, rows::headers(table.about(Subject::Fields, heading)?)?, block)?;
            }
            (Some(Section::Headers), _) => return unexpected("a table of headers"),
            (Some(Section::Error | Section::ErrorCodes), Kind::Table(table)) => {
                if section == Some(Section::ErrorCodes) && table.subject()? == Subject::ErrorCodes {
                    put(&mut self.error_codes, rows::error_codes(table)?, block)?;
                } else {
                    put(&mut self.error, rows::fields(table.about(Subject::Fields, heading)?)?, block)?;
                }
            }
            // A row that lost its tab would pass for text.
            (Some(Section::ErrorCodes), Kind::Paragraph(text)) if !text.starts_with(|c: char| c.is_ascii_digit()) => {}
            (Some(Section::ErrorCodes), _) => return unexpected("tables of error codes and of fields, and text"),
            (Some(Section::Error), _) => match quirks::status(block) {
                Some("Default" | "Default, Error") => self.has_error = true,
                Some(status) => return Err(Fault::new(block.line, format!("the status `{status}`"), "`Default`")),
                None => return unexpected("`Status: Default`, and a table of fields"),
            },
            (Some(Section::Example), Kind::Code(_)) => {}
            (Some(Section::Example), _) => return unexpected("blocks of code"),
            (Some(Section::Definitions), _) => return unexpected("definitions"),
        }
        Ok(())
    }

    /// Sections that an operation may be without: one with its heading must not have lost its table.
    fn have_their_tables(&self, headings: &HashMap<String, u64>) -> Result<(), Fault> {
        let codes = (ERROR_CODES, self.error_codes.is_some(), "a table of error codes");
        let headers = (HEADERS, self.headers.is_some(), "a table of headers");
        for (heading, is_there, expected) in [codes, headers] {
            if let Some(line) = headings.get(heading).filter(|_| !is_there) {
                return Err(Fault::new(*line, format!("`{heading}` without a table"), expected));
            }
        }
        Ok(())
    }

    fn finish(self, form: Form, (line, key): (u64, &str), odd: &mut Vec<Fault>) -> Result<Operation, Fault> {
        let missing =
            |part: &str| Fault::new(line, format!("`{key}` without {part}"), "an operation with all its parts");
        let takes_body = key.starts_with("POST ") || key.starts_with("PATCH ") || key.starts_with("PUT ");
        if takes_body && self.request.is_none() {
            return Err(missing("a `Request Body`"));
        }
        if key.starts_with("GET ") && self.response.is_empty() {
            return Err(missing("the fields of a `Response`"));
        }
        if !self.has_error {
            return Err(missing("the status of an `Error`"));
        }
        let introduced = self.introduced.ok_or_else(|| missing("`Introduced In`"))?;
        let mut commands = self.commands.ok_or_else(|| missing("`Related ONTAP commands`"))?;
        let mut parameters = self.parameters.ok_or_else(|| missing("`Parameters`"))?;
        let status = self.status.ok_or_else(|| missing("the status of a `Response`"))?;
        let error = match self.error {
            Some(error) => error,
            None if quirks::allows_error_without_fields(form, takes_body) => {
                odd.push(missing("the fields of an `Error`"));
                Vec::new()
            }
            None => return Err(missing("the fields of an `Error`")),
        };
        let printed = self.definitions.ok_or_else(|| missing("`Definitions`"))?;
        path_parameters_are_there(line, key, &parameters)?;

        let bodies = [self.request.as_deref().unwrap_or_default(), &self.response, &error];
        let mut resolver = definitions::Resolver::new(printed, &bodies)?;
        let request = self.request.map(|rows| resolver.body(&rows)).transpose()?;
        let response = resolver.body(&self.response)?;
        let error = resolver.body(&error)?;
        let definitions = resolver.finish()?;

        commands.sort();
        parameters.sort_by(|a, b| (&a.name, &a.r#in).cmp(&(&b.name, &b.r#in)));
        let mut headers = self.headers.unwrap_or_default();
        headers.sort_by(|a, b| a.name.cmp(&b.name));
        let mut error_codes = self.error_codes.unwrap_or_default();
        error_codes.sort_by_key(|code| code.code);
        let fingerprint = Fingerprint::of(&self.about.join(" "));
        Ok(Operation {
            introduced,
            fingerprint,
            commands,
            parameters,
            request,
            status,
            response,
            headers,
            error,
            error_codes,
            definitions,
            origin: line.into(),
        })
    }
}

/// Fills a slot that can be filled once: a second table where one belongs would be lost otherwise.
fn put<T>(slot: &mut Option<T>, value: T, block: &Block) -> Result<(), Fault> {
    if slot.replace(value).is_some() {
        return Err(Fault::new(block.line, format!("{}, the second in its section", block.describe()), "one"));
    }
    Ok(())
}

fn command(line: u64, item: &str) -> Result<String, Fault> {
    let inner = item.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    match inner {
        Some(command) if !command.is_empty() && !command.contains('`') => Ok(command.to_owned()),
        _ => Err(Fault::new(line, format!("the list item `{item}`"), "a command between backticks")),
    }
}

fn success(line: u64, status: &str) -> Result<u16, Fault> {
    let number = status.split(',').next().unwrap_or_default().trim();
    match number.parse() {
        Ok(number @ 200..=299) => Ok(number),
        _ => Err(Fault::new(line, format!("the status `{status}`"), "a status of success, 200 to 299")),
    }
}

fn path_parameters_are_there(line: u64, key: &str, parameters: &[Parameter]) -> Result<(), Fault> {
    let documented: BTreeSet<&str> = parameters
        .iter()
        .filter(|parameter| parameter.r#in == "path")
        .map(|parameter| parameter.name.as_str())
        .collect();
    let in_path: BTreeSet<&str> =
        key.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default()).collect();
    let missing = in_path.iter().find(|name| !documented.contains(*name));
    if let Some(name) = missing {
        return Err(Fault::new(
            line,
            format!("`{{{name}}}` in the path"),
            format!("a path parameter `{name}` in the table"),
        ));
    }
    match documented.iter().find(|name| !in_path.contains(*name)) {
        Some(name) => Err(Fault::new(line, format!("a path parameter `{name}`"), format!("`{{{name}}}` in the path"))),
        None => Ok(()),
    }
}
