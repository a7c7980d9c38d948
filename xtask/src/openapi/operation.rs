//! Operations of a document.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::join;
use crate::place::Unreadable;

use super::Said;
use super::reader::Reader;
use super::schema::{Kind, Limits, Schemas, Words};

/// The media type whose bodies are compared; ONTAP's other one has the same.
const MEDIA_TYPE: &str = "application/json";

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its pointer.
    pub pointer: String,
    /// Its marks.
    pub said: Said,
    /// The CLI commands that do the same, sorted.
    pub commands: Vec<String>,
    /// Its parameters, those of its path among them.
    pub parameters: Vec<Parameter>,
    /// The request body, if it takes one.
    pub request: Option<Kind>,
    /// The responses, by their statuses.
    pub responses: BTreeMap<String, Response>,
    /// Its error codes.
    pub error_codes: BTreeMap<u64, ErrorCode>,
}

impl Operation {
    /// The pointer of the member `name`.
    pub(crate) fn member(&self, name: &str) -> String {
        join(&self.pointer, name)
    }

    /// The first 2xx response, with its status.
    pub(crate) fn success(&self) -> Option<(&str, &Response)> {
        let mut all = self.responses.iter().filter(|(status, _)| status.starts_with('2'));
        all.next().map(|(status, response)| (status.as_str(), response))
    }
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes, such as `query`.
    pub r#in: String,
    /// The pointer by which the operation names it.
    pub used: String,
    /// The pointer of what it is; several operations can share one.
    pub pointer: String,
    /// The name in findings.
    pub subject: String,
    /// The kind of its values.
    pub kind: Kind,
    /// Whether it has to be given.
    pub required: bool,
    /// Its default and limits.
    pub limits: Limits,
    /// Its marks.
    pub said: Said,
}

impl Parameter {
    /// Where a limit would be added.
    pub(crate) fn schema(&self) -> String {
        join(&self.pointer, "schema")
    }
}

/// A response.
#[derive(Debug)]
pub struct Response {
    /// The pointer by which the operation names it.
    pub used: String,
    /// The pointer of what it is; several operations can share one.
    pub pointer: String,
    /// The name in findings.
    pub subject: String,
    /// Its body, if it has one.
    pub body: Option<Kind>,
    /// Its headers.
    pub headers: BTreeMap<String, Header>,
}

/// A header of a response.
#[derive(Debug)]
pub struct Header {
    /// The pointer by which the response names it.
    pub used: String,
    /// The pointer of its schema.
    pub schema: String,
    /// The kind of its values.
    pub kind: Kind,
    /// Its marks.
    pub said: Said,
}

/// An error code in the list of an operation.
#[derive(Debug)]
pub struct ErrorCode {
    /// Its pointer.
    pub pointer: String,
    /// Its marks.
    pub said: Said,
}

/// Reads the operation at `pointer`, which belongs to the path item at `item`.
pub(super) fn read(
    reader: &Reader<'_>,
    schemas: &mut Schemas<'_, '_>,
    item: &str,
    pointer: &str,
    key: &str,
) -> Result<Operation, Unreadable> {
    let member = |name: &str| join(pointer, name);
    let path = key.split_once(' ').map_or(key, |(_, path)| path);
    let mut parameters: Vec<Parameter> = Vec::new();
    for (list, owner) in [(member("parameters"), key), (join(item, "parameters"), path)] {
        for (used, _) in reader.items(&list)? {
            let parameter = parameter(reader, schemas, &used, owner)?;
            let same = |other: &Parameter| other.name == parameter.name && other.r#in == parameter.r#in;
            // The operation's own come first and stand before those of the path.
            match parameters.iter().find(|other| same(other)) {
                Some(_) if owner == key => {
                    return Err(reader.unreadable(&used, format!("the parameter `{}` is listed twice", parameter.name)));
                }
                Some(_) => {}
                None => parameters.push(parameter),
            }
        }
    }
    let mut commands = reader.texts(&member("x-ontap-commands"))?;
    commands.sort();
    let request = match reader.value(&member("requestBody")) {
        Value::Null => None,
        _ => {
            let target = reader.follow(&member("requestBody"))?;
            body(reader, schemas, &target)?
        }
    };
    let mut responses = BTreeMap::new();
    for (response_pointer, status, _) in reader.members(&member("responses"))? {
        let subject = format!("{key} {status}");
        responses.insert(status, response(reader, schemas, &response_pointer, subject)?);
    }
    let mut error_codes = BTreeMap::new();
    for (item, value) in reader.items(&member("x-ontap-error-codes"))? {
        // Facts say something of each code.
        let code = value.get("code").unwrap_or(value).as_u64();
        let code = code.ok_or_else(|| reader.unreadable(&item, "expected an error code, a whole number"))?;
        if error_codes.contains_key(&code) {
            return Err(reader.unreadable(&item, format!("the error code {code} is listed twice")));
        }
        error_codes.insert(code, ErrorCode { said: reader.said(&item)?, pointer: item });
    }
    let said = reader.said(pointer)?;
    Ok(Operation { pointer: pointer.to_owned(), said, commands, parameters, request, responses, error_codes })
}

fn parameter(
    reader: &Reader<'_>,
    schemas: &mut Schemas<'_, '_>,
    used: &str,
    owner: &str,
) -> Result<Parameter, Unreadable> {
    let pointer = reader.follow(used)?;
    let needed = |name: &str| {
        let value = reader.text(&join(&pointer, name))?;
        value.map(str::to_owned).ok_or_else(|| reader.unreadable(&pointer, format!("a parameter without `{name}`")))
    };
    let name = needed("name")?;
    let schema = join(&pointer, "schema");
    Ok(Parameter {
        r#in: needed("in")?,
        used: used.to_owned(),
        subject: match pointer.strip_prefix("/components/parameters/") {
            Some(component) => format!("components.parameters.{component}"),
            None => format!("{owner} {name}"),
        },
        name,
        kind: schemas.kind(&schema)?,
        required: reader.flag(&join(&pointer, "required"))?,
        limits: Words::of(reader, &schema)?.limits(),
        said: reader.said(&pointer)?,
        pointer,
    })
}

fn response(
    reader: &Reader<'_>,
    schemas: &mut Schemas<'_, '_>,
    used: &str,
    subject: String,
) -> Result<Response, Unreadable> {
    let pointer = reader.follow(used)?;
    let mut headers = BTreeMap::new();
    for (header, name, _) in reader.members(&join(&pointer, "headers"))? {
        let target = reader.follow(&header)?;
        let schema = join(&target, "schema");
        let (kind, said) = (schemas.kind(&schema)?, reader.said(&target)?);
        headers.insert(name, Header { used: header, schema, kind, said });
    }
    Ok(Response {
        used: used.to_owned(),
        subject: match pointer.strip_prefix("/components/responses/") {
            Some(component) => format!("components.responses.{component}"),
            None => subject,
        },
        body: body(reader, schemas, &pointer)?,
        pointer,
        headers,
    })
}

/// The kind of the body of what is at `pointer`, which has `content` or not.
fn body(reader: &Reader<'_>, schemas: &mut Schemas<'_, '_>, pointer: &str) -> Result<Option<Kind>, Unreadable> {
    let content = join(pointer, "content");
    let media = join(&content, MEDIA_TYPE);
    if reader.members(&content)?.is_empty() {
        return Ok(None);
    }
    if reader.value(&media).is_null() {
        return Err(reader.unreadable(&content, format!("expected a body of type {MEDIA_TYPE}")));
    }
    schemas.kind(&join(&media, "schema")).map(Some)
}
