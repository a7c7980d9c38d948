//! Expressions against an evaluator that knows nothing of the one under test: it never reads a text, but evaluates the
//! structure that the text was written from, and compares values as lists of numbers.

use std::net::IpAddr;

use proptest::{prelude::*, sample::select};

use super::*;

const WORDS: &[&str] = &["none", "pki", "psk"];

/// One of the parts that `|` stands between.
#[derive(Clone, Debug)]
enum Naive {
    Null,
    Equal(String),
    Like(Vec<String>),
    Compare(&'static str, String),
    Between(String, String),
}

/// Where a value stands among others of its kind, given in any form.
fn key(kind: Kind, text: &str) -> Vec<u32> {
    let number = |text: &str| text.parse().unwrap();
    match kind {
        Kind::Flag => vec![u32::from(text.eq_ignore_ascii_case("true"))],
        Kind::Port => match text.split_once('-') {
            Some((first, last)) => vec![number(first), number(last)],
            None => vec![number(text); 2],
        },
        Kind::Address => match text.parse().unwrap() {
            IpAddr::V4(address) => [4].into_iter().chain(address.octets().map(u32::from)).collect(),
            IpAddr::V6(address) => [6].into_iter().chain(address.segments().map(u32::from)).collect(),
        },
        Kind::Netmask => match text.parse::<std::net::Ipv4Addr>() {
            Ok(mask) => vec![mask.to_bits().count_ones()],
            Err(_) => vec![number(text)],
        },
        Kind::Protocol => vec![match text {
            "any" => 0,
            "tcp" => 6,
            "udp" => 17,
            _ => number(text),
        }],
        Kind::Uuid => text.to_lowercase().chars().map(u32::from).collect(),
        Kind::Text | Kind::Word(_) | Kind::Secret => text.chars().map(u32::from).collect(),
    }
}

impl Naive {
    fn holds(&self, kind: Kind, value: &str) -> bool {
        let (value_key, key) = (key(kind, value), |text: &str| key(kind, text));
        match self {
            Self::Null => false,
            Self::Equal(text) => value_key == key(text),
            Self::Like(pieces) => like(pieces, value),
            Self::Compare("<", text) => value_key < key(text),
            Self::Compare("<=", text) => value_key <= key(text),
            Self::Compare(">", text) => value_key > key(text),
            Self::Compare(_, text) => value_key >= key(text),
            Self::Between(first, last) => key(first) <= value_key && value_key <= key(last),
        }
    }

    fn write(&self, style: Style) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Equal(text) => quote(text, style),
            Self::Like(pieces) => {
                let pieces: Vec<_> = pieces
                    .iter()
                    .map(|piece| if piece.is_empty() { String::new() } else { quote(piece, style) })
                    .collect();
                pieces.join("*")
            }
            Self::Compare(operator, text) => format!("{operator}{}", quote(text, style)),
            Self::Between(first, last) => format!("{}..{}", quote(first, style), quote(last, style)),
        }
    }
}

/// Whether the pieces, with anything in between, make up the text; every way is tried.
fn like(pieces: &[String], text: &str) -> bool {
    let Some(rest) = text.strip_prefix(pieces[0].as_str()) else { return false };
    if pieces.len() == 1 {
        return rest.is_empty();
    }
    (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| like(&pieces[1..], &rest[at..]))
}

/// How a text is written that could be written plainly.
#[derive(Clone, Copy, Debug)]
enum Style {
    Plain,
    Quotes,
    Braces,
}

fn quote(text: &str, style: Style) -> String {
    let plain = !text.contains(['*', '|', ',', '!', '<', '>', '"', '{', '}', '='])
        && !text.contains("..")
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !matches!(text, "" | "null");
    match style {
        Style::Plain if plain => text.to_owned(),
        Style::Plain | Style::Quotes if !text.contains('"') => format!("\"{text}\""),
        _ if balanced(text) => format!("{{{text}}}"),
        // A piece for each character, as neither can hold it whole.
        _ => text.chars().map(|one| if one == '"' { "{\"}".to_owned() } else { format!("\"{one}\"") }).collect(),
    }
}

