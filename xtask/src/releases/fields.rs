//! Fields: the members of a body on both sides at once, path by path.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::document::join;
use crate::facts::{Definition, Field, Of, definition_name, definition_pointer};

use super::bodies::left_out;
use super::change::{Kind, Subject};
use super::class::Direction;
use super::gap::Absence;
use super::ledger::{Ledger, Spot};
use super::operations::Pair;
use super::pairing::{Row, by_key};
use super::remarks;

/// How many counterparts of a definition are gone through. A page has as many as it prints versions of one object: two
/// or three. Without an end, two files made for it would have each definition meet each.
const COUNTERPARTS: usize = 16;

/// How deep a path is written out. Without an end, the paths of definitions that contain each other would be most of the
/// report.
const DEPTH: usize = 16;

/// A body that both sides have.
pub(super) struct Body<'p, 'a> {
    pub(super) pair: &'p Pair<'a>,
    pub(super) name: &'static str,
    pub(super) direction: Direction,
}

/// The fields of a body or of a definition.
pub(super) struct Table<'a> {
    pub(super) pointer: String,
    pub(super) fields: &'a [Field],
}

/// Two tables that stand for the same object.
struct Meeting<'a> {
    from: Table<'a>,
    to: Table<'a>,
    /// The path of their object; of an object that lies too deep, the definition's key with a `#`.
    path: String,
    depth: usize,
}

/// What is still to be compared, and which definitions have met.
struct Walk<'a> {
    ahead: VecDeque<Meeting<'a>>,
    met: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Body<'_, 'a> {
    /// Compares from the outside in, each two definitions once, under the shortest path that leads to them.
    pub(super) fn compare(&self, ledger: &mut Ledger<'_>, from: Table<'a>, to: Table<'a>) {
        let outside = Meeting { from, to, path: String::new(), depth: 0 };
        let mut walk = Walk { ahead: VecDeque::from([outside]), met: BTreeMap::new() };
        while let Some(meeting) = walk.ahead.pop_front() {
            if let Some(absence) = left_out(meeting.from.fields, meeting.to.fields) {
                let subject = self.subject(&meeting.path);
                ledger.gap(&self.spot(&subject, &meeting.from.pointer, &meeting.to.pointer), absence);
                continue;
            }
            for row in by_key(meeting.from.fields, meeting.to.fields, |field| &field.name) {
                self.row(ledger, &mut walk, &meeting, &row);
            }
        }
    }

    fn row(&self, ledger: &mut Ledger<'_>, walk: &mut Walk<'a>, meeting: &Meeting<'a>, row: &Row<'a, Field>) {
        let pointer = |table: &Table<'_>, side: Option<(usize, &Field)>| match side {
            Some((index, _)) => join(&table.pointer, &index.to_string()),
            None => table.pointer.clone(),
        };
        let (from_pointer, to_pointer) = (pointer(&meeting.from, row.from), pointer(&meeting.to, row.to));
        let Some((_, named)) = row.to.or(row.from) else { return };
        let dot = if meeting.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}{}", meeting.path, named.name);
        let subject = self.subject(&path);
        let spot = self.spot(&subject, &from_pointer, &to_pointer);
        match (row.from, row.to) {
            (Some((_, from)), Some((_, to))) => {
                ledger.counts.fields += 1;
                let since = (self.pair.from.introduced.as_str(), self.pair.to.introduced.as_str());
                let what = (Subject::Field, self.direction);
                remarks::compare(ledger, &spot, what, (&from.into(), &to.into()), since);
                match (&from.r#type.of, &to.r#type.of) {
                    (Of::Definition(before), Of::Definition(after)) if from.r#type.array == to.r#type.array => {
                        let path = if to.r#type.array { format!("{path}[]") } else { path };
                        self.descend(ledger, walk, &spot, (before, after), path, meeting.depth + 1);
                    }
                    _ if from.r#type == to.r#type => {}
                    _ => {
                        let shown = |field: &Field| Some(field.r#type.to_string());
                        ledger.change(&spot, Subject::Field, Kind::Type, shown(from), shown(to));
                    }
                }
            }
            (Some((_, from)), None) => ledger.change(&spot, Subject::Field, Kind::Removed, Some(said(from)), None),
            (None, Some((_, to))) => ledger.change(&spot, Subject::Field, Kind::Added, None, Some(said(to))),
            (None, None) => {}
        }
    }

    /// Follows a field into the definitions that it names.
    fn descend(
        &self,
        ledger: &mut Ledger<'_>,
        walk: &mut Walk<'a>,
        spot: &Spot<'_>,
        (before, after): (&'a str, &'a str),
        path: String,
        depth: usize,
    ) {
        let (from, to) = (self.pair.from.definitions.get(before), self.pair.to.definitions.get(after));
        let (Some(from), Some(to)) = (from, to) else { return };
        let counterparts = walk.met.entry(before).or_default();
        if counterparts.contains(after) {
            return;
        }
        if counterparts.len() == COUNTERPARTS {
            ledger.gap(spot, Absence::Counterpart);
            return;
        }
        counterparts.insert(after);
        self.definitions(ledger, (before, from), (after, to));
        let table = |key: &str, fields| Table { pointer: definition_pointer(&self.pair.pointer, key), fields };
        walk.ahead.push_back(Meeting {
            from: table(before, &from.fields),
            to: table(after, &to.fields),
            path: if depth > DEPTH { format!("#{after}") } else { path },
            depth,
        });
    }

    /// What the reference says of an object as a whole, which is not what goes over the wire.
    fn definitions(&self, ledger: &mut Ledger<'_>, from: (&str, &Definition), to: (&str, &Definition)) {
        let pointer = |key: &str| join(&join(&self.pair.pointer, "definitions"), key);
        let (before, after) = (definition_name(from.0), definition_name(to.0));
        let (from_pointer, to_pointer) = (pointer(from.0), pointer(to.0));
        if before != after {
            let spot = self.spot(after, &from_pointer, &to_pointer);
            let named = |name: &str| Some(name.to_owned());
            ledger.change(&spot, Subject::Definition, Kind::Name, named(before), named(after));
        }
        let (from_pointer, to_pointer) = (join(&from_pointer, "fingerprint"), join(&to_pointer, "fingerprint"));
        let spot = self.spot(after, &from_pointer, &to_pointer);
        remarks::wording(ledger, &spot, Subject::Definition, from.1.fingerprint.as_ref(), to.1.fingerprint.as_ref());
    }

    fn subject(&self, path: &str) -> String {
        if path.is_empty() { self.name.to_owned() } else { format!("{} {path}", self.name) }
    }

    fn spot<'s>(&'s self, subject: &'s str, from: &'s str, to: &'s str) -> Spot<'s> {
        Spot { operation: self.pair.key, subject, from, to }
    }
}

fn said(field: &Field) -> String {
    let since = field.introduced.as_ref().map(|release| format!(", since {release}")).unwrap_or_default();
    format!("{}{since}", field.r#type)
}
