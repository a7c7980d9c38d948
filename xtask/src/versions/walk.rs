//! Goes through two documents at once, and takes down each difference.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::changelist::Class::{self, Breaking, Compatible, Wording};
use crate::changelist::{Direction, limits};
use crate::document::join;
use crate::place::Source;

use super::change::{Change, Kind};
use super::members;
use super::rows;
use super::rule::{Effects, Part, Rule};
use super::sets;
use super::travels::{Reached, Travels};

/// How long a value may be to be shown.
const SHOWN: usize = 80;

const UNTOLD: &str = "the two are not the same, and the comparison cannot tell in what";
const REFERENCE: &str = "generators make types of what has a name, under this name";

pub(super) fn compare(from: &Source, to: &Source) -> Vec<Change> {
    let values = [&from.document.value, &to.document.value];
    let mut walk = Walk { from, to, reached: Reached::new(values), changes: Vec::new() };
    walk.compare(Rule::Object(Part::Document, Breaking), &Spot::default(), Some(values[0]), Some(values[1]));
    walk.changes
}

/// A part of both documents, or of one: what it is called, and its pointers on both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Spot {
    pub(super) subject: String,
    pub(super) from: String,
    pub(super) to: String,
    /// Which way its values go.
    travels: Travels,
}

impl Spot {
    /// The member `key` of a `part` that is here.
    fn member(&self, part: Part, key: &str) -> Self {
        let subject = match part {
            Part::Document | Part::Paths => key.to_owned(),
            Part::PathItem => match members::rule(part, key) {
                Rule::Object(Part::Operation, _) => format!("{} {}", key.to_uppercase(), self.subject),
                _ => format!("{} {key}", self.subject),
            },
            Part::Operation => format!("{} {key}", self.subject),
            _ => format!("{}.{key}", self.subject),
        };
        Self { subject, from: join(&self.from, key), to: join(&self.to, key), travels: self.travels }
    }

    /// The entry `name`, which has one place in each of two collections, or the collection as its place if it is missing
    /// there.
    fn entry(&self, name: &str, from: Option<&str>, to: Option<&str>) -> Self {
        let place = |pointer: &str, key: Option<&str>| key.map_or_else(|| pointer.to_owned(), |key| join(pointer, key));
        Self {
            subject: format!("{}.{name}", self.subject),
            from: place(&self.from, from),
            to: place(&self.to, to),
            travels: self.travels,
        }
    }
}

struct Walk<'a> {
    from: &'a Source,
    to: &'a Source,
    reached: Reached,
    changes: Vec<Change>,
}

/// A side of a comparison, or nothing if it is missing there.
type Side<'v> = Option<&'v Value>;

