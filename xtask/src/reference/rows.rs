//! The rows of an operation's tables: parameters, fields, headers and the codes of errors.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use super::description::{Description, SCALARS, mark};
use super::table::{Row, Table};
use super::{Fault, quirks};

/// A row of a table of fields, its type still as printed.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) line: u64,
    pub(crate) name: String,
    pub(crate) of: String,
    /// Whether it is an array of such.
    pub(crate) array: bool,
    pub(crate) said: Description,
}

impl Field {
    /// Whether its type is a definition.
    pub(crate) fn is_reference(&self) -> bool {
        !SCALARS.contains(&self.of.as_str())
    }
}

/// Whether `name` can be the name of a field, parameter or definition.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// The possible types, for messages.
pub(crate) fn type_names() -> String {
    format!("{}, a definition of this operation, or array[...] of one of them", SCALARS.join(", "))
}

/// Reads a row that has a name, a type and a description.
fn field(table: &Table, row: &Row, only_scalars: bool) -> Result<Field, Fault> {
    let cell = table.cell(row, "Type");
    let text = quirks::unlink(cell);
    let inner = text.strip_prefix("array[").and_then(|rest| rest.strip_suffix(']')).map(str::trim);
    let of = inner.unwrap_or(&text);
    if !is_name(of) || only_scalars && !SCALARS.contains(&of) {
        let only = format!("{} or array[...] of one of them", SCALARS.join(", "));
        let expected = if is_name(of) { only } else { type_names() };
        return Err(Fault::new(row.line, format!("the type `{cell}`"), expected));
    }
    let array = inner.is_some();
    let said = Description::read(row.line, table.cell(row, "Description"), of, array)?;
    let cell = table.cell(row, "Name");
    let name = quirks::unlink(cell);
    if !is_name(&name) {
        return Err(Fault::new(row.line, format!("the name `{cell}`"), "an identifier"));
    }
    Ok(Field { line: row.line, name, of: of.to_owned(), array, said })
}

/// Reads the rows of a table, sorted by their keys, each of which is there once.
fn all<T>(table: &Table, read: impl Fn(&Row) -> Result<([String; 2], T), Fault>) -> Result<Vec<T>, Fault> {
    if table.rows.is_empty() {
        return Err(Fault::new(table.line, "a table without rows", "at least one"));
    }
    let mut rows = table.rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut seen = HashSet::new();
    if let Some((row, ([name, _], _))) = table.rows.iter().zip(&rows).find(|(_, (key, _))| !seen.insert(key)) {
        return Err(Fault::new(row.line, format!("`{name}` twice in one table"), "each name once"));
    }
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(rows.into_iter().map(|(_, read)| read).collect())
}

/// The schema of what is no object, in an object that describes it.
fn described(mut members: Map<String, Value>, field: Field) -> Value {
    let Description { marks, limits } = field.said;
    members.extend(marks);
    let schema = Description { limits, ..Description::default() }.schema(field.array, json!({"type": field.of}));
    members.insert("schema".to_owned(), schema);
    members.into()
}

/// The rows of a table of parameters: the line and the parameter.
pub(crate) fn parameters(table: &Table) -> Result<Vec<(u64, Value)>, Fault> {
    all(table, |row| {
        let place = table.cell(row, "In");
        if !["query", "path"].contains(&place) {
            return Err(Fault::new(row.line, format!("`{place}` in the column In"), "`query` or `path`"));
        }
        let required = table.cell(row, "Required");
        if !["True", "False"].contains(&required) {
            let found = format!("`{required}` in the column Required");
            return Err(Fault::new(row.line, found, "`True` or `False`"));
        }
        let field = field(table, row, true)?;
        let key = [field.name.clone(), place.to_owned()];
        let mut members =
            Map::from_iter([("name".to_owned(), field.name.clone().into()), ("in".to_owned(), place.into())]);
        members.extend((required == "True").then(|| ("required".to_owned(), true.into())));
        Ok((key, (row.line, described(members, field))))
    })
}

/// The rows of a table of fields; their types are resolved when all definitions are known.
pub(crate) fn fields(table: &Table) -> Result<Vec<Field>, Fault> {
    all(table, |row| field(table, row, false).map(|field| ([field.name.clone(), String::new()], field)))
}

/// The rows of a table of headers: the line, the name and the header.
pub(crate) fn headers(table: &Table) -> Result<Vec<(u64, String, Value)>, Fault> {
    all(table, |row| {
        let field = field(table, row, true)?;
        let name = field.name.clone();
        Ok(([name.clone(), String::new()], (row.line, name, described(Map::new(), field))))
    })
}

/// The rows of a table of error codes, each code once: the line and the code.
pub(crate) fn error_codes(table: &Table) -> Result<Vec<(u64, Value)>, Fault> {
    if table.rows.is_empty() {
        return Err(Fault::new(table.line, "a table without rows", "at least one"));
    }
    let mut codes: BTreeMap<u64, (u64, Map<String, Value>)> = BTreeMap::new();
    for row in &table.rows {
        let cell = table.cell(row, "Error Code");
        let digits = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let Some(code) = digits.then(|| cell.parse::<u64>().ok()).flatten() else {
            return Err(Fault::new(row.line, format!("the error code `{cell}`"), "a whole number"));
        };
        let mut said = Map::from_iter([("code".to_owned(), code.into())]);
        mark(&mut said, &quirks::without_markup(table.cell(row, "Description")));
        if said.len() == 1 {
            return Err(Fault::new(row.line, format!("the error code {code} without a description"), "one"));
        }
        match codes.get(&code) {
            Some((first, known)) if *known != said => {
                let found = format!("the error code {code} with another description than in line {first}");
                return Err(Fault::new(row.line, found, "each code once, or twice with the same description"));
            }
            Some(_) => {}
            None => drop(codes.insert(code, (row.line, said))),
        }
    }
    Ok(codes.into_values().map(|(line, code)| (line, code.into())).collect())
}
