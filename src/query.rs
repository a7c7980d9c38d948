//! Values of filters.

use std::borrow::Cow;

/// `value` as a filter that matches just it: ONTAP reads some characters in a filter as operators, and quotes or
/// braces around them make them literal.
pub(crate) fn literal(value: &str) -> Cow<'_, str> {
    const OPERATORS: [char; 9] = ['*', '|', ',', '!', '<', '>', '"', '{', '}'];
    let is_plain = !value.contains(OPERATORS) && !value.contains("..") && value != "null" && !value.is_empty();
    if is_plain {
        value.into()
    } else if value.contains('"') {
        format!("{{{value}}}").into()
    } else {
        format!("\"{value}\"").into()
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn operators_are_quoted_and_nothing_else() {
        for (value, filter) in [
            ("nfs-to-hosts", "nfs-to-hosts"),
            ("a b.c", "a b.c"),
            ("a*", "\"a*\""),
            ("a|b", "\"a|b\""),
            ("!a", "\"!a\""),
            ("a,b", "\"a,b\""),
            ("1..5", "\"1..5\""),
            ("null", "\"null\""),
            ("", "\"\""),
            ("say \"hi\"", "{say \"hi\"}"),
            ("{a}", "\"{a}\""),
        ] {
            assert_eq!(literal(value), filter, "{value}");
        }
    }
}