impl Walk<'_> {
    /// Compares by a rule. Whatever that does: two sides that are not the same are never passed over.
    fn compare(&mut self, rule: Rule, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        if from == to {
            return;
        }
        let before = self.changes.len();
        self.by_rule(rule, spot, from, to);
        if self.changes.len() == before {
            let (class, note) = if empty(from) && empty(to) { (Wording, None) } else { (Breaking, Some(UNTOLD)) };
            self.noted(spot, kind(from, to), class, (from, to), note);
        }
    }

    fn by_rule(&mut self, rule: Rule, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        match rule {
            Rule::Value(effects) => self.value(&effects, spot, from, to),
            Rule::Object(part, added) => self.object(part, added, spot, from, to),
            Rule::Named(part, added) => self.named(part, added, spot, from, to),
            Rule::Examples => self.examples(spot, from, to),
            Rule::Rows(part, added, reordered) => self.rows(part, added, reordered, spot, from, to),
            Rule::Positions(part, added) => self.positions(part, added, spot, from, to),
            Rule::Set(added, removed) => self.set((added, removed), spot, from, to),
            Rule::Enumeration if from.is_some() && to.is_some() => self.set((Compatible, Breaking), spot, from, to),
            Rule::Enumeration => self.change(spot, kind(from, to), Breaking, from, to),
            Rule::Security => match (list(from), list(to)) {
                (Some([_, ..]), Some([_, ..])) => self.set((Compatible, Breaking), spot, from, to),
                _ => self.change(spot, kind(from, to), Breaking, from, to),
            },
            Rule::Limit => {
                let name = spot.to.rsplit('/').next().unwrap_or_default();
                let class = spot.travels.gravest(|direction| limits::constraint(direction, name, from, to));
                self.change(spot, kind(from, to), class, from, to);
            }
            Rule::Nullable => self.demand(spot, from, to, |now, direction| match direction {
                // Null may be sent, or may come back.
                Direction::Request => !now,
                Direction::Response => now,
            }),
            Rule::Required => self.demand(spot, from, to, |now, direction| match direction {
                Direction::Request => now,
                Direction::Response => !now,
            }),
            Rule::RequiredProperties => {
                let (sent, returned) = ((Breaking, Compatible), (Compatible, Breaking));
                let of = |direction| if direction == Direction::Request { sent } else { returned };
                let added = spot.travels.gravest(|direction| of(direction).0);
                let removed = spot.travels.gravest(|direction| of(direction).1);
                self.set((added, removed), spot, from, to);
            }
            Rule::AdditionalProperties => match (from, to) {
                (Some(Value::Object(_)), Some(Value::Object(_))) => {
                    self.object(Part::Schema, Breaking, spot, from, to);
                }
                _ => self.change(spot, kind(from, to), Breaking, from, to),
            },
            Rule::Bodies if from.is_some() => self.named(Part::MediaType, Compatible, spot, from, to),
            Rule::Bodies => {
                let note = "generators make another type of an answer that has no body";
                self.noted(spot, Kind::Added, Breaking, (None, None), Some(note));
            }
        }
    }

    fn value(&mut self, effects: &Effects, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        let kind = kind(from, to);
        let class = match kind {
            Kind::Added => effects.added,
            Kind::Removed => effects.removed,
            Kind::Changed | Kind::Reordered => effects.changed,
        };
        self.noted(spot, kind, class, (from, to), effects.note);
    }

    /// A yes or no, which is no where it is not said; `breaks` tells whether what is new breaks what goes that way.
    fn demand(&mut self, spot: &Spot, from: Side<'_>, to: Side<'_>, breaks: impl Fn(bool, Direction) -> bool) {
        let said = |side: Side<'_>| side.map_or(Some(false), Value::as_bool);
        let class = match (said(from), said(to)) {
            (Some(before), Some(now)) if before == now => Wording,
            (Some(_), Some(now)) => {
                spot.travels.gravest(|direction| if breaks(now, direction) { Breaking } else { Compatible })
            }
            _ => Breaking,
        };
        self.change(spot, kind(from, to), class, from, to);
    }

    fn object(&mut self, part: Part, added: Class, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        match (from, to) {
            (Some(Value::Object(before)), Some(Value::Object(now))) => self.members(part, spot, before, now),
            (None, Some(now @ Value::Object(_))) => {
                self.change(spot, Kind::Added, self.coming(part, added, now), None, None);
            }
            (Some(_), None) => self.change(spot, Kind::Removed, Breaking, None, None),
            _ => self.change(spot, kind(from, to), Breaking, from, to),
        }
    }

    fn members(&mut self, part: Part, spot: &Spot, from: &Map<String, Value>, to: &Map<String, Value>) {
        let names = (from.get("$ref"), to.get("$ref"));
        if names.0 != names.1 {
            return self.noted(spot, Kind::Changed, Breaking, names, Some(REFERENCE));
        }
        let travels = match part {
            Part::Parameter | Part::RequestBody => Travels::REQUEST,
            Part::Response | Part::Header => Travels::RESPONSE,
            Part::Schema => self.reached.travels(&spot.to).unwrap_or(spot.travels).within(from, to),
            _ => spot.travels,
        };
        let spot = Spot { travels, ..spot.clone() };
        // Whoever reads such an object strictly takes nothing more in it.
        let closed = part == Part::Schema && from.get("additionalProperties") == Some(&Value::Bool(false));
        for key in keys(from, to) {
            let rule = match members::rule(part, key) {
                Rule::Named(Part::Schema, _) if closed => Rule::Named(Part::Schema, Breaking),
                rule => rule,
            };
            self.compare(rule, &spot.member(part, key), from.get(key), to.get(key));
        }
    }

    fn named(&mut self, part: Part, added: Class, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        let (Some(before), Some(now)) = (map(from), map(to)) else {
            return self.change(spot, kind(from, to), Breaking, from, to);
        };
        for key in keys(&before, &now) {
            let spot = spot.entry(key, Some(key), Some(key));
            match (before.get(key), now.get(key)) {
                // By itself a component does nothing, also one that something new requires.
                (None, Some(Value::Object(_))) => self.change(&spot, Kind::Added, added, None, None),
                (from, to) => self.compare(Rule::Object(part, added), &spot, from, to),
            }
        }
    }

    fn examples(&mut self, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        let (Some(before), Some(now)) = (map(from), map(to)) else {
            return self.change(spot, kind(from, to), Wording, None, None);
        };
        for key in keys(&before, &now) {
            let (from, to) = (before.get(key), now.get(key));
            if from != to {
                self.change(&spot.entry(key, Some(key), Some(key)), kind(from, to), Wording, None, None);
            }
        }
    }

    fn rows(&mut self, part: Part, added: Class, reordered: Class, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        let (before, now) = (list(from), list(to));
        let before = before.and_then(|items| rows::read(part, &self.from.document.value, items));
        let now = now.and_then(|items| rows::read(part, &self.to.document.value, items));
        let (Some(before), Some(now)) = (before, now) else {
            return self.change(spot, kind(from, to), Breaking, None, None);
        };
        for pair in rows::pairs(&before, &now) {
            let index = |row: Option<&rows::Row<'_>>| row.map(|row| row.index.to_string());
            let (places, name) = ((index(pair.from), index(pair.to)), pair.name());
            let spot = spot.entry(name, places.0.as_deref(), places.1.as_deref());
            self.compare(
                Rule::Object(part, added),
                &spot,
                pair.from.map(|row| row.value),
                pair.to.map(|row| row.value),
            );
        }
        if rows::reordered(&before, &now) {
            self.change(spot, Kind::Reordered, reordered, None, None);
        }
    }

    fn positions(&mut self, part: Part, added: Class, spot: &Spot, from: Side<'_>, to: Side<'_>) {
        let (Some(before), Some(now)) = (list(from), list(to)) else {
            return self.change(spot, kind(from, to), Breaking, from, to);
        };
        for index in 0..before.len().max(now.len()) {
            let (from, to, index) = (before.get(index), now.get(index), index.to_string());
            let spot = spot.entry(&index, from.map(|_| index.as_str()), to.map(|_| index.as_str()));
            self.compare(Rule::Object(part, added), &spot, from, to);
        }
    }

    fn set(&mut self, (added, removed): (Class, Class), spot: &Spot, from: Side<'_>, to: Side<'_>) {
        let (Some(before), Some(now)) = (list(from), list(to)) else {
            return self.change(spot, kind(from, to), Breaking, from, to);
        };
        for (index, item) in sets::without(before, now) {
            let spot = spot.entry(&short(item), Some(&index.to_string()), None);
            self.change(&spot, Kind::Removed, removed, None, None);
        }
        for (index, item) in sets::without(now, before) {
            let spot = spot.entry(&short(item), None, Some(&index.to_string()));
            self.change(&spot, Kind::Added, added, None, None);
        }
        if sets::reordered(before, now) {
            self.change(spot, Kind::Reordered, Wording, None, None);
        }
    }

    /// What it means that an item comes: one that has to be given breaks the calls without it.
    fn coming(&self, part: Part, added: Class, item: &Value) -> Class {
        let item = rows::resolved(&self.to.document.value, item);
        let needed = item.get("required") == Some(&Value::Bool(true));
        if needed && matches!(part, Part::Parameter | Part::RequestBody) { Breaking } else { added }
    }

    fn change(&mut self, spot: &Spot, kind: Kind, class: Class, from: Side<'_>, to: Side<'_>) {
        self.noted(spot, kind, class, (from, to), None);
    }

    fn noted(
        &mut self,
        spot: &Spot,
        kind: Kind,
        class: Class,
        (from, to): (Side<'_>, Side<'_>),
        note: Option<&'static str>,
    ) {
        let shown = |side: Side<'_>| side.filter(|_| class != Wording).map(short).filter(|text| !text.is_empty());
        self.changes.push(Change {
            class,
            kind,
            subject: spot.subject.clone(),
            from: shown(from),
            to: shown(to),
            from_at: self.from.at(&spot.from),
            to_at: self.to.at(&spot.to),
            note,
        });
    }
}