fn balanced(text: &str) -> bool {
    let mut open = 0;
    text.chars().all(|character| {
        open += i32::from(character == '{') - i32::from(character == '}');
        open >= 0
    }) && open == 0
}

/// A text that stands for a value of this kind, in its normal form or in another.
fn operand(kind: Kind) -> BoxedStrategy<String> {
    match kind {
        Kind::Flag => select(vec!["true", "false", "True", "FALSE"]).prop_map(str::to_owned).boxed(),
        Kind::Port => prop_oneof![
            (0..25_u16).prop_map(|port| port.to_string()),
            (0..25_u16, 0..10_u16).prop_map(|(first, more)| format!("{first}-{}", first + more)),
        ]
        .boxed(),
        Kind::Address => select(vec![
            "10.0.0.9",
            "10.0.0.10",
            "9.255.0.0",
            "::1",
            "0:0:0:0:0:0:0:1",
            "2001:DB8::A",
            "2001:db8::10",
            "fe80::",
        ])
        .prop_map(str::to_owned)
        .boxed(),
        Kind::Netmask => prop_oneof![
            (0..=32_u8).prop_map(|length| length.to_string()),
            Just("255.255.0.0".into()),
            Just("0.0.0.0".into())
        ]
        .boxed(),
        Kind::Protocol => prop_oneof![
            (0..20_u8).prop_map(|number| number.to_string()),
            select(vec!["any", "tcp", "udp"]).prop_map(str::to_owned)
        ]
        .boxed(),
        Kind::Uuid => select(vec![
            "02c9e252-41be-11e9-81d5-00a0986138f7",
            "02C9E252-41BE-11E9-81D5-00A0986138F7",
            "5f0a2f3c-41be-11e9-81d5-00a0986138f7",
        ])
        .prop_map(str::to_owned)
        .boxed(),
        Kind::Word(words) => select(words).prop_map(str::to_owned).boxed(),
        Kind::Text | Kind::Secret => {
            prop_oneof![4 => "[ab]{0,3}", 2 => "[ab*|,!<>=.{}\" é]{0,4}", 1 => Just("null".into())].boxed()
        }
    }
}

fn part(kind: Kind) -> impl Strategy<Value = (bool, Naive)> {
    let gapped = || prop::collection::vec(prop_oneof!["[a10]{0,1}", "[ab0-9.*|\"{}:-]{0,2}"], 2..5).boxed();
    let test = prop_oneof![
        1 => Just(Naive::Null),
        4 => operand(kind).prop_map(Naive::Equal),
        3 => gapped().prop_map(Naive::Like),
        3 => (select(vec!["<", "<=", ">", ">="]), operand(kind)).prop_map(|(how, text)| Naive::Compare(how, text)),
        2 => (operand(kind), operand(kind)).prop_map(|(first, last)| Naive::Between(first, last)),
    ];
    (any::<bool>(), test)
}

/// An expression, and values to ask it about.
#[derive(Clone, Debug)]
struct Case {
    kind: Kind,
    parts: Vec<(bool, Naive)>,
    values: Vec<Option<String>>,
    style: Style,
}

fn case() -> impl Strategy<Value = Case> {
    let kinds = vec![
        Kind::Text,
        Kind::Text,
        Kind::Word(WORDS),
        Kind::Flag,
        Kind::Address,
        Kind::Netmask,
        Kind::Port,
        Kind::Protocol,
        Kind::Uuid,
    ];
    select(kinds).prop_flat_map(|kind| {
        let values = prop::collection::vec(prop::option::weighted(0.9, operand(kind)), 1..8);
        let styles = select(vec![Style::Plain, Style::Quotes, Style::Braces]);
        (prop::collection::vec(part(kind), 1..5), values, styles).prop_map(move |(parts, values, style)| Case {
            kind,
            parts,
            values,
            style,
        })
    })
}

