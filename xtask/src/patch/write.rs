//! New values as YAML text, in the style of the file.

use serde_json::Value;

use super::order::is_number;
use super::scalar::{scalar, string};
use super::tree::Quotes;

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Its line end.
    pub(super) eol: &'static str,
    /// Whether its last line has one.
    pub(super) ended: bool,
    /// Whether texts of several lines are written as they are.
    pub(super) literals: bool,
    /// By how much a mapping in a mapping is indented.
    pub(super) step: usize,
    /// By how much a sequence in a mapping is indented.
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
        head + &self.after(value, Quotes::None, key.is_some(), column)
    }

    /// `value` as it comes behind the colon or dash of an entry in column `column`. If it is a string, `quotes` are what
    /// it is to have if it can.
    pub(super) fn after(&self, value: &Value, quotes: Quotes, mapping: bool, column: usize) -> String {
        let below = |indent: usize| if mapping { column + indent } else { column + 2 };
        let block = |column: usize| {
            let start = if mapping { self.line(column) } else { " ".to_owned() };
            start + &self.entries(value, column)
        };
        match value {
            Value::Object(members) if !members.is_empty() => block(below(self.step)),
            Value::Array(items) if !items.is_empty() => block(below(self.dash)),
            Value::String(text) if self.is_literal(text) => self.literal(text, below(self.step)),
            value => format!(" {}", scalar(value, quotes, false)),
        }
    }

    /// The parts of a collection, each but the first on a new line in column `column`.
    pub(super) fn entries(&self, value: &Value, column: usize) -> String {
        let entries: Vec<_> = match value {
            Value::Object(members) => {
                let members = members.iter();
                members
                    .map(|(key, value)| self.entry(Some(&self::key(key, Quotes::None, false)), value, column))
                    .collect()
            }
            Value::Array(items) => items.iter().map(|item| self.entry(None, item, column)).collect(),
            other => vec![scalar(other, Quotes::None, false)],
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
            !blank && line.chars().all(|c| !c.is_control() && !['\u{2028}', '\u{2029}', '\u{feff}'].contains(&c))
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

/// A key. One of digits alone has no quotes in these files unless its siblings have them, which `digits` says.
pub(super) fn key(key: &str, digits: Quotes, flow: bool) -> String {
    let canonical = is_number(key) && (key == "0" || !key.starts_with('0')) && key.parse::<u64>().is_ok();
    match digits {
        Quotes::None if canonical => key.to_owned(),
        quotes if canonical => string(key, quotes, flow),
        _ => string(key, Quotes::None, flow),
    }
}

/// `value` on one line, as it stands in a flow collection.
pub(super) fn flow(value: &Value, quotes: Quotes) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let members = members
                .map(|(name, value)| format!("{}: {}", key(name, Quotes::None, true), flow(value, Quotes::None)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| flow(item, Quotes::None)).collect::<Vec<_>>().join(", "))
        }
        value => scalar(value, quotes, true),
    }
}
