//! The rows of an operation's tables: parameters, fields, headers and the codes of errors.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::facts::{Part, Rows};

use super::description::{self, SCALARS, mark};
use super::table::{Row, Table};
use super::{Fault, quirks};

/// Whether `name` can be the name of a field, parameter or definition.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// The possible types, for messages.
pub(crate) fn type_names() -> String {
    format!("{}, a definition of this operation, or array[...] of one of them", SCALARS.join(", "))
}

/// Reads a row that has a name, a type and a description: the name, and the schema.
fn field(table: &Table, row: &Row, only_scalars: bool) -> Result<(String, Part), Fault> {
    let cell = table.cell(row, "Type");
    let text = quirks::unlink(cell);
    let inner = text.strip_prefix("array[").and_then(|rest| rest.strip_suffix(']')).map(str::trim);
    let of = inner.unwrap_or(&text);
    if !is_name(of) || only_scalars && !SCALARS.contains(&of) {
        let only = format!("{} or array[...] of one of them", SCALARS.join(", "));
        let expected = if is_name(of) { only } else { type_names() };
        return Err(Fault::new(row.line, format!("the type `{cell}`"), expected));
    }
    let schema = description::schema(row.line, table.cell(row, "Description"), of, inner.is_some())?;
    let cell = table.cell(row, "Name");
    let name = quirks::unlink(cell);
    ensure!(is_name(&name), row.line, format!("the name `{cell}`"), "an identifier");
    Ok((name, schema))
}

/// Reads the rows of a table, sorted by their names, each of which is there once in each place.
fn all(table: &Table, read: impl Fn(&Row) -> Result<(String, Value), Fault>) -> Result<Rows, Fault> {
    let read = |row: &Row| read(row).map(|(name, value)| (row.line, name, value));
    let mut rows = some(table)?.iter().map(read).collect::<Result<Rows, _>>()?;
    let mut seen = HashSet::new();
    if let Some((line, name, _)) = rows.iter().find(|(_, name, value)| !seen.insert((name, value["in"].as_str()))) {
        return Err(Fault::new(*line, format!("`{name}` twice in one table"), "each name once"));
    }
    sort(&mut rows);
    Ok(rows)
}

/// Sorts rows by their names, and those of parameters also by the place of these.
pub(crate) fn sort(rows: &mut Rows) {
    rows.sort_by(|(_, a, one), (_, b, other)| (a, one["in"].as_str()).cmp(&(b, other["in"].as_str())));
}

/// The rows of a table, of which there must be some.
fn some(table: &Table) -> Result<&[Row], Fault> {
    ensure!(!table.rows.is_empty(), table.line, "a table without rows", "at least one");
    Ok(&table.rows)
}

/// An object that a schema describes: its marks are the object's, all else stays.
pub(crate) fn described(mut members: Map<String, Value>, schema: Part) -> Value {
    let (marks, schema): (Map<_, _>, Map<_, _>) =
        schema.members.into_iter().partition(|(key, _)| key.starts_with("x-") || key == "readOnly");
    members.extend(marks);
    members.insert("schema".to_owned(), schema.into());
    members.into()
}

/// A parameter of this name, in the path, in the query or in a header.
pub(crate) fn parameter(name: &str, place: &str, required: bool, schema: Part) -> Value {
    let mut members = Map::from_iter([("name".to_owned(), name.into()), ("in".to_owned(), place.into())]);
    members.extend(required.then(|| ("required".to_owned(), true.into())));
    described(members, schema)
}

/// The rows of a table of parameters.
pub(crate) fn parameters(table: &Table) -> Result<Rows, Fault> {
    all(table, |row| {
        let place = table.cell(row, "In");
        let is_known = ["query", "path"].contains(&place);
        ensure!(is_known, row.line, format!("`{place}` in the column In"), "`query` or `path`");
        let required = table.cell(row, "Required");
        let is_known = ["True", "False"].contains(&required);
        ensure!(is_known, row.line, format!("`{required}` in the column Required"), "`True` or `False`");
        let (name, schema) = field(table, row, true)?;
        let parameter = parameter(&name, place, required == "True", schema);
        Ok((name, parameter))
    })
}

/// The rows of a table of fields; the references in their schemas are resolved when all definitions are known.
pub(crate) fn fields(table: &Table) -> Result<Rows, Fault> {
    all(table, |row| field(table, row, false).map(|(name, schema)| (name, schema.members.into())))
}

/// The rows of a table of headers.
pub(crate) fn headers(table: &Table) -> Result<Rows, Fault> {
    all(table, |row| field(table, row, true).map(|(name, schema)| (name, described(Map::new(), schema))))
}

/// The rows of a table of error codes, each code once.
pub(crate) fn error_codes(table: &Table) -> Result<Rows, Fault> {
    let mut codes: BTreeMap<u64, (u64, Map<String, Value>)> = BTreeMap::new();
    for row in some(table)? {
        let cell = table.cell(row, "Error Code");
        let digits = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let Some(code) = digits.then(|| cell.parse::<u64>().ok()).flatten() else {
            return Err(Fault::new(row.line, format!("the error code `{cell}`"), "a whole number"));
        };
        let mut said = Map::from_iter([("code".to_owned(), code.into())]);
        mark(&mut said, &quirks::without_markup(table.cell(row, "Description")));
        ensure!(said.len() > 1, row.line, format!("the error code {code} without a description"), "one");
        match codes.get(&code) {
            Some((first, known)) if *known != said => {
                let found = format!("the error code {code} with another description than in line {first}");
                return Err(Fault::new(row.line, found, "each code once, or twice with the same description"));
            }
            Some(_) => {}
            None => drop(codes.insert(code, (row.line, said))),
        }
    }
    Ok(codes.into_iter().map(|(code, (line, said))| (line, code.to_string(), said.into())).collect())
}