/// The value that a record has where this text was given.
fn value(kind: Kind, text: &str) -> Value {
    match kind {
        Kind::Flag => Value::Flag(text.eq_ignore_ascii_case("true")),
        _ => Value::Text(kind.normal(text).unwrap().into()),
    }
}

proptest! {
    #![proptest_config(crate::query::cases(2000))]

    #[test]
    fn it_agrees_with_a_naive_evaluator(Case { kind, parts, values, style } in case()) {
        let write = |(negated, part): &(bool, Naive)| {
            let sign = if *negated { "!" } else { "" };
            format!("{sign}{}", part.write(style))
        };
        let written: Vec<_> = parts.iter().map(write).collect();
        let text = written.join("|");
        let expression = Expression::read(kind, &text);
        prop_assert!(expression.is_ok(), "{text}: {expression:?}");
        let expression = expression.unwrap();
        for given in values {
            let value = given.as_deref().map(|given| value(kind, given));
            let normal = value.as_ref().map(Value::written);
            let expected = parts.iter().any(|(negated, part)| match (part, normal) {
                (Naive::Null, normal) => normal.is_some() == *negated,
                (_, None) => false,
                (part, Some(normal)) => part.holds(kind, normal) != *negated,
            });
            prop_assert_eq!(expression.admits(value.as_ref()), expected, "{} {:?}", text, value);
            if let Some(exact) = expression.exact() {
                prop_assert_eq!(normal == Some(exact), expected, "{} {:?}", text, value);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof!["[a1*|,!<>=.{}\"-]{0,12}", ".{0,30}"], value in "[a1*.]{0,3}") {
        for kind in [Kind::Text, Kind::Flag, Kind::Address, Kind::Netmask, Kind::Port, Kind::Protocol, Kind::Uuid] {
            if let Ok(expression) = Expression::read(kind, &text) {
                expression.admits(Some(&Value::Text(value.as_str().into())));
                expression.admits(None);
            }
        }
    }

    #[test]
    fn any_text_can_be_quoted(
        text in prop_oneof!["[a*|,!<>=.{}\"]{0,6}", ".{0,20}"],
        style in select(vec![Style::Plain, Style::Quotes, Style::Braces]),
    ) {
        let expression = Expression::read(Kind::Text, &quote(&text, style)).unwrap();
        prop_assert_eq!(expression.exact(), Some(text.as_str()));
    }
}

#[test]
fn only_a_plain_value_is_exact() {
    for (kind, text, exact) in [
        (Kind::Text, "web", Some("web")),
        (Kind::Text, "\"w|b\"", Some("w|b")),
        (Kind::Text, "\"\"", Some("")),
        (Kind::Text, "web|web", Some("web")),
        (Kind::Port, "201", Some("201-201")),
        (Kind::Port, "many", Some("many")),
        (Kind::Flag, "TRUE", Some("true")),
        (Kind::Text, "web|dns", None),
        (Kind::Text, "web|null", None),
        (Kind::Text, "web|!null", None),
        (Kind::Text, "null", None),
        (Kind::Text, "w*", None),
        (Kind::Text, "!web", None),
        (Kind::Text, "web..web", None),
    ] {
        assert_eq!(Expression::read(kind, text).unwrap().exact(), exact, "{text}");
    }
}

#[test]
fn faults_are_told_apart() {
    for text in ["", "|", "a|", ",", "a,", ",a", "!", "<", ">=", "!<", "..", "a..", "..a"] {
        assert_eq!(Expression::read(Kind::Text, text).unwrap_err(), Malformed::Incomplete, "{text}");
    }
    for text in ["\"", "{", "}", "{{}", "a!", "!!a", "a<", "<a*", "<<a", "a..b..c", "a*..b", "<null", "!a!b"] {
        let error = Expression::read(Kind::Text, text).unwrap_err();
        assert!(matches!(error, Malformed::Invalid(_)), "{text}: {error:?}");
    }
}
