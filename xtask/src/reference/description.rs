//! The description cell: words, then limits behind bullets.

use serde_json::{Map, Value, json};

use crate::openapi::Fingerprint;
use crate::workspace;

use super::{Fault, quirks, text};

/// The facts in a description.
#[derive(Clone, Debug, Default)]
pub(crate) struct Description {
    /// The release in which the thing first appeared, what stands for its words, and whether these break off.
    pub(crate) marks: Map<String, Value>,
    /// The limits of its values, by the names that OpenAPI has for them.
    pub(crate) limits: Map<String, Value>,
}

/// The types that a page has for values that are not objects.
pub(crate) const SCALARS: [&str; 3] = ["boolean", "integer", "string"];

/// Adds what stands for `words`, if there are any.
pub(crate) fn mark(marks: &mut Map<String, Value>, words: &str) {
    marks.extend(Fingerprint::of(words).map(|print| ("x-ontap-fingerprint".to_owned(), print.to_string().into())));
}

impl Description {
    /// Reads the description of a value of type `of`, or of an array of such.
    pub(crate) fn read(line: u64, cell: &str, of: &str, array: bool) -> Result<Self, Fault> {
        let text = quirks::without_markup(cell);
        let mut parts = text.split('\u{2022}');
        let words = parts.next().unwrap_or_default();
        if let Some((label, _)) = REMARKS.iter().find(|(label, _)| words.contains(&format!("{label}:"))) {
            return Err(Fault::new(line, format!("`{label}:` without a bullet in front"), "a bullet for each remark"));
        }
        let mut remarks = Map::new();
        for item in parts {
            let (key, value) = remark(line, item.trim(), of, array)?;
            if remarks.insert(key.to_owned(), value).is_some() {
                let label = item.split(':').next().unwrap_or_default().trim();
                return Err(Fault::new(line, format!("`{label}` twice in one description"), "it once"));
            }
        }
        let mut said = Self::default();
        for (_, key) in REMARKS {
            let known = if key == INTRODUCED { &mut said.marks } else { &mut said.limits };
            known.extend(remarks.remove_entry(key));
        }
        mark(&mut said.marks, words);
        if quirks::is_cut(words) {
            said.marks.insert("x-ontap-cut".to_owned(), true.into());
        }
        Ok(said)
    }

    /// The schema of values like `one`, or of arrays of these, with the marks and the limits.
    pub(crate) fn schema(&self, array: bool, one: Value) -> Value {
        let mut schema = self.marks.clone();
        match one {
            one if array => schema.extend([("type".to_owned(), "array".into()), ("items".to_owned(), one)]),
            Value::Object(one) if one.contains_key("type") || schema.is_empty() && self.limits.is_empty() => {
                schema.extend(one)
            }
            one => _ = schema.insert("allOf".to_owned(), json!([one])),
        }
        schema.extend(self.limits.clone());
        schema.into()
    }
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
    let value = match *key {
        INTRODUCED if workspace::release(value).is_none() => {
            return Err(Fault::new(line, format!("`{item}`"), "a release such as 9.10"));
        }
        INTRODUCED => value.into(),
        "default" => default(line, value, of, array)?,
        _ => {
            let number = value.parse::<i64>();
            number.map_err(|_| Fault::new(line, format!("`{item}`"), "a whole number after the colon"))?.into()
        }
    };
    Ok((key, value))
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