fn kind(from: Side<'_>, to: Side<'_>) -> Kind {
    match (from, to) {
        (None, _) => Kind::Added,
        (_, None) => Kind::Removed,
        _ => Kind::Changed,
    }
}

/// The keys of both, in the order of the first, and then of the second.
fn keys<'v>(from: &'v Map<String, Value>, to: &'v Map<String, Value>) -> impl Iterator<Item = &'v String> {
    from.keys().chain(to.keys().filter(|key| !from.contains_key(*key)))
}

/// The side as a list, which is empty where it is missing; nothing if it is something else.
fn list(side: Side<'_>) -> Option<&[Value]> {
    side.map_or(Some(&[]), |value| value.as_array().map(Vec::as_slice))
}

/// The side as a mapping, which is empty where it is missing; nothing if it is something else.
fn map(side: Side<'_>) -> Option<Cow<'_, Map<String, Value>>> {
    match side {
        None => Some(Cow::Owned(Map::new())),
        Some(value) => value.as_object().map(Cow::Borrowed),
    }
}

/// Whether there is nothing in it, so that it may as well be missing.
fn empty(side: Side<'_>) -> bool {
    match side {
        None => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    }
}

/// The value in a few words, or not at all if it is long.
fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() > SHOWN { String::new() } else { text }
}
