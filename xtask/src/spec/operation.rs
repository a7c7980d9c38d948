//! Operations of the document.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::join;
use crate::place::{At, Unreadable};

use super::schema::{Kind, Limits, Schemas, limits};
use super::{MEDIA_TYPE, Reader};

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Where it is.
    pub at: At,
    /// The release in which it first appeared, and where that is said.
    pub introduced: (Option<String>, At),
    /// The CLI commands that do the same, sorted, and where they are.
    pub commands: (Vec<String>, At),
    /// Its parameters, those of its path among them.
    pub parameters: Vec<Parameter>,
    /// Where a parameter would be added.
    pub parameters_at: At,
    /// The request body, if it takes one.
    pub request: Option<(Kind, At)>,
    /// The responses, by their statuses.
    pub responses: BTreeMap<String, Response>,
    /// Where a response would be added.
    pub responses_at: At,
    /// Its error codes.
    pub error_codes: BTreeMap<u64, At>,
    /// Where a code would be added.
    pub error_codes_at: At,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes, such as `query`.
    pub r#in: String,
    /// Where the operation names it.
    pub used_at: At,
    /// The pointer of what it is; several operations can share one.
    pub pointer: String,
    /// What findings call it.
    pub subject: String,
    /// Where it is described.
    pub at: At,
    /// What it can be.
    pub kind: Kind,
    /// Whether it has to be given.
    pub required: bool,
    /// Its default and limits.
    pub limits: Limits,
    /// Where a limit would be added.
    pub limits_at: At,
    /// The release in which it first appeared.
    pub introduced: Option<String>,
}

/// A response.
#[derive(Debug)]
pub struct Response {
    /// What findings call it.
    pub subject: String,
    /// Where the operation names it.
    pub at: At,
    /// Its body, if it has one.
    pub body: Option<Kind>,
    /// Where the body is, or would be.
    pub body_at: At,
    /// Its headers.
    pub headers: BTreeMap<String, Header>,
    /// Where a header would be added.
    pub headers_at: At,
}

/// A header of a response.
#[derive(Debug)]
pub struct Header {
    /// Where it is.
    pub at: At,
    /// The pointer of its schema.
    pub schema: String,
    /// What it can be.
    pub kind: Kind,
}

/// Reads the operation at `pointer`, which belongs to the path item at `item`.
pub(crate) fn read(
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
            body(reader, schemas, &target)?.map(|kind| (kind, reader.at(&member("requestBody"))))
        }
    };
    let mut responses = BTreeMap::new();
    for (response_pointer, status, _) in reader.members(&member("responses"))? {
        let subject = format!("{key} {status}");
        responses.insert(status, response(reader, schemas, &response_pointer, subject)?);
    }
    let mut error_codes = BTreeMap::new();
    for (item, code) in reader.items(&member("x-ontap-error-codes"))? {
        let code = code.as_u64().ok_or_else(|| reader.unreadable(&item, "expected an error code, a whole number"))?;
        if error_codes.insert(code, reader.at(&item)).is_some() {
            return Err(reader.unreadable(&item, format!("the error code {code} is listed twice")));
        }
    }
    let introduced = reader.text(&member("x-ntap-introduced"))?.map(str::to_owned);
    Ok(Operation {
        at: reader.at(pointer),
        introduced: (introduced, reader.at(&member("x-ntap-introduced"))),
        commands: (commands, reader.at(&member("x-ontap-commands"))),
        parameters,
        parameters_at: reader.at(&member("parameters")),
        request,
        responses,
        responses_at: reader.at(&member("responses")),
        error_codes,
        error_codes_at: reader.at(&member("x-ontap-error-codes")),
    })
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
        used_at: reader.at(used),
        subject: match pointer.strip_prefix("/components/parameters/") {
            Some(component) => format!("components.parameters.{component}"),
            None => format!("{owner} {name}"),
        },
        name,
        at: reader.at(&pointer),
        kind: schemas.kind(&schema)?,
        required: match reader.value(&join(&pointer, "required")) {
            Value::Null => false,
            Value::Bool(required) => *required,
            _ => return Err(reader.unreadable(&join(&pointer, "required"), "expected `true` or `false`")),
        },
        limits: limits(reader, &schema)?,
        limits_at: reader.at(&schema),
        introduced: reader.text(&join(&pointer, "x-ntap-introduced"))?.map(str::to_owned),
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
        headers.insert(name, Header { at: reader.at(&header), kind: schemas.kind(&schema)?, schema });
    }
    Ok(Response {
        subject: match pointer.strip_prefix("/components/responses/") {
            Some(component) => format!("components.responses.{component}"),
            None => subject,
        },
        at: reader.at(used),
        body: body(reader, schemas, &pointer)?,
        body_at: reader.at(&join(&pointer, "content")),
        headers,
        headers_at: reader.at(&join(&pointer, "headers")),
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
