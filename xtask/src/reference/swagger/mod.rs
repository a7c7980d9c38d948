//! Reads the part about IPsec of the API document that each cluster serves: Swagger 2.0, in YAML.
//!
//! Members for which the facts have no place are passed over by their names. Any other member that is not known here is an
//! error, or a warning if it is an extension.

mod schema;
mod sections;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::facts::{Part, Rows};

use super::description::mark;
use super::operation::{METHODS, command, path_parameters_are_there};
use super::table::{Row, Table};
use super::{Fault, Reading, quirks, rows};
use schema::{introduced, words};
use sections::{IPSEC, Node, Sections};

/// Tells if `line` is the sign of a document of this form.
pub(crate) fn is_sign(line: &str) -> bool {
    line.strip_prefix("swagger:").is_some_and(|version| version.trim().trim_matches(['\'', '"']) == "2.0")
}

/// Reads the part of `text` about IPsec into `reading`; it has to be about `release`.
pub(crate) fn read(text: &str, release: &str, reading: &mut Reading) -> Result<(), Fault> {
    let sections = Sections::of(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let is_other = |said: &str| !format!("{release}.").starts_with(&format!("{said}."));
    if let Some((line, said)) = sections.value("x-ntap-hol-version").filter(|(_, said)| is_other(said)) {
        return Err(Fault::new(line, format!("a document about ONTAP {said}"), format!("one about {release}")));
    }
    let mut reader = Reader { reading, wanted: BTreeMap::new(), told: BTreeSet::new() };
    for (name, tree) in sections.paths() {
        let tree = tree?;
        let path = tree.root()?;
        let methods = METHODS.map(str::to_ascii_lowercase);
        reader.has_only(&path, &methods.each_ref().map(String::as_str))?;
        for (method, operation) in
            path.members()?.into_iter().filter(|(key, _)| methods.iter().any(|method| method == key))
        {
            let key = format!("{} {name}", method.to_ascii_uppercase());
            let part = reader.operation(&key, &operation)?;
            reader.reading.operation(operation.line(), &key, part)?;
        }
    }
    let expected = format!("one with paths below `{IPSEC}`, such as `{IPSEC}/policies`");
    let is_empty = reader.reading.parts.operations.is_empty();
    ensure!(!is_empty, 1, "an API document without operations of IPsec", expected);
    while let Some((name, line)) = reader.wanted.pop_first() {
        let tree = sections.definition(&name, line)?;
        let definition = tree.root()?;
        let part = reader.schema(&definition, &[])?;
        reader.wanted.remove(&name);
        reader.reading.schema(definition.line(), name, part);
    }
    Ok(())
}

/// Reads nodes, and keeps what was found on the way.
struct Reader<'p> {
    reading: &'p mut Reading,
    /// The definitions that are still to be read, and a line that refers to each.
    wanted: BTreeMap<String, u64>,
    /// The extensions that were warned of.
    told: BTreeSet<String>,
}

/// Members for which the facts have no place.
const SILENT: &str = "example examples operationId summary tags title x-go-name x-ntap-introduced-dark \
                      x-ntap-long-description x-nullable x-omitempty";

