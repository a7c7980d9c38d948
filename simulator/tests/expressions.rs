//! Compares filters and orders with an independent evaluator. The evaluator uses the structure that an expression was
//! generated from, and never parses text. It compares values as lists of numbers.

use std::{collections::BTreeMap, net::IpAddr};

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use crate::{
    properties::check,
    rig::{CERT, KEY, POLICIES, Rig, escaped},
};

/// The kind of a field's values.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    Flag,
    Address,
    Netmask,
    Port,
    Protocol,
    Uuid,
}

const FIELDS: [(&str, Kind); 19] = [
    ("action", Kind::Text),
    ("authentication_method", Kind::Text),
    ("certificate.name", Kind::Text),
    ("certificate.uuid", Kind::Uuid),
    ("enabled", Kind::Flag),
    ("local_endpoint.address", Kind::Address),
    ("local_endpoint.family", Kind::Text),
    ("local_endpoint.netmask", Kind::Netmask),
    ("local_endpoint.port", Kind::Port),
    ("local_identity", Kind::Text),
    ("name", Kind::Text),
    ("protocol", Kind::Protocol),
    ("remote_endpoint.address", Kind::Address),
    ("remote_endpoint.netmask", Kind::Netmask),
    ("remote_endpoint.port", Kind::Port),
    ("remote_identity", Kind::Text),
    ("scope", Kind::Text),
    ("svm.name", Kind::Text),
    ("svm.uuid", Kind::Uuid),
];

const NAMES: [&str; 30] = [
    "a", "b", "ab", "ba", "aa", "aab", "aba", "abb", "bab", "a*", "a|b", "*", "!a", "<a", "a..b", "{a}", "\"a\"", "~",
    "a~", "null", "a,b", "a=b", "a b", "10", "9", "B", "Ab", ".", "}{", "a\"}",
];
const IDENTITIES: [&str; 7] = ["éab", "aab", "b*a", "abab", "null", "a.b", "A"];
const FOUR: [&str; 5] = ["10.0.0.9", "10.0.0.10", "9.255.0.0", "10.0.0.1", "192.0.2.1"];
const SIX: [&str; 4] = ["2001:db8::a", "2001:db8::10", "fe80::1", "::1"];
const PORTS: [&str; 6] = ["9", "10", "9-9", "20", "1", "24"];
const PROTOCOLS: [&str; 6] = ["tcp", "udp", "1", "16", "50", "any"];

/// A policy: values by dotted name.
pub(crate) type Record = BTreeMap<&'static str, String>;

/// Returns a simulator with thirty different policies, and their records in the order of creation.
pub(crate) async fn thirty() -> (Rig, Vec<Record>) {
    let rig = Rig::start().await;
    for (index, name) in NAMES.into_iter().enumerate() {
        let end = |index: usize| {
            let address = if index.is_multiple_of(3) { SIX[index % 4] } else { FOUR[index % 5] };
            let mut end = json!({"address": address, "netmask": (8 + index % 13).to_string()});
            if !index.is_multiple_of(4) {
                end["port"] = PORTS[index % 6].into();
            }
            end
        };
        let mut policy = json!({"name": name, "enabled": index % 3 != 1, "protocol": PROTOCOLS[index % 6]});
        match index % 5 {
            0 => policy["action"] = "bypass".into(),
            1 => policy["certificate"] = json!({"uuid": CERT}),
            2 => policy["certificate"] = json!({"name": "old"}),
            _ => policy["secret_key"] = KEY.into(),
        }
        if index % 4 != 3 {
            policy["svm"] = json!({"name": format!("svm{}", 1 + index % 2)});
        }
        if index % 7 != 0 {
            policy["local_endpoint"] = end(index);
            policy["local_identity"] = IDENTITIES[index % 7].into();
        }
        if index % 7 > 2 && index % 3 != 0 {
            policy["remote_endpoint"] = end(index + 3);
        }
        policy["remote_identity"] = IDENTITIES[(index + 3) % 7].into();
        rig.make(policy).await;
    }
    let list = rig.get(&format!("{POLICIES}?fields=*")).await;
    let record = |record: &Value| {
        let value = |name: &str| match record.pointer(&format!("/{}", name.replace('.', "/")))? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        FIELDS.into_iter().filter_map(|(name, _)| Some((name, value(name)?))).collect()
    };
    let records: Vec<Record> = list.body["records"].as_array().unwrap().iter().map(record).collect();
    assert_eq!(records.len(), NAMES.len());
    (rig, records)
}

/// Returns the position of a value, in any form, among others of its kind.
pub(crate) fn key(kind: Kind, text: &str) -> Vec<u32> {
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
        Kind::Text => text.chars().map(u32::from).collect(),
    }
}

