//! Operations of a document.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::join;
use crate::place::Unreadable;

use super::part::{Kind, Part, Said};
use super::schema::{Schemas, Words};

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
    pub parameters: Vec<Part>,
    /// The request body, if it takes one.
    pub request: Option<Kind>,
    /// The responses, by their statuses.
    pub responses: BTreeMap<String, Response>,
    /// Its error codes.
    pub error_codes: BTreeMap<u64, Part>,
}

impl Operation {
    /// The pointer of the member `name`.
    pub fn member(&self, name: &str) -> String {
        join(&self.pointer, name)
    }

    /// The first 2xx response, with its status.
    pub fn success(&self) -> Option<(&str, &Response)> {
        let mut all = self.responses.iter().filter(|(status, _)| status.starts_with('2'));
        all.next().map(|(status, response)| (status.as_str(), response))
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
    pub headers: BTreeMap<String, Part>,
}

impl Schemas<'_> {
    /// Reads the operation at `pointer`, which belongs to the path item at `item`.
    pub(super) fn operation(&mut self, item: &str, pointer: &str, key: &str) -> Result<Operation, Unreadable> {
        let source = self.source;
        let member = |name: &str| join(pointer, name);
        let path = key.split_once(' ').map_or(key, |(_, path)| path);
        let mut parameters: Vec<Part> = Vec::new();
        for (list, owner) in [(member("parameters"), key), (join(item, "parameters"), path)] {
            for (used, _) in source.items(&list)? {
                let parameter = self.parameter(&used, owner)?;
                let same = |other: &Part| other.name == parameter.name && other.r#in == parameter.r#in;
                // The operation's own come first and stand before those of the path.
                if !parameters.iter().any(same) {
                    parameters.push(parameter);
                } else if owner == key {
                    return Err(source.unreadable(&used, format!("the parameter `{}` is listed twice", parameter.name)));
                }
            }
        }
        let mut commands = Vec::new();
        for (item, _) in source.items(&member("x-ontap-commands"))? {
            commands.extend(source.text(&item)?.map(str::to_owned));
        }
        commands.sort();
        let request = match source.value(&member("requestBody")) {
            Value::Null => None,
            _ => self.body(&source.follow(&member("requestBody"))?)?,
        };
        let mut responses = BTreeMap::new();
        for (used, status, _) in source.members(&member("responses"))? {
            let response = self.response(used, format!("{key} {status}"))?;
            responses.insert(status, response);
        }
        let mut error_codes = BTreeMap::new();
        for (item, value) in source.items(&member("x-ontap-error-codes"))? {
            // Facts say something of each code.
            let code = value.get("code").unwrap_or(value).as_u64();
            let code = code.ok_or_else(|| source.unreadable(&item, "expected an error code, a whole number"))?;
            if error_codes.contains_key(&code) {
                return Err(source.unreadable(&item, format!("the error code {code} is listed twice")));
            }
            let (name, said) = (code.to_string(), Said::read(source, &item)?);
            error_codes.insert(code, Part { name, said, used: item.clone(), pointer: item, ..Part::default() });
        }
        let said = Said::read(source, pointer)?;
        Ok(Operation { pointer: pointer.to_owned(), said, commands, parameters, request, responses, error_codes })
    }

    fn parameter(&mut self, used: &str, owner: &str) -> Result<Part, Unreadable> {
        let source = self.source;
        let pointer = source.follow(used)?;
        let needed = |name: &str| {
            let value = source.text(&join(&pointer, name))?;
            value.map(str::to_owned).ok_or_else(|| source.unreadable(&pointer, format!("a parameter without `{name}`")))
        };
        let (name, r#in) = (needed("name")?, needed("in")?);
        let part = self.part(used.to_owned(), name)?;
        Ok(Part {
            r#in,
            subject: subject(&pointer, &format!("{owner} {}", part.name)),
            required: source.flag(&join(&pointer, "required"))?,
            limits: Words::of(source, &part.schema)?.limits(),
            ..part
        })
    }

    fn response(&mut self, used: String, subject: String) -> Result<Response, Unreadable> {
        let pointer = self.source.follow(&used)?;
        let mut headers = BTreeMap::new();
        for (used, name, _) in self.source.members(&join(&pointer, "headers"))? {
            headers.insert(name.clone(), self.part(used, name)?);
        }
        let (subject, body) = (self::subject(&pointer, &subject), self.body(&pointer)?);
        Ok(Response { used, pointer, subject, body, headers })
    }

    /// Reads what a parameter and a header both have.
    fn part(&mut self, used: String, name: String) -> Result<Part, Unreadable> {
        let pointer = self.source.follow(&used)?;
        let schema = join(&pointer, "schema");
        let (kind, said) = (self.kind(&schema)?, Said::read(self.source, &pointer)?);
        Ok(Part { name, used, pointer, schema, kind, said, ..Part::default() })
    }

    /// The kind of the body of what is at `pointer`, which has `content` or not.
    fn body(&mut self, pointer: &str) -> Result<Option<Kind>, Unreadable> {
        let content = join(pointer, "content");
        let media = join(&content, MEDIA_TYPE);
        if self.source.members(&content)?.is_empty() {
            return Ok(None);
        }
        if self.source.value(&media).is_null() {
            return Err(self.source.unreadable(&content, format!("expected a body of type {MEDIA_TYPE}")));
        }
        self.kind(&join(&media, "schema")).map(Some)
    }
}

/// The name in findings of what is at `pointer`: a component's own, or else `otherwise`.
fn subject(pointer: &str, otherwise: &str) -> String {
    let component = pointer.strip_prefix("/components/").and_then(|component| component.split_once('/'));
    component.map_or_else(|| otherwise.to_owned(), |(kind, name)| format!("components.{kind}.{name}"))
}
