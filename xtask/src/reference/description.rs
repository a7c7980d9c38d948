//! The description cell: words, then limits behind bullets.

use serde_json::Value;

use crate::facts::{Fingerprint, Limits, Of, Type};
use crate::workspace;

use super::{Fault, quirks, text};

/// What a description says.
#[derive(Debug, Default)]
pub(crate) struct Description {
    pub(crate) limits: Limits,
    pub(crate) introduced: Option<String>,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) cut: bool,
}

/// Reads the description of a value of type `of`.
pub(crate) fn read(line: u64, cell: &str, of: &Type) -> Result<Description, Fault> {
    let text = quirks::without_markup(cell);
    let mut parts = text.split('\u{2022}');
    let words = parts.next().unwrap_or_default();
    if let Some(label) = REMARKS.iter().find(|label| words.contains(&format!("{label}:"))) {
        return Err(Fault::new(line, format!("`{label}:` without a bullet in front"), "a bullet for each remark"));
    }
    let mut description =
        Description { fingerprint: Fingerprint::of(words), cut: quirks::is_cut(words), ..Description::default() };
    for item in parts {
        remark(line, item.trim(), of, &mut description)?;
    }
    Ok(description)
}

/// What can stand behind a bullet.
const REMARKS: [&str; 6] = ["Introduced in", "Default value", "Min value", "Max value", "minLength", "maxLength"];

fn remark(line: u64, item: &str, of: &Type, description: &mut Description) -> Result<(), Fault> {
    let (name, value) = item.split_once(':').unwrap_or((item, ""));
    let (name, value) = (name.trim(), value.trim());
    let limits = &mut description.limits;
    let taken = match name {
        "Introduced in" => {
            let known = workspace::release(value).is_some();
            if !known {
                return Err(Fault::new(line, format!("`{item}`"), "a release such as 9.10"));
            }
            description.introduced.replace(value.to_owned()).is_some()
        }
        "Default value" => limits.default.replace(default(line, value, of)?).is_some(),
        "Min value" => limits.minimum.replace(number(line, item, value)?).is_some(),
        "Max value" => limits.maximum.replace(number(line, item, value)?).is_some(),
        "minLength" => limits.min_length.replace(number(line, item, value)?).is_some(),
        "maxLength" => limits.max_length.replace(number(line, item, value)?).is_some(),
        _ => {
            let found = format!("the remark `{}` in a description", text::shortened(item));
            let known = "Introduced in, Default value, Min value, Max value, minLength or maxLength";
            return Err(Fault::new(line, found, known));
        }
    };
    if taken {
        return Err(Fault::new(line, format!("`{name}` twice in one description"), "it once"));
    }
    Ok(())
}

fn number(line: u64, item: &str, value: &str) -> Result<i64, Fault> {
    value.parse().map_err(|_| Fault::new(line, format!("`{item}`"), "a whole number after the colon"))
}

fn default(line: u64, printed: &str, of: &Type) -> Result<Value, Fault> {
    let scalar = match &of.of {
        Of::Scalar(name) if !of.array => name.as_str(),
        _ => "",
    };
    let value = match scalar {
        "boolean" => quirks::boolean_default(printed).map(Value::from),
        "integer" => printed.parse::<i64>().ok().map(Value::from),
        "string" if !printed.is_empty() => Some(Value::from(printed)),
        _ => None,
    };
    value.ok_or_else(|| {
        let found = format!("the default value `{printed}` of a value of type {of}");
        Fault::new(line, found, "a value of that type (for a boolean: 1, or nothing for false)")
    })
}