impl Reader<'_> {
    /// Checks that the node has only members that are `known`, or silent. Others that are extensions are warned of once.
    fn has_only(&mut self, node: &Node<'_>, known: &[&str]) -> Result<(), Fault> {
        for (key, member) in node.members()? {
            if known.contains(&key) || SILENT.split(' ').any(|silent| silent == key) {
                continue;
            }
            let fault = Fault::new(member.line(), format!("the member `{key}`"), "one that is known here");
            if !key.starts_with("x-") {
                return Err(fault);
            }
            if self.told.insert(key.to_owned()) {
                self.reading.warn(fault);
            }
        }
        Ok(())
    }

    fn operation(&mut self, key: &str, node: &Node<'_>) -> Result<Part, Fault> {
        self.has_only(node, &["description", "parameters", "responses", "x-ntap-introduced"])?;
        let mut operation = introduced(node)?;
        let (about, commands) = described(node)?;
        mark(&mut operation.members, &about);
        operation.list("x-ontap-commands", commands);
        let mut parameters = Rows::new();
        let mut body = None;
        for parameter in node.get("parameters").map_or_else(|| Ok(Vec::new()), |list| list.items())? {
            if parameter.value["in"] == "body" {
                let is_first = body.replace((parameter.line(), self.body(&parameter)?)).is_none();
                ensure!(is_first, parameter.line(), format!("a second body of `{key}`"), "one");
            } else {
                parameters.push(self.parameter(&parameter)?);
            }
        }
        rows::sort(&mut parameters);
        path_parameters_are_there(node.line(), key, &parameters)?;
        operation.list("parameters", parameters);
        if let Some((line, body)) = body {
            operation.nest(line, "requestBody", body);
        }
        let without = || Fault::new(node.line(), format!("`{key}` without `responses`"), "some");
        let responses = node.get("responses").ok_or_else(without)?;
        let mut answers = Part::default();
        let mut codes = None;
        for (status, response) in responses.members()? {
            answers.nest(response.line(), status, self.response(&response)?);
            if let Some(description) = response.get("description") {
                error_codes(&description, &mut codes)?;
            }
        }
        operation.nest(responses.line(), "responses", answers);
        operation.list("x-ontap-error-codes", codes.as_ref().map_or_else(|| Ok(Rows::new()), rows::error_codes)?);
        Ok(operation)
    }

    fn parameter(&mut self, node: &Node<'_>) -> Result<(u64, String, Value), Fault> {
        let schema = self.schema(node, &["name", "in", "required", "collectionFormat"])?;
        let is_joined = node.get("collectionFormat").is_none_or(|format| format.value == "csv");
        ensure!(is_joined, node.line(), "a list that is not joined by commas", "`collectionFormat: csv`");
        let (name, place) = (&node.value["name"], &node.value["in"]);
        let (Some(name), Some(place @ ("header" | "path" | "query"))) = (name.as_str(), place.as_str()) else {
            let found = format!("the parameter {name} in {place}");
            return Err(Fault::new(node.line(), found, "a name, and query, path, header or body"));
        };
        let parameter = rows::parameter(name, place, node.value["required"] == true, schema);
        Ok((node.line(), name.to_owned(), parameter))
    }

    fn body(&mut self, node: &Node<'_>) -> Result<Part, Fault> {
        self.has_only(node, &["name", "in", "description", "required", "schema", "x-ntap-introduced"])?;
        let mut body = introduced(node)?;
        mark(&mut body.members, &words(node)?);
        if node.value["required"] == true {
            body.put("required", true);
        }
        body.extend(self.content(node)?);
        Ok(body)
    }

    fn response(&mut self, node: &Node<'_>) -> Result<Part, Fault> {
        self.has_only(node, &["description", "headers", "schema"])?;
        let mut response = Part::default();
        response.put("description", "");
        if let Some(there) = node.get("headers") {
            let mut headers = Part::default();
            for (name, header) in there.members()? {
                headers.put_at(header.line(), name, rows::described(Map::new(), self.schema(&header, &[])?));
            }
            response.nest(there.line(), "headers", headers);
        }
        response.extend(self.content(node)?);
        Ok(response)
    }

    /// The content that the member `schema` describes, if it is there.
    fn content(&mut self, node: &Node<'_>) -> Result<Part, Fault> {
        let Some(schema) = node.get("schema") else { return Ok(Part::default()) };
        Ok(self.schema(&schema, &[])?.into_content(schema.line()))
    }
}

/// The words of an operation's description, and the commands that it lists.
fn described(node: &Node<'_>) -> Result<(String, Rows), Fault> {
    let Some(description) = node.get("description") else { return Ok(Default::default()) };
    let (mut about, mut commands) = (String::new(), Rows::new());
    let mut in_commands = false;
    let mut at = description.line();
    for line in description.text()?.lines().map(str::trim) {
        if let Some(title) = line.strip_prefix('#') {
            in_commands = title.trim_start_matches('#').trim() == "Related ONTAP commands";
            if in_commands {
                continue;
            }
        }
        if !in_commands {
            about.extend([" ", line.trim_start_matches(['#', '*', ' '])]);
        } else if !line.is_empty() {
            at = description.line_of(line, at);
            commands.push(command(at, line.trim_start_matches(['*', '-']).trim())?);
        }
    }
    rows::sort(&mut commands);
    Ok((quirks::without_markup(&about), commands))
}

/// Adds the tables of error codes in a description to `codes`.
fn error_codes(description: &Node<'_>, codes: &mut Option<Table>) -> Result<(), Fault> {
    let mut at = description.line();
    for line in description.text()?.lines().map(str::trim) {
        let Some(row) = line.strip_prefix('|') else {
            // A row that lost its bar would pass for text.
            if line.starts_with(|c: char| c.is_ascii_digit()) && line.contains('|') {
                at = description.line_of(line.split(' ').next().unwrap_or_default(), at);
                let found = format!("the text `{}` beside error codes", super::text::shortened(line));
                return Err(Fault::new(at, found, "a row of a table, with `|` in front"));
            }
            continue;
        };
        let row = row.strip_suffix('|').unwrap_or(row).replace("\\|", "\u{0}");
        let cells: Vec<String> = row.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect();
        if cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' '))) {
            continue;
        }
        at = description.line_of(&cells[0], at);
        let row = Row { line: at, cells };
        match codes {
            Some(table) if table.repeats_header(&row) => {}
            Some(table) => table.push(row)?,
            None => *codes = Some(Table::new(&row)?),
        }
    }
    Ok(())
}
