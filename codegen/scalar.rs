//! Converts scalars of YAML to JSON, by the core schema of YAML 1.2 (<https://yaml.org/spec/1.2.2/#103-core-schema>).

use granit_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// The value of a scalar. Without a tag, only what has no quotes can be something else than a string.
///
/// # Errors
/// If JSON has no such number or type, or if the tag does not fit the value.
pub(crate) fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { plain(text) } else { Ok(text.into()) };
    };
    let kind = tag.core_suffix();
    if kind == Some("str") {
        return Ok(text.into());
    }
    let value = plain(text)?;
    let fits = match kind {
        Some("null") => value.is_null(),
        Some("bool") => value.is_boolean(),
        Some("int") => value.is_i64() || value.is_u64(),
        Some("float") => value.is_number(),
        _ => false,
    };
    if fits { Ok(value) } else { Err(misfit(tag)) }
}

/// Why a tag cannot be followed.
pub(crate) fn misfit(tag: &Tag) -> String {
    format!("the tag `{}` does not fit here: leave it out, or put a string into quotes", tag.original())
}

fn plain(text: &str) -> Result<Value, String> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ => match number(text) {
            Some(number) => number.ok_or_else(|| format!("`{text}` is a number that JSON cannot hold"))?.into(),
            None => text.into(),
        },
    })
}

/// The number that `text` is, if it is one, and if JSON has it.
fn number(text: &str) -> Option<Option<Number>> {
    let digits = |digits: &str, radix| {
        let known = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        known.then(|| u64::from_str_radix(digits, radix).ok().map(Number::from))
    };
    if let Some(rest) = text.strip_prefix("0o") {
        return digits(rest, 8);
    }
    if let Some(rest) = text.strip_prefix("0x") {
        return digits(rest, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(None);
    }
    // Rust reads the same decimals; words are excluded here.
    let decimal = unsigned.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    let float: f64 = decimal.then(|| text.parse().ok()).flatten()?;
    let whole = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    let integer = || text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    Some(if whole { integer() } else { Number::from_f64(float) })
}
