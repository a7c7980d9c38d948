//! Goes through two documents at once, and takes down each difference.

use serde_json::{Map, Value};
use xtask::class::Class::{self, Breaking, Compatible, Wording};
use xtask::finding::Finding;
use xtask::place::{Source, join};
use xtask::rule::Rule;

use super::directions::{Directions, Reached, flag};
use super::entries::{Keys, Pair, pairs, read, resolved, short};
use super::members::{CLOSED, How, MEDIA_TYPES, Part, how};

const UNTOLD: &str = "the two differ, and the comparison cannot say where";
const REFERENCE: &str = "generators name types after this name";
const BODY: &str = "generators make another type for a response without a body";

/// The two sides of a comparison, either of which may be missing.
type Sides<'v> = [Option<&'v Value>; 2];

const NOTHING: Sides<'_> = [None, None];

pub(super) fn compare(sources: [&Source; 2]) -> Vec<Finding> {
    let documents = sources.map(|source| source.content());
    let mut walk = Walk { sources, documents, reached: Reached::new(documents), found: Vec::new() };
    walk.compare(How::Object(Part::Document, Breaking), &Spot::default(), documents.map(Some));
    walk.found
}

/// A part of both documents, or of one: its name, and its pointers on both sides.
#[derive(Clone, Debug, Default)]
struct Spot {
    subject: String,
    pointers: [String; 2],
    /// The ways of its values.
    directions: Directions,
}

impl Spot {
    /// Gives the spot of the member `key` of a `part`.
    fn member(&self, part: Part, key: &str) -> Self {
        let subject = match (part, how(part, key)) {
            (Part::Document | Part::Paths, _) => key.to_owned(),
            (Part::PathItem, How::Object(Part::Operation, _)) => format!("{} {}", key.to_uppercase(), self.subject),
            (Part::PathItem | Part::Operation, _) => format!("{} {key}", self.subject),
            _ => format!("{}.{key}", self.subject),
        };
        Self {
            subject,
            pointers: self.pointers.each_ref().map(|pointer| join(pointer, key)),
            directions: self.directions,
        }
    }

    /// Gives the spot of an entry; where the entry is missing, the place is the mapping or list.
    fn entry(&self, pair: Pair<'_, '_>) -> Self {
        let name = pair.iter().flatten().next().map_or("", |entry| &entry.name);
        let place = |side: usize| match pair[side] {
            Some(entry) => join(&self.pointers[side], &entry.place),
            None => self.pointers[side].clone(),
        };
        Self {
            subject: format!("{}.{name}", self.subject),
            pointers: [place(0), place(1)],
            directions: self.directions,
        }
    }
}

