//! Requests and responses: statuses, headers, and whether there is a body. `fields` compares the fields of bodies.

use crate::difference::{Body, Pair, headers};
use crate::document::join;
use crate::finding::Fix;
use crate::openapi::{Document, Kind, Operation, Response};
use crate::rule::Rule;

use super::fields::Tables;
use super::wording::Kind as Worded;
use super::{Drift, Values, fixes};

impl<'a> Drift<'a> {
    /// Compares all but the fields, and takes down which bodies stand for the same thing.
    pub(super) fn bodies(&mut self, pair: &Pair<'a>, tables: &mut Tables<'a>) {
        self.body(pair, Body::Request, None, tables);
        if let Some(response) = self.success(pair) {
            self.body(pair, Body::Response, Some(response), tables);
            self.headers(pair, response);
        }
        match (Body::Error.response(pair.from), Body::Error.response(pair.to)) {
            (_, Some(response)) => self.body(pair, Body::Error, Some(response), tables),
            (Some(said), None) => self.missing(pair, "default", said),
            (None, None) => {}
        }
        tables.titles(pair);
    }

    /// Finds the curated response that stands for the first documented 2xx response.
    fn success(&mut self, pair: &Pair<'a>) -> Option<&'a Response> {
        let key = pair.key;
        // The page has one table for all errors; the spec may say more of some.
        let only = |one: &'a Operation, other: &Operation| {
            let lone = one
                .responses
                .iter()
                .filter(|(status, _)| status.starts_with('2') && !other.responses.contains_key(*status));
            lone.collect::<Vec<_>>().into_iter()
        };
        let mut others = only(pair.to, pair.from);
        let first = pair.from.success().map(|(status, _)| status);
        let mut found = first.and_then(|status| pair.to.responses.get(status));
        for (status, said) in only(pair.from, pair.to) {
            // One status in the place of another is one difference, not two.
            let Some((other, has)) = others.next() else {
                self.missing(pair, status, said);
                continue;
            };
            found = found.or(Some(has));
            let values = Values::new(status.clone(), other.clone());
            let fix = Fix::person("what callers make of a status is for a person to think through");
            self.add(Rule::ResponseConstraint, key, key, (&said.used, &has.used), values, fix);
        }
        let from = pair.from.success().map_or_else(|| pair.from.member("responses"), |(_, said)| said.used.clone());
        for (other, has) in others {
            let subject = format!("{key} {other}");
            let rule = Rule::ResponseUndocumented;
            self.add(rule, key, &subject, (&from, &has.used), Values::none(), fixes::removal(&has.used));
        }
        found
    }

    fn missing(&mut self, pair: &Pair<'a>, status: &str, said: &Response) {
        let subject = format!("{} {status}", pair.key);
        let list = pair.to.member("responses");
        let has_body = filled(self.documented, said.body.as_ref()).is_some();
        let fix = fixes::new_response(self.curated, &list, status, has_body);
        self.add(Rule::ResponseMissing, pair.key, &subject, (&said.used, &list), Values::none(), fix);
    }

    fn body(&mut self, pair: &Pair<'a>, body: Body, response: Option<&'a Response>, tables: &mut Tables<'a>) {
        let said = filled(self.documented, body.kind(pair.from));
        let has = match response {
            Some(response) => response.body.as_ref(),
            None => pair.to.request.as_ref(),
        };
        let (documented, curated) = match (said, has) {
            (None, None) => return,
            // A page can leave the table of an error's fields out; ONTAP has one shape for them all.
            (None, Some(_)) if body == Body::Error => return,
            (Some(Kind::Object(from)), Some(Kind::Object(to))) => return tables.root(body, from, to),
            (said, has) => (in_words(said), in_words(has)),
        };
        let content = |pointer: &str| join(pointer, "content");
        let (rule, subject, at) = match response {
            Some(response) => (Rule::ResponseType, response.subject.clone(), content(&response.pointer)),
            None => (Rule::OperationType, format!("{} request", pair.key), pair.to.member("requestBody")),
        };
        let fix = match said {
            None => fixes::removal(&at),
            Some(_) => Fix::person("a schema has to be chosen for the body"),
        };
        let from = body.pointer(pair.from);
        let from = if response.is_some() { content(&from) } else { from };
        self.add(rule, pair.key, &subject, (&from, &at), Values::new(documented, curated), fix);
    }

    fn headers(&mut self, pair: &Pair<'a>, response: &'a Response) {
        let (documented, curated) = (self.documented, self.curated);
        let said = Body::Response.response(pair.from);
        let list = join(&body_pointer(said, &pair.from.pointer), "headers");
        let curated_list = join(&response.pointer, "headers");
        for (name, sides) in headers(said, Some(response)) {
            let subject = format!("{} {name}", pair.key);
            let mut add = |rule, pointers, values, fix| self.add(rule, pair.key, &subject, pointers, values, fix);
            match (sides.from, sides.to) {
                (Some(from), None) => {
                    let fix = fixes::new_header(curated, &curated_list, name, documented.value(&from.used));
                    let values = Values::new(from.kind.to_string(), None);
                    add(Rule::HeaderMissing, (&from.used, &curated_list), values, fix);
                }
                (None, Some(to)) => {
                    let values = Values::new(None, to.kind.to_string());
                    add(Rule::HeaderUndocumented, (&list, &to.used), values, fixes::removal(&to.used));
                }
                (Some(from), Some(to)) => {
                    if from.kind != to.kind {
                        let values = Values::new(from.kind.to_string(), to.kind.to_string());
                        let fix = fixes::retyped_scalar(curated, &to.schema, &from.kind);
                        add(Rule::HeaderType, (&from.used, &to.used), values, fix);
                    }
                    let has = (pair.key, curated.at(&to.used));
                    self.sentences.add(Worded::Headers, &subject, has, (&from.said, documented.at(&from.used)));
                }
                (None, None) => {}
            }
        }
    }
}

fn body_pointer(response: Option<&Response>, otherwise: &str) -> String {
    response.map_or_else(|| otherwise.to_owned(), |response| response.pointer.clone())
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
