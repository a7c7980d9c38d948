//! An operation: sections under headings, each with the tables that belong there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::facts::{ErrorCode, Field, Fingerprint, Header, Of, Operation, Parameter, SCALARS, Type};
use crate::workspace;

use super::definitions::{self, Printed};
use super::form::Form;
use super::table::{Row, Subject, Table};
use super::text::{Block, Kind};
use super::{Fault, description, quirks};

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

/// A row of a table of fields, its type still as printed.
#[derive(Clone, Debug)]
pub(crate) struct FieldRow {
    pub(crate) line: u64,
    pub(crate) name: String,
    pub(crate) array: bool,
    pub(crate) of: String,
    pub(crate) description: String,
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
                let parameters = parameters(table.about(Subject::Parameters, heading)?)?;
                put(&mut self.parameters, parameters, block)?;
            }
            (Some(Section::Parameters), _) => return unexpected("a table of parameters"),
            (Some(Section::Request), Kind::Table(table)) => {
                put(&mut self.request, fields(table.about(Subject::Fields, heading)?)?, block)?;
            }
            (Some(Section::Request), _) => return unexpected("a table of fields"),
            (Some(Section::Response), Kind::Table(table)) if self.response.is_empty() => {
                self.response = fields(table.about(Subject::Fields, heading)?)?;
            }
            (Some(Section::Response), _) => match quirks::status(block) {
                Some(status) if self.status.is_none() => self.status = Some(success(block.line, status)?),
                _ => return unexpected("one status such as `Status: 200, Ok`, and at most one table of fields"),
            },
            (Some(Section::Headers), Kind::Table(table)) => {
                put(&mut self.headers, headers(table.about(Subject::Fields, heading)?)?, block)?;
            }
            (Some(Section::Headers), _) => return unexpected("a table of headers"),
            (Some(Section::Error | Section::ErrorCodes), Kind::Table(table)) => {
                if section == Some(Section::ErrorCodes) && table.subject()? == Subject::ErrorCodes {
                    put(&mut self.error_codes, error_codes(table)?, block)?;
                } else {
                    put(&mut self.error, fields(table.about(Subject::Fields, heading)?)?, block)?;
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

/// Whether `name` can be the name of a field, parameter or definition.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

fn name(row: &Row, cell: &str) -> Result<String, Fault> {
    let name = quirks::unlink(cell);
    if is_name(&name) { Ok(name) } else { Err(Fault::new(row.line, format!("the name `{cell}`"), "an identifier")) }
}

/// The type in a cell: whether it is an array, and its name.
fn printed_type(row: &Row, cell: &str) -> Result<(bool, String), Fault> {
    let text = quirks::unlink(cell);
    let inner = text.strip_prefix("array[").and_then(|rest| rest.strip_suffix(']')).map(str::trim);
    let name = inner.unwrap_or(&text);
    if is_name(name) {
        Ok((inner.is_some(), name.to_owned()))
    } else {
        Err(Fault::new(row.line, format!("the type `{cell}`"), type_names()))
    }
}

/// What a type can be, for messages.
pub(crate) fn type_names() -> String {
    format!("{}, a definition of this operation, or array[...] of one of them", SCALARS.join(", "))
}

/// A type that can only be a scalar or an array of scalars.
fn scalar(row: &Row, cell: &str) -> Result<Type, Fault> {
    let (array, name) = printed_type(row, cell)?;
    if SCALARS.contains(&name.as_str()) {
        return Ok(Type { array, of: Of::Scalar(name) });
    }
    Err(Fault::new(
        row.line,
        format!("the type `{cell}`"),
        format!("{} or array[...] of one of them", SCALARS.join(", ")),
    ))
}

fn twice<'n>(line: u64, name: &'n str, seen: &mut HashSet<&'n str>) -> Result<(), Fault> {
    if seen.insert(name) {
        Ok(())
    } else {
        Err(Fault::new(line, format!("`{name}` twice in one table"), "each name once"))
    }
}

fn is_filled(table: &Table) -> Result<(), Fault> {
    if table.rows.is_empty() { Err(Fault::new(table.line, "a table without rows", "at least one")) } else { Ok(()) }
}

fn parameters(table: &Table) -> Result<Vec<Parameter>, Fault> {
    is_filled(table)?;
    let mut parameters = Vec::new();
    for row in &table.rows {
        let of = scalar(row, table.cell(row, "Type"))?;
        let place = table.cell(row, "In");
        if !["query", "path"].contains(&place) {
            return Err(Fault::new(row.line, format!("`{place}` in the column In"), "`query` or `path`"));
        }
        let required = match table.cell(row, "Required") {
            "True" => true,
            "False" => false,
            other => {
                return Err(Fault::new(row.line, format!("`{other}` in the column Required"), "`True` or `False`"));
            }
        };
        let said = description::read(row.line, table.cell(row, "Description"), &of)?;
        parameters.push(Parameter {
            name: name(row, table.cell(row, "Name"))?,
            r#in: place.to_owned(),
            r#type: of,
            required,
            limits: said.limits,
            introduced: said.introduced,
            fingerprint: said.fingerprint,
            cut: said.cut,
            origin: row.line.into(),
        });
    }
    let mut seen = HashSet::new();
    for (row, parameter) in table.rows.iter().zip(&parameters) {
        if !seen.insert((&parameter.name, &parameter.r#in)) {
            return Err(Fault::new(row.line, format!("`{}` twice in one table", parameter.name), "each name once"));
        }
    }
    Ok(parameters)
}

/// The rows of a table of fields; their types are resolved when all definitions are known.
pub(crate) fn fields(table: &Table) -> Result<Vec<FieldRow>, Fault> {
    is_filled(table)?;
    let mut rows = Vec::new();
    for row in &table.rows {
        let (array, of) = printed_type(row, table.cell(row, "Type"))?;
        let description = table.cell(row, "Description").to_owned();
        rows.push(FieldRow { line: row.line, name: name(row, table.cell(row, "Name"))?, array, of, description });
    }
    let mut seen = HashSet::new();
    for row in &rows {
        twice(row.line, &row.name, &mut seen)?;
    }
    Ok(rows)
}

fn headers(table: &Table) -> Result<Vec<Header>, Fault> {
    is_filled(table)?;
    let mut headers: Vec<Header> = Vec::new();
    for row in &table.rows {
        let of = scalar(row, table.cell(row, "Type"))?;
        let said = description::read(row.line, table.cell(row, "Description"), &of)?;
        headers.push(Header {
            name: name(row, table.cell(row, "Name"))?,
            r#type: of,
            fingerprint: said.fingerprint,
            origin: row.line.into(),
        });
    }
    let mut seen = HashSet::new();
    for (row, header) in table.rows.iter().zip(&headers) {
        twice(row.line, &header.name, &mut seen)?;
    }
    Ok(headers)
}

fn error_codes(table: &Table) -> Result<Vec<ErrorCode>, Fault> {
    is_filled(table)?;
    let mut codes: BTreeMap<u64, (u64, Option<Fingerprint>)> = BTreeMap::new();
    for row in &table.rows {
        let cell = table.cell(row, "Error Code");
        let digits = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let Some(code) = digits.then(|| cell.parse().ok()).flatten() else {
            return Err(Fault::new(row.line, format!("the error code `{cell}`"), "a whole number"));
        };
        let fingerprint = Fingerprint::of(&quirks::without_markup(table.cell(row, "Description")));
        if fingerprint.is_none() {
            return Err(Fault::new(row.line, format!("the error code {code} without a description"), "one"));
        }
        match codes.get(&code) {
            Some((first, said)) if *said != fingerprint => {
                let found = format!("the error code {code} with another description than in line {first}");
                return Err(Fault::new(row.line, found, "each code once, or twice with the same description"));
            }
            Some(_) => {}
            None => drop(codes.insert(code, (row.line, fingerprint))),
        }
    }
    Ok(codes
        .into_iter()
        .map(|(code, (line, fingerprint))| ErrorCode { code, fingerprint, origin: line.into() })
        .collect())
}

/// A field whose type is known.
pub(crate) fn field(row: &FieldRow, of: Of) -> Result<Field, Fault> {
    let of = Type { array: row.array, of };
    let said = description::read(row.line, &row.description, &of)?;
    Ok(Field {
        name: row.name.clone(),
        r#type: of,
        limits: said.limits,
        introduced: said.introduced,
        fingerprint: said.fingerprint,
        cut: said.cut,
        origin: row.line.into(),
    })
}