/// A part of an expression, between two `|`.
#[derive(Clone, Debug)]
enum Naive {
    Null,
    Equal(String),
    Like(Vec<String>),
    Compare(&'static str, String),
    Between(String, String),
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

/// Tells whether the text matches the pieces with wildcards in between; tries every way.
fn like(pieces: &[String], text: &str) -> bool {
    let Some(rest) = text.strip_prefix(pieces[0].as_str()) else { return false };
    if pieces.len() == 1 {
        return rest.is_empty();
    }
    (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| like(&pieces[1..], &rest[at..]))
}

/// The way to quote a text.
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
        // One piece for each character, because neither quotes nor braces can hold the whole text.
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

/// Generates a text for a value of this kind, in its normal form or another one.
fn operand(kind: Kind) -> BoxedStrategy<String> {
    let texts = |texts: &[&'static str]| select(texts.to_vec()).prop_map(str::to_owned);
    match kind {
        Kind::Flag => texts(&["true", "false", "True", "FALSE"]).boxed(),
        Kind::Port => prop_oneof![
            (0..25_u16).prop_map(|port| port.to_string()),
            (0..25_u16, 0..10_u16).prop_map(|(first, more)| format!("{first}-{}", first + more)),
        ]
        .boxed(),
        Kind::Address => prop_oneof![
            texts(&FOUR),
            texts(&SIX),
            texts(&["10.0.0.11", "0:0:0:0:0:0:0:1", "2001:DB8::A", "2001:0db8::0010", "fe80::"]),
        ]
        .boxed(),
        Kind::Netmask => {
            prop_oneof![3 => (0..=32_u8).prop_map(|length| length.to_string()), 1 => texts(&["255.255.0.0", "0.0.0.0"])]
                .boxed()
        }
        Kind::Protocol => prop_oneof![(0..60_u8).prop_map(|number| number.to_string()), texts(&PROTOCOLS)].boxed(),
        Kind::Uuid => texts(&[
            "02c9e252-41be-11e9-81d5-00a0986138f7",
            "02C9E252-41BE-11E9-81D5-00A0986138F7",
            "5f0a2f3c-41be-11e9-81d5-00a0986138f7",
            CERT,
        ])
        .boxed(),
        Kind::Text => prop_oneof![
            2 => texts(&NAMES),
            2 => texts(&IDENTITIES),
            1 => texts(&["psk", "pki", "none", "bypass", "esp_transport", "ipv4", "svm", "svm1", "old", "cert"]),
            2 => "[ab]{0,3}",
            2 => "[ab*|,!<>=.{}\" é]{0,4}",
            1 => ".{0,20}",
        ]
        .boxed(),
    }
}

fn part(kind: Kind) -> impl Strategy<Value = (bool, Naive)> {
    let piece = || prop_oneof![3 => "[ab]{0,2}", 1 => "[10é]", 1 => "[ab0-9.*|\"{}:-]{0,2}"];
    let test = prop_oneof![
        1 => Just(Naive::Null),
        4 => operand(kind).prop_map(Naive::Equal),
        3 => prop::collection::vec(piece(), 2..6).prop_map(Naive::Like),
        3 => (select(vec!["<", "<=", ">", ">="]), operand(kind)).prop_map(|(how, text)| Naive::Compare(how, text)),
        2 => (operand(kind), operand(kind)).prop_map(|(first, last)| Naive::Between(first, last)),
    ];
    (any::<bool>(), test)
}

/// A field, and the condition of a filter.
#[derive(Clone, Debug)]
struct Condition {
    field: &'static str,
    kind: Kind,
    parts: Vec<(bool, Naive)>,
    style: Style,
}

impl Condition {
    fn query(&self) -> String {
        let write =
            |(negated, part): &(bool, Naive)| format!("{}{}", if *negated { "!" } else { "" }, part.write(self.style));
        let text = self.parts.iter().map(write).collect::<Vec<_>>().join("|");
        format!("{}={}", self.field, escaped(&text))
    }

    fn admits(&self, record: &Record) -> bool {
        let value = record.get(self.field);
        self.parts.iter().any(|(negated, part)| match (part, value) {
            (Naive::Null, value) => value.is_some() == *negated,
            (_, None) => false,
            (part, Some(value)) => part.holds(self.kind, value) != *negated,
        })
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let texts = vec![("name", Kind::Text), ("local_identity", Kind::Text)];
    prop_oneof![2 => select(FIELDS.to_vec()), 1 => select(texts)].prop_flat_map(|(field, kind)| {
        let styles = select(vec![Style::Plain, Style::Quotes, Style::Braces]);
        (prop::collection::vec(part(kind), 1..4), styles).prop_map(move |(parts, style)| Condition {
            field,
            kind,
            parts,
            style,
        })
    })
}

#[test]
fn filters_agree_with_an_independent_evaluator() {
    check(1000, thirty(), condition(), async |(rig, records), condition| {
        let query = condition.query();
        let expected: Vec<_> =
            records.iter().filter(|record| condition.admits(record)).map(|one| &one["name"]).collect();
        assert_eq!(rig.names(&query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    });
}

fn order() -> impl Strategy<Value = Vec<(&'static str, Kind, &'static str)>> {
    let part = (select(FIELDS.to_vec()), select(vec!["", " asc", " desc", " DESC"]));
    prop::collection::vec(part.prop_map(|((field, kind), way)| (field, kind, way)), 1..5)
}

/// A missing value comes first, and the order of creation decides last.
#[test]
fn orders_agree_with_an_independent_sort_on_all_pages() {
    check(150, thirty(), (order(), 1..12_usize), async |(rig, records), (order, most)| {
        let text: Vec<_> = order.iter().map(|(field, _, way)| format!("{field}{way}")).collect();
        let mut sorted: Vec<_> = records.iter().collect();
        sorted.sort_by(|one, other| {
            let decide = |(field, kind, way): &(&str, Kind, &str)| {
                let rank = |record: &Record| record.get(field).map(|text| key(*kind, text));
                let ordering = rank(one).cmp(&rank(other));
                if way.eq_ignore_ascii_case(" desc") { ordering.reverse() } else { ordering }
            };
            order.iter().map(decide).find(|ordering| ordering.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        let (mut names, mut next) =
            (Vec::new(), Some(format!("{POLICIES}?max_records={most}&order_by={}", escaped(&text.join(",")))));
        while let Some(target) = next {
            let page = rig.get(&target).await;
            assert_eq!(page.status, 200, "{target}: {}", page.text);
            names.extend(page.names());
            next = page.body["_links"]["next"]["href"].as_str().map(str::to_owned);
        }
        assert_eq!(
            names.iter().collect::<Vec<_>>(),
            sorted.iter().map(|one| &one["name"]).collect::<Vec<_>>(),
            "{text:?}"
        );
    });
}
