//! The description cell: words, then limits behind bullets.

use serde_json::{Map, Value, json};

use crate::facts::Part;
use crate::openapi::Fingerprint;
use crate::workspace;

use super::{Fault, quirks, text};

/// The types that a page has for values that are not objects.
pub(crate) const SCALARS: [&str; 3] = ["boolean", "integer", "string"];

/// Adds what stands for `words`, if there are any.
pub(crate) fn mark(marks: &mut Map<String, Value>, words: &str) {
    marks.extend(Fingerprint::of(words).map(|print| ("x-ontap-fingerprint".to_owned(), print.to_string().into())));
}

/// Reads the description of a value of type `of`, or of an array of such, into the schema of the value. A type that is a
/// definition stands in the schema as a reference by its name alone.
pub(crate) fn schema(line: u64, cell: &str, of: &str, array: bool) -> Result<Part, Fault> {
    let text = quirks::without_markup(cell);
    let mut parts = text.split('\u{2022}');
    let words = parts.next().unwrap_or_default();
    if let Some((label, _)) = REMARKS.iter().find(|(label, _)| words.contains(&format!("{label}:"))) {
        return Err(Fault::new(line, format!("`{label}:` without a bullet in front"), "a bullet for each remark"));
    }
    let mut marks = Map::new();
    for item in parts {
        let (key, value) = remark(line, item.trim(), of, array)?;
        if marks.insert(key.to_owned(), value).is_some() {
            let label = item.split(':').next().unwrap_or_default().trim();
            return Err(Fault::new(line, format!("`{label}` twice in one description"), "it once"));
        }
    }
    let mut schema = Part::default();
    schema.members.extend(marks.remove_entry(INTRODUCED));
    mark(&mut schema.members, words);
    if quirks::is_cut(words) {
        schema.put("x-ontap-cut", true);
    }
    let (key, one) = if SCALARS.contains(&of) { ("type", of) } else { ("$ref", of) };
    if array {
        schema.put("type", "array");
        schema.put("items", json!({key: one}));
    } else if key == "type" || schema.members.is_empty() && marks.is_empty() {
        schema.put(key, one);
    } else {
        schema.put("allOf", json!([{key: one}]));
    }
    schema.members.extend(REMARKS.iter().filter_map(|(_, key)| marks.remove_entry(*key)));
    Ok(schema)
}

/// The reference in what [`schema`] has made, if there is one: its JSON pointer, and the name of the definition.
pub(crate) fn reference_in(schema: &Value) -> Option<(&'static str, &str)> {
    let places = ["/$ref", "/items/$ref", "/allOf/0/$ref"];
    places.into_iter().find_map(|place| Some((place, schema.pointer(place)?.as_str()?)))
}

const INTRODUCED: &str = "x-ntap-introduced";

/// The labels behind bullets, each with its name in the document, in the order of the document.
const REMARKS: [(&str, &str); 6] = [
    ("Introduced in", INTRODUCED),
    ("Default value", "default"),
    ("Min value", "minimum"),
    ("Max value", "maximum"),
    ("minLength", "minLength"),
    ("maxLength", "maxLength"),
];

fn remark(line: u64, item: &str, of: &str, array: bool) -> Result<(&'static str, Value), Fault> {
    let (name, value) = item.split_once(':').unwrap_or((item, ""));
    let value = value.trim();
    let Some((_, key)) = REMARKS.iter().find(|(label, _)| *label == name.trim()) else {
        let found = format!("the remark `{}` in a description", text::shortened(item));
        let known = "Introduced in, Default value, Min value, Max value, minLength or maxLength";
        return Err(Fault::new(line, found, known));
    };
    let read = match *key {
        INTRODUCED => workspace::release(value).map(|_| value.into()).ok_or("a release such as 9.10"),
        "default" => return Ok((key, default(line, value, of, array)?)),
        _ => value.parse::<i64>().map(Value::from).map_err(|_| "a whole number after the colon"),
    };
    Ok((key, read.map_err(|expected| Fault::new(line, format!("`{item}`"), expected))?))
}

fn default(line: u64, printed: &str, of: &str, array: bool) -> Result<Value, Fault> {
    let value = match of {
        _ if array => None,
        "boolean" => quirks::boolean_default(printed).map(Value::from),
        "integer" => printed.parse::<i64>().ok().map(Value::from),
        "string" if !printed.is_empty() => Some(Value::from(printed)),
        _ => None,
    };
    value.ok_or_else(|| {
        let name = if array { format!("array[{of}]") } else { of.to_owned() };
        let found = format!("the default value `{printed}` of a value of type {name}");
        Fault::new(line, found, "a value of that type (for a boolean: 1, or nothing for false)")
    })
}
