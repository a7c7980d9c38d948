//! Filters: `field=value` for every field that can be read.
//!
//! Only equality so far. A value with one of ONTAP's operators in it is refused, because an answer that takes it
//! literally would be wrong; in double quotes, or in braces, it is literal as in ONTAP. Case counts; that is an
//! assumption, for no document says so.

use crate::{
    cluster::Record,
    fields::Field,
    query::parameters::Parameters,
    refusal::Refusal,
    values::{Kind, Value},
};

/// What has to be in quotes to be taken literally, besides a lone `null`.
const OPERATORS: [&str; 7] = ["*", "|", ",", "!", "<", ">", ".."];

/// Conditions that a record has to meet, all of them.
#[derive(Debug)]
pub(crate) struct Filters(Vec<(&'static Field, String)>);

impl Filters {
    /// Reads the conditions from the parameters.
    ///
    /// # Errors
    /// 262197 for operators and for booleans that are none.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let mut conditions = Vec::new();
        for (field, value) in parameters.filters() {
            let literal = literal(value).ok_or_else(|| Refusal::operator(field.name, value))?;
            let wanted = match field.kind.normal(literal) {
                Some(normal) => normal,
                None if field.kind == Kind::Flag => {
                    return Err(Refusal::invalid(field.name, Some(value), "it is true or false"));
                }
                // All other filters are documented as plain strings: what cannot be a value matches nothing.
                None => literal.to_owned(),
            };
            conditions.push((*field, wanted));
        }
        Ok(Self(conditions))
    }

    /// Whether the record meets every condition. A field without a value meets none.
    pub(crate) fn admit(&self, record: &Record) -> bool {
        self.0.iter().all(|(field, wanted)| match record.get(field.name) {
            Some(Value::Text(text)) => **text == **wanted,
            Some(Value::Flag(flag)) => flag.to_string() == *wanted,
            None => false,
        })
    }
}

/// The text that the value stands for, or `None` if it holds an operator.
fn literal(value: &str) -> Option<&str> {
    if let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return (!inner.contains('"')).then_some(inner);
    }
    if let Some(inner) = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return is_balanced(inner).then_some(inner);
    }
    let plain = value != "null" && !OPERATORS.iter().any(|operator| value.contains(operator));
    plain.then_some(value)
}

/// Whether every brace has its partner inside the text, so that the outer pair of `{...}` is one pair.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_usize;
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return false,
            '}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn quotes_make_operators_literal() {
        for (value, expected) in [
            ("joe", Some("joe")),
            ("10.0.0.1", Some("10.0.0.1")),
            ("\"joe*\"", Some("joe*")),
            ("\"\"", Some("")),
            ("{a|b}", Some("a|b")),
            ("{{jim}}", Some("{jim}")),
            ("{\"abc\"}", Some("\"abc\"")),
            ("{a}|{b}", None),
            ("\"a\"|\"b\"", None),
            ("joe*", None),
            ("!joe", None),
            ("a|b", None),
            ("a,b", None),
            ("<5", None),
            (">5", None),
            ("1..5", None),
            ("null", None),
            ("!null", None),
        ] {
            assert_eq!(literal(value), expected, "{value}");
        }
    }
}
