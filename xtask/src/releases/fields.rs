//! Bodies: which there are, and the members of each.

use crate::class::Class;
use crate::difference::{Body, Meeting, Pair, Row, Sides, Step, Walk};
use crate::document::join;
use crate::finding::Finding;
use crate::openapi::{Document, Field, Kind, Schema, Way};
use crate::rule::Rule;

use super::{Ledger, Rules, Side, Spot, type_of};

/// How many counterparts of an object are gone through. A page prints two or three versions of one object. Without an end,
/// two files that are made for it would have each object meet each.
const COUNTERPARTS: usize = 16;

/// A body of an operation, for the names and places in it.
#[derive(Clone, Copy)]
struct Inside<'p, 'a> {
    pair: &'p Pair<'a>,
    body: Body,
}

impl<'a> Ledger<'a> {
    pub(super) fn body(&mut self, pair: &Pair<'a>, body: Body) {
        let (before, after) = (body.kind(pair.from), body.kind(pair.to));
        let pointers = (join(&body.pointer(pair.from), "content"), join(&body.pointer(pair.to), "content"));
        let spot = Spot { operation: pair.key, subject: body.name(), from: &pointers.0, to: &pointers.1 };
        match (before, after) {
            (None, None) => {}
            (Some(before), Some(after)) => match (self.from.object(before), self.to.object(after)) {
                (Some(old), Some(new)) if same_shape(before, after) => self.inside(Inside { pair, body }, old, new),
                _ if before == after => {}
                _ => {
                    let values = (type_of(self.from, before), type_of(self.to, after));
                    self.change(spot, Class::Breaking, Rule::FieldType, Some(values.0), Some(values.1));
                }
            },
            // Every error has a body: a page that shows none has left it out.
            (before, _) if body == Body::Error => {
                self.left_out(spot, Rule::TableMissing, Side::present(before.is_some()))
            }
            (Some(before), None) => {
                let rule = if body == Body::Request { Rule::RequestRemoved } else { Rule::ResponseRemoved };
                self.change(spot, Class::Breaking, rule, Some(members(self.from, before)), None);
            }
            (None, Some(after)) => {
                // The reference marks no member of a request as required.
                let rule = if body == Body::Request { Rule::RequestAdded } else { Rule::ResponseAdded };
                self.change(spot, Class::Compatible, rule, None, Some(members(self.to, after)));
            }
        }
    }

    fn inside(&mut self, inside: Inside<'_, 'a>, from: &'a Schema, to: &'a Schema) {
        let way = Some(inside.body.way(inside.pair.key));
        let ways = Sides { from: way, to: way };
        let mut walk = Walk::new((self.from, self.to), ways, COUNTERPARTS, |_: &Schema, _: &Schema| true);
        walk.start(from, to);
        for step in walk {
            match step {
                Step::Met(meeting) => self.meeting(inside, &meeting),
                Step::Unclear(row) => {
                    let (Some(from), Some(to)) = (row.field.from, row.field.to) else { continue };
                    let subject = inside.subject(&row.path);
                    let spot = inside.spot(&subject, &from.pointer, &to.pointer);
                    let note = Some("too many definitions stand where this one does".to_owned());
                    let gap = Finding { note, ..self.finding(spot, Rule::CounterpartUnclear) };
                    self.gaps.push(gap);
                }
            }
        }
    }

    fn meeting(&mut self, inside: Inside<'_, 'a>, meeting: &Meeting<'a>) {
        let Meeting { from, to, path, .. } = meeting;
        let subject = inside.subject(path);
        if !path.is_empty() {
            self.definitions(inside, from, to);
        }
        let pointers = (from.properties(), to.properties());
        if from.fields.is_empty() != to.fields.is_empty() {
            let spot = inside.spot(&subject, &pointers.0, &pointers.1);
            return self.left_out(spot, Rule::TableMissing, Side::present(!from.fields.is_empty()));
        }
        for row in meeting.rows() {
            let subject = inside.subject(&row.path);
            let from = row.field.from.map_or(pointers.0.as_str(), |field| &field.pointer);
            let to = row.field.to.map_or(pointers.1.as_str(), |field| &field.pointer);
            self.field(inside, inside.spot(&subject, from, to), &row);
        }
    }

