//! New values as YAML text, in the style of the file.

use granit_parser::ScalarStyle;
use serde_json::Value;

use crate::document::Document;

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Its line end.
    pub(super) eol: &'static str,
    /// Whether its last line has one.
    pub(super) ended: bool,
    /// Whether texts of several lines are written as they are.
    pub(super) literals: bool,
    /// The indentation of a mapping in a mapping.
    pub(super) step: usize,
    /// The indentation of a sequence in a mapping.
    pub(super) dash: usize,
}

impl Style {
    pub(super) fn of(text: &str, step: Option<usize>, dash: Option<usize>) -> Self {
        let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self {
            eol,
            ended: text.ends_with('\n'),
            literals: true,
            step: step.filter(|step| *step > 0).unwrap_or(2),
            dash: dash.unwrap_or(2),
        }
    }

    /// A member or an item whose key or dash comes to stand in column `column`, without indentation and last line end.
    pub(super) fn entry(&self, key: Option<&str>, value: &Value, column: usize) -> String {
        let head = key.map_or("-".to_owned(), |key| format!("{key}:"));
        head + &self.after(value, ScalarStyle::Plain, key.is_some(), column)
    }

    /// `value` as it comes behind the colon or dash of an entry in column `column`. If it is a string, `quotes` are what
    /// it is to have if it can.
    pub(super) fn after(&self, value: &Value, quotes: ScalarStyle, mapping: bool, column: usize) -> String {
        let below = |indent: usize| if mapping { column + indent } else { column + 2 };
        let block = |column: usize| {
            let start = if mapping { self.line(column) } else { " ".to_owned() };
            start + &self.entries(value, column)
        };
        match value {
            Value::Object(members) if !members.is_empty() => block(below(self.step)),
            Value::Array(items) if !items.is_empty() => block(below(self.dash)),
            Value::String(text) if self.is_literal(text) => self.literal(text, below(self.step)),
            value => format!(" {}", inline(value, quotes, false)),
        }
    }

    /// The parts of a collection, each but the first on a new line in column `column`.
    pub(super) fn entries(&self, value: &Value, column: usize) -> String {
        let plain = |name: &str| key(name, ScalarStyle::Plain, false);
        let entries: Vec<_> = match value {
            Value::Object(members) => {
                members.iter().map(|(name, value)| self.entry(Some(&plain(name)), value, column)).collect()
            }
            Value::Array(items) => items.iter().map(|item| self.entry(None, item, column)).collect(),
            other => vec![inline(other, ScalarStyle::Plain, false)],
        };
        entries.join(&self.line(column))
    }

    /// A new line, up to column `column`.
    pub(super) fn line(&self, column: usize) -> String {
        format!("{}{}", self.eol, " ".repeat(column))
    }

    /// Whether a text of several lines can be written as they are.
    fn is_literal(&self, text: &str) -> bool {
        let body = text.strip_suffix('\n').unwrap_or(text);
        let is_line = |line: &str| {
            let blank = !line.is_empty() && line.trim().is_empty();
            !blank && line.chars().all(is_printable)
        };
        self.literals
            && body.contains('\n')
            && !body.starts_with([' ', '\n'])
            && !body.ends_with('\n')
            && (self.ended || body.len() == text.len())
            && body.split('\n').all(is_line)
    }

    fn literal(&self, text: &str, column: usize) -> String {
        let (header, body) = text.strip_suffix('\n').map_or((" |-", text), |body| (" |", body));
        body.split('\n').fold(header.to_owned(), |out, line| match line {
            "" => out + self.eol,
            line => out + &self.line(column) + line,
        })
    }
}

/// A key. A key of digits alone has quotes in these files only if its siblings have them; `digits` says so.
pub(super) fn key(key: &str, digits: ScalarStyle, flow: bool) -> String {
    let is_number = key.parse::<u64>().is_ok_and(|number| number.to_string() == key);
    if is_number && digits == ScalarStyle::Plain {
        return key.to_owned();
    }
    string(key, if is_number { digits } else { ScalarStyle::Plain }, flow)
}

/// `value` on one line, in a flow collection or not. A string has the quotes that are given if it can, else what it needs.
pub(super) fn inline(value: &Value, quotes: ScalarStyle, flow: bool) -> String {
    let part = |value: &Value| inline(value, ScalarStyle::Plain, true);
    match value {
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| format!("{}: {}", key(name, ScalarStyle::Plain, true), part(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(part).collect::<Vec<_>>().join(", ")),
        Value::String(text) => string(text, quotes, flow),
        other => other.to_string(),
    }
}

fn string(text: &str, quotes: ScalarStyle, flow: bool) -> String {
    match quotes {
        ScalarStyle::Plain if is_plain(text, flow) => text.to_owned(),
        ScalarStyle::SingleQuoted if text.chars().all(is_printable) => format!("'{}'", text.replace('\'', "''")),
        _ => {
            // The escapes of JSON are some of YAML's; YAML needs them for more characters.
            let escaped = |c: char| if is_printable(c) { c.to_string() } else { format!("\\u{:04X}", u32::from(c)) };
            Value::from(text).to_string().chars().map(escaped).collect()
        }
    }
}

/// Whether every reader of YAML takes `text` without quotes for the string that it is.
fn is_plain(text: &str, flow: bool) -> bool {
    let starts = text.starts_with(|first: char| " -?:,[]{}#&*!|>'\"%@`=<~".contains(first)) || text.starts_with("...");
    let ends = text.is_empty() || text.ends_with([' ', ':']);
    let breaks = text.contains(": ") || text.contains(" #") || flow && text.contains([',', '[', ']', '{', '}']);
    // Words and numbers of YAML 1.1 are for other readers.
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_word = words.iter().any(|word| text.eq_ignore_ascii_case(word));
    !(starts || ends || breaks || is_word || is_old_number(text))
        && text.chars().all(is_printable)
        && Document::parse(text).is_ok_and(|read| read.value == text)
}

/// Numbers with `_`, in other bases or of base 60, and dates.
fn is_old_number(text: &str) -> bool {
    let number = text.trim_start_matches(['+', '-', '.']);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = matches!(number.splitn(3, '-').collect::<Vec<_>>()[..],
        [year, month, day] if year.len() == 4 && digits(year) && digits(month) && day.starts_with(|c: char| c.is_ascii_digit()));
    let is_based = ["0x", "0o", "0b"].iter().any(|base| number.starts_with(base));
    let is_spread =
        (number.contains([':', '_']) || number.starts_with('0')) && digits(&number.replace([':', '_', '.'], ""));
    number.starts_with(|first: char| first.is_ascii_digit()) && (is_spread || is_based || is_date)
}

/// Whether a text may have the character as it is.
fn is_printable(c: char) -> bool {
    !(c.is_control() || ['\u{2028}', '\u{2029}', '\u{feff}', '\u{fffe}', '\u{ffff}'].contains(&c))
}
