//! Bodies: which there are, and the objects in each.

use crate::class::Class;
use crate::difference::{Body, Meeting, Pair, Sides, Step, Walk};
use crate::document::join;
use crate::finding::Finding;
use crate::openapi::{Document, Kind, Schema};
use crate::rule::Rule;

use super::{Collector, same_shape, type_of};

/// How many counterparts of an object are gone through. A page prints two or three versions of one object. Without an end,
/// two files that are made for it would have each object meet each.
const COUNTERPARTS: usize = 16;

impl<'a> Collector<'a> {
    pub(super) fn body(&mut self, pair: &Pair<'a>, body: Body) {
        let (before, after) = (body.kind(pair.from), body.kind(pair.to));
        let at = (join(&body.pointer(pair.from), "content"), join(&body.pointer(pair.to), "content"));
        let spot = pair.spot(body.name(), &at);
        match (before, after) {
            (None, None) => {}
            (Some(before), Some(after)) => match (self.from.object(before), self.to.object(after)) {
                (Some(old), Some(new)) if same_shape(before, after) => self.inside(pair, body, old, new),
                _ if before == after => {}
                _ => {
                    let types = (Some(type_of(self.from, before)), Some(type_of(self.to, after)));
                    self.change(spot, Class::Breaking, Rule::FieldType, types);
                }
            },
            // Every error has a body: a page that shows none has left it out.
            (before, _) if body == Body::Error => self.left_out(spot, Rule::TableMissing, before.is_some()),
            (before, after) => {
                let members = |document, kind: Option<&Kind>| kind.map(|kind| members(document, kind));
                let values = (members(self.from, before), members(self.to, after));
                // The reference marks no member of a request as required.
                let (class, how) =
                    if after.is_some() { (Class::Compatible, "added") } else { (Class::Breaking, "removed") };
                self.change(spot, class, Rule::of(body.name(), how), values);
            }
        }
    }

    fn inside(&mut self, pair: &Pair<'a>, body: Body, from: &'a Schema, to: &'a Schema) {
        let way = Some(body.way(pair.key));
        let ways = Sides { from: way, to: way };
        let mut walk = Walk::new((self.from, self.to), ways, COUNTERPARTS, |_: &Schema, _: &Schema| true);
        walk.start(from, to);
        for step in walk {
            match step {
                Step::Met(meeting) => self.meeting(pair, body, &meeting),
                Step::Unclear(row) => {
                    let subject = format!("{} {}", body.name(), row.name);
                    let note = Some("too many definitions stand where this one does".to_owned());
                    let gap = self.finding(pair.spot(&subject, &row.at), Rule::CounterpartUnclear);
                    self.gaps.push(Finding { note, ..gap });
                }
            }
        }
    }

    fn meeting(&mut self, pair: &Pair<'a>, body: Body, meeting: &Meeting<'a>) {
        let Meeting { from, to, path, .. } = meeting;
        if !path.is_empty() {
            self.definitions(pair, from, to);
        }
        if from.fields.is_empty() != to.fields.is_empty() {
            let subject = format!("{} {path}", body.name());
            let at = (from.properties(), to.properties());
            let spot = pair.spot(subject.trim_end(), &at);
            return self.left_out(spot, Rule::TableMissing, !from.fields.is_empty());
        }
        for mut row in meeting.rows() {
            row.name = format!("{} {}", body.name(), row.name);
            self.part(pair, &row, body.way(pair.key));
        }
    }

    /// Compares the names and sentences of two objects, which do not go over the wire.
    fn definitions(&mut self, pair: &Pair<'a>, from: &Schema, to: &Schema) {
        let (Some(before), Some(after)) = (from.definition(), to.definition()) else { return };
        let at = (from.pointer.clone(), to.pointer.clone());
        let names = (Some(before.to_owned()), Some(after.to_owned()));
        self.differ(pair.spot(after, &at), Class::Wording, Rule::DefinitionName, names);
        let at = (join(&at.0, "x-ontap-fingerprint"), join(&at.1, "x-ontap-fingerprint"));
        self.wording(pair.spot(after, &at), Rule::DefinitionWording, &from.said, &to.said);
    }
}

fn members(document: &Document, kind: &Kind) -> String {
    match document.object(kind).map_or(0, |schema| schema.fields.len()) {
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    }
}