    fn field(&mut self, inside: Inside<'_, 'a>, spot: Spot<'_>, row: &Row<'a>) {
        let said = |document: &Document, field: &Field| {
            let since = field.said.introduced.as_ref().map(|release| format!(", since {release}")).unwrap_or_default();
            format!("{}{since}", type_of(document, &field.kind))
        };
        let (from, to) = match (row.field.from, row.field.to) {
            (Some(from), Some(to)) => (from, to),
            // ONTAP refuses members of a request that it does not know, and a caller may have counted on one of a response.
            (Some(from), None) => {
                let was = Some(said(self.from, from));
                return self.change(spot, Class::Breaking, Rule::FieldRemoved, was, None);
            }
            (None, Some(to)) => {
                let is = Some(said(self.to, to));
                return self.change(spot, Class::Compatible, Rule::FieldAdded, None, is);
            }
            (None, None) => return,
        };
        self.counts.fields += 1;
        let rules =
            Rules { constraint: Rule::FieldConstraint, introduced: Rule::FieldIntroduced, wording: Rule::FieldWording };
        // A schema that all operations share has the limits of create.
        let key = inside.pair.key;
        let shared = self.from.shares_schemas(key) || self.to.shares_schemas(key);
        if !shared || inside.body.way(key) == Way::Create {
            self.limits(spot, rules.constraint, inside.body.direction(), (&from.limits, &to.limits));
        }
        self.values(spot, rules.constraint, inside.body.direction(), (&from.pointer, &to.pointer));
        self.said(spot, rules, (&from.said, &to.said), (&inside.pair.from.said, &inside.pair.to.said));
        if !same_shape(&from.kind, &to.kind) {
            let values = (type_of(self.from, &from.kind), type_of(self.to, &to.kind));
            self.change(spot, Class::Breaking, Rule::FieldType, Some(values.0), Some(values.1));
        }
    }

    /// Compares the names and sentences of two objects, which do not go over the wire.
    fn definitions(&mut self, inside: Inside<'_, 'a>, from: &Schema, to: &Schema) {
        let (Some(before), Some(after)) = (from.definition(), to.definition()) else { return };
        if before != after {
            let spot = inside.spot(after, &from.pointer, &to.pointer);
            let values = (Some(before.to_owned()), Some(after.to_owned()));
            self.change(spot, Class::Wording, Rule::DefinitionName, values.0, values.1);
        }
        let pointers = (join(&from.pointer, "x-ontap-fingerprint"), join(&to.pointer, "x-ontap-fingerprint"));
        let spot = inside.spot(after, &pointers.0, &pointers.1);
        self.wording(spot, Rule::DefinitionWording, &from.said, &to.said);
    }
}

impl Inside<'_, '_> {
    fn subject(&self, path: &str) -> String {
        let name = self.body.name();
        if path.is_empty() { name.to_owned() } else { format!("{name} {path}") }
    }

    fn spot<'s>(&'s self, subject: &'s str, from: &'s str, to: &'s str) -> Spot<'s> {
        Spot { operation: self.pair.key, subject, from, to }
    }
}

/// Whether two values are the same on the wire, apart from the members of objects.
fn same_shape(from: &Kind, to: &Kind) -> bool {
    match (from, to) {
        (Kind::Array(from), Kind::Array(to)) => same_shape(from, to),
        (Kind::Object(_), Kind::Object(_)) => true,
        (from, to) => from == to,
    }
}

fn members(document: &Document, kind: &Kind) -> String {
    match document.object(kind).map_or(0, |schema| schema.fields.len()) {
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    }
}
