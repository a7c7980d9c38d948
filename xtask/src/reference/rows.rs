//! The rows of an operation's tables: parameters, fields, headers and the codes of errors.

use std::collections::{BTreeMap, HashSet};

use crate::facts::{ErrorCode, Field, Fingerprint, Header, Of, Parameter, SCALARS, Type};

use super::table::{Row, Table};
use super::{Fault, description, quirks};

/// A row of a table of fields, its type still as printed.
#[derive(Clone, Debug)]
pub(crate) struct FieldRow {
    pub(crate) line: u64,
    pub(crate) name: String,
    pub(crate) array: bool,
    pub(crate) of: String,
    pub(crate) description: String,
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

/// The rows of a table of parameters.
pub(crate) fn parameters(table: &Table) -> Result<Vec<Parameter>, Fault> {
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

/// The rows of a table of headers.
pub(crate) fn headers(table: &Table) -> Result<Vec<Header>, Fault> {
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

/// The rows of a table of error codes, each code once.
pub(crate) fn error_codes(table: &Table) -> Result<Vec<ErrorCode>, Fault> {
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
