//! Responses, and whether there are bodies. `fields` compares the fields of bodies.

use crate::difference::{Body, Pair, headers};
use crate::document::join;
use crate::finding::Fix;
use crate::openapi::{Document, Kind, Operation, Response, Schema};
use crate::rule::Rule;

use super::{Drift, fixes};

impl<'a> Drift<'a> {
    /// Compares all but the fields, and gives the bodies that stand for the same thing.
    pub(super) fn bodies(&mut self, pair: &Pair<'a>) -> Vec<(Body, &'a Schema, &'a Schema)> {
        let mut alike = vec![self.body(pair, Body::Request, None)];
        if let Some(response) = self.success(pair) {
            alike.push(self.body(pair, Body::Response, Some(response)));
            let said = Body::Response.response(pair.from);
            let around = said.map_or(&pair.from.pointer, |response| &response.pointer);
            let lists = (join(around, "headers"), join(&response.pointer, "headers"));
            headers(said, Some(response), &lists).iter().for_each(|part| self.header(pair, part));
        }
        match (Body::Error.response(pair.from), Body::Error.response(pair.to)) {
            (_, Some(response)) => alike.push(self.body(pair, Body::Error, Some(response))),
            (Some(said), None) => self.missing(pair, "default", said),
            (None, None) => {}
        }
        alike.into_iter().flatten().collect()
    }

    /// Finds the curated response that stands for the first documented 2xx response.
    fn success(&mut self, pair: &Pair<'a>) -> Option<&'a Response> {
        let key = pair.key;
        // The page has one table for all errors; the spec may say more of some.
        let only = |one: &'a Operation, other: &'a Operation| {
            let lone = one.responses.iter();
            lone.filter(|(status, _)| status.starts_with('2') && !other.responses.contains_key(*status))
        };
        let mut others = only(pair.to, pair.from);
        let first = pair.from.success();
        let mut found = first.and_then(|(status, _)| pair.to.responses.get(status));
        for (status, said) in only(pair.from, pair.to) {
            // One status in the place of another is one difference, not two.
            let Some((other, has)) = others.next() else {
                self.missing(pair, status, said);
                continue;
            };
            found = found.or(Some(has));
            let values = (Some(status.clone()), Some(other.clone()));
            let fix = Fix::person("a person has to decide what callers do at this status");
            self.add(Rule::ResponseConstraint, key, &[(key, &said.used)], &has.used, values, fix);
        }
        let from = first.map_or_else(|| pair.from.member("responses"), |(_, said)| said.used.clone());
        for (other, has) in others {
            let (subject, fix) = (format!("{key} {other}"), fixes::removal(&has.used));
            self.add(Rule::ResponseUndocumented, &subject, &[(key, &from)], &has.used, (None, None), fix);
        }
        found
    }

    fn missing(&mut self, pair: &Pair<'a>, status: &str, said: &Response) {
        let subject = format!("{} {status}", pair.key);
        let list = pair.to.member("responses");
        let has_body = filled(self.documented, said.body.as_ref()).is_some();
        let fix = fixes::new_response(self.curated, &list, status, has_body);
        self.add(Rule::ResponseMissing, &subject, &[(pair.key, &said.used)], &list, (None, None), fix);
    }

    fn body(
        &mut self,
        pair: &Pair<'a>,
        body: Body,
        response: Option<&'a Response>,
    ) -> Option<(Body, &'a Schema, &'a Schema)> {
        let said = filled(self.documented, body.kind(pair.from));
        let has = response.map_or(pair.to.request.as_ref(), |response| response.body.as_ref());
        match (said, has) {
            (None, None) => return None,
            // A page can leave the table of an error's fields out; ONTAP has one shape for them all.
            (None, Some(_)) if body == Body::Error => return None,
            (Some(Kind::Object(from)), Some(Kind::Object(to))) => {
                return Some((body, self.documented.schemas.get(from)?, self.curated.schemas.get(to)?));
            }
            _ => {}
        }
        let from = body.pointer(pair.from);
        let (rule, subject, from, at) = match response {
            Some(Response { subject, pointer, .. }) => {
                (Rule::ResponseType, subject.clone(), join(&from, "content"), join(pointer, "content"))
            }
            None => (Rule::OperationType, format!("{} request", pair.key), from, pair.to.member("requestBody")),
        };
        let fix = match said {
            None => fixes::removal(&at),
            Some(_) => Fix::person("a schema has to be chosen for the body"),
        };
        self.add(rule, &subject, &[(pair.key, &from)], &at, (Some(in_words(said)), Some(in_words(has))), fix);
        None
    }
}

/// The body, unless the page leaves out the table of its fields.
fn filled<'k>(documented: &Document, kind: Option<&'k Kind>) -> Option<&'k Kind> {
    kind.filter(|kind| documented.object(kind).is_none_or(|schema| !schema.fields.is_empty()))
}

/// Shows a body in words.
fn in_words(kind: Option<&Kind>) -> String {
    match kind {
        None => "nothing".to_owned(),
        Some(Kind::Object(_)) => "an object".to_owned(),
        Some(kind) => kind.to_string(),
    }
}