struct Walk<'a> {
    sources: [&'a Source; 2],
    documents: [&'a Value; 2],
    reached: Reached,
    found: Vec<Finding>,
}

impl Walk<'_> {
    /// Compares in one way, and makes sure that two different sides give a finding.
    fn compare(&mut self, how: How, spot: &Spot, sides: Sides<'_>) {
        if sides[0] == sides[1] {
            return;
        }
        let before = self.found.len();
        self.by(how, spot, sides);
        if self.found.len() == before {
            let (class, note) =
                if sides.iter().all(|side| empty(*side)) { (Wording, None) } else { (Breaking, Some(UNTOLD)) };
            self.add(spot, rule(sides), class, sides, note);
        }
    }

    fn by(&mut self, how: How, spot: &Spot, sides: Sides<'_>) {
        let [from, to] = sides;
        let class = match how {
            How::Object(part, added) => return self.object(part, added, spot, sides),
            How::Input(part) => {
                let item = to.and_then(|item| resolved(self.documents[1], item).as_object());
                let needed = item.is_some_and(|item| flag(item, "required"));
                return self.object(part, if needed { Breaking } else { Compatible }, spot, sides);
            }
            How::Each(keys, item, reordered) => return self.each(keys, *item, reordered, spot, sides),
            How::Choice if !sides.iter().any(|side| empty(*side)) => {
                return self.each(Keys::Values, How::Item(Compatible, Breaking), Wording, spot, sides);
            }
            How::Bodies if from.is_some() => return self.by(MEDIA_TYPES, spot, sides),
            How::Bodies => return self.add(spot, Rule::Added, Breaking, NOTHING, Some(BODY)),
            How::Demanded => return self.add(spot, rule(sides), spot.directions.demand(from.is_none()), NOTHING, None),
            How::Item(added, removed) => {
                return self.add(spot, rule(sides), if from.is_none() { added } else { removed }, NOTHING, None);
            }
            How::Value { added, changed, removed, note } => {
                let class = match sides {
                    [None, _] => added,
                    [_, None] => removed,
                    _ => changed,
                };
                return self.add(spot, rule(sides), class, sides, note);
            }
            How::Choice => Breaking,
            How::Limit => spot.directions.limit(spot.pointers[1].rsplit('/').next().unwrap_or_default(), from, to),
            // A missing value is a no.
            How::Demand(of_sender) => match sides.map(|side| side.map_or(Some(false), Value::as_bool)) {
                [Some(before), Some(now)] if before == now => Wording,
                [Some(_), Some(now)] => spot.directions.demand(now == of_sender),
                _ => Breaking,
            },
        };
        self.add(spot, rule(sides), class, sides, None);
    }

    fn object(&mut self, part: Part, added: Class, spot: &Spot, sides: Sides<'_>) {
        match sides {
            [Some(Value::Object(from)), Some(Value::Object(to))] => self.members(part, spot, from, to),
            [None, Some(Value::Object(_))] => self.add(spot, Rule::Added, added, NOTHING, None),
            [Some(Value::Object(_)), None] => self.add(spot, Rule::Removed, Breaking, NOTHING, None),
            _ => self.add(spot, rule(sides), Breaking, sides, None),
        }
    }

    fn members(&mut self, part: Part, spot: &Spot, from: &Map<String, Value>, to: &Map<String, Value>) {
        let names = [from.get("$ref"), to.get("$ref")];
        if names[0] != names[1] {
            return self.add(spot, Rule::Changed, Breaking, names, Some(REFERENCE));
        }
        let directions = match part {
            Part::Parameter | Part::RequestBody => Directions::REQUEST,
            Part::Response | Part::Header => Directions::RESPONSE,
            Part::Schema => self.reached.directions(&spot.pointers[1]).unwrap_or(spot.directions).within(from, to),
            _ => spot.directions,
        };
        let spot = Spot { directions, ..spot.clone() };
        let closed = part == Part::Schema && from.get("additionalProperties") == Some(&Value::Bool(false));
        for key in from.keys().chain(to.keys().filter(|key| !from.contains_key(*key))) {
            let how = if closed && key == "properties" { CLOSED } else { how(part, key) };
            self.compare(how, &spot.member(part, key), [from.get(key), to.get(key)]);
        }
    }

    fn each(&mut self, keys: Keys, item: How, reordered: Class, spot: &Spot, sides: Sides<'_>) {
        let [Some(from), Some(to)] = [0, 1].map(|side| read(keys, self.documents[side], sides[side])) else {
            return self.add(spot, rule(sides), Breaking, sides, None);
        };
        let pairs = pairs(&from, &to);
        for pair in &pairs {
            self.compare(item, &spot.entry(*pair), pair.map(|entry| entry.map(|entry| entry.value)));
        }
        // The order of a mapping says nothing.
        let positions = pairs.iter().filter_map(|[from, to]| from.and(*to)).map(|entry| entry.position);
        if keys != Keys::Names && !positions.is_sorted() {
            self.add(spot, Rule::Reordered, reordered, NOTHING, None);
        }
    }

    fn add(&mut self, spot: &Spot, rule: Rule, class: Class, sides: Sides<'_>, note: Option<&str>) {
        let [from, to] = sides.map(|side| side.filter(|_| class != Wording).map(short).filter(|text| !text.is_empty()));
        self.found.push(Finding {
            class: Some(class),
            from,
            to,
            from_at: vec![self.sources[0].at(&spot.pointers[0])],
            to_at: vec![self.sources[1].at(&spot.pointers[1])],
            note: note.map(str::to_owned),
            ..Finding::new(rule, &spot.subject)
        });
    }
}

fn rule(sides: Sides<'_>) -> Rule {
    match sides {
        [None, _] => Rule::Added,
        [_, None] => Rule::Removed,
        _ => Rule::Changed,
    }
}

/// Whether the side is missing, or as good as missing.
fn empty(side: Option<&Value>) -> bool {
    match side {
        None => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    }
}
