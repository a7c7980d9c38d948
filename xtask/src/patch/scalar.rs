//! Scalars as YAML text on one line.

use std::fmt::Write as _;

use serde_json::Value;

use super::tree::Quotes;
use crate::document::Document;

/// `value`, which is no collection with parts, on one line; a string in the quotes that are given if it can be, else in
/// those that it needs.
pub(super) fn scalar(value: &Value, quotes: Quotes, flow: bool) -> String {
    match value {
        Value::String(text) => string(text, quotes, flow),
        other => other.to_string(),
    }
}

/// `text` in the quotes that are given if it can be, else in those that it needs.
pub(super) fn string(text: &str, quotes: Quotes, flow: bool) -> String {
    match quotes {
        Quotes::None if is_plain(text, flow) => text.to_owned(),
        Quotes::Single if text.chars().all(is_printable) => format!("'{}'", text.replace('\'', "''")),
        _ => double(text),
    }
}

/// Whether every reader of YAML takes `text` without quotes for the string that it is.
fn is_plain(text: &str, flow: bool) -> bool {
    let first = text.chars().next();
    let indicator = first.is_none_or(|first| "-?:,[]{}#&*!|>'\"%@`=<~".contains(first));
    let broken = text.contains(": ") || text.contains(" #") || text.ends_with(':') || text.starts_with("...");
    let spaced = text.starts_with(' ') || text.ends_with(' ') || text.contains('\t');
    if indicator
        || broken
        || spaced
        || !text.chars().all(is_printable)
        || flow && text.contains([',', '[', ']', '{', '}'])
    {
        return false;
    }
    // The parser is the judge of what is a number and so on; words and numbers of YAML 1.1 are for other readers.
    !is_old_word(text) && !is_old_number(text) && Document::parse(text).is_ok_and(|read| read.value == text)
}

fn is_old_word(text: &str) -> bool {
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Numbers with `_`, in other bases or of base 60, and dates.
fn is_old_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-', '.']);
    let is_date = || {
        let counts = digits.splitn(3, '-').map(|part| part.bytes().take_while(u8::is_ascii_digit).count());
        matches!(counts.collect::<Vec<_>>()[..], [4, 1..=2, days] if days > 0)
    };
    let is_based = || ["0x", "0o", "0b"].iter().any(|base| digits.starts_with(base));
    let is_spread = || {
        let spread = digits.contains([':', '_']) || digits.starts_with('0');
        spread && digits.bytes().all(|byte| byte.is_ascii_digit() || b"_:.".contains(&byte))
    };
    digits.starts_with(|first: char| first.is_ascii_digit()) && (is_spread() || is_based() || is_date())
}

fn is_printable(c: char) -> bool {
    !(c.is_control() || ['\u{2028}', '\u{2029}', '\u{feff}', '\u{fffe}', '\u{ffff}'].contains(&c))
}

fn double(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            // Writing to a string does not fail.
            c => _ = write!(out, "\\u{:04X}", u32::from(c)),
        }
    }
    out.push('"');
    out
}
