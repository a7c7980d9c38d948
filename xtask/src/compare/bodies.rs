//! Requests and responses: statuses, headers, and whether there is a body. What is in a body is for `fields`.

use crate::document::join;
use crate::facts::{self, Documented};
use crate::finding::{Finding, Fix};
use crate::place::At;
use crate::rule::Rule;
use crate::spec::{Kind, Response, Spec};
use crate::wording::Kind as Worded;

use super::fields::Table;
use super::fixes::{new_header, new_response, removal, retyped_scalar};
use super::sentences::Sentences;
use super::{Pair, finding, is_scalar, shown, type_name};

/// The findings, and the schemas of the bodies with the tables that document them.
pub(super) fn compare<'a>(
    documented: &'a Documented,
    spec: &'a Spec,
    pairs: &[Pair<'a>],
    sentences: &mut Sentences,
) -> (Vec<Finding>, Vec<(String, Table<'a>)>) {
    let mut bodies = Bodies { documented, spec, sentences, findings: Vec::new(), roots: Vec::new() };
    for pair in pairs {
        bodies.request(pair);
        bodies.success(pair);
        bodies.error(pair);
    }
    (bodies.findings, bodies.roots)
}

struct Bodies<'a, 's> {
    documented: &'a Documented,
    spec: &'a Spec,
    sentences: &'s mut Sentences,
    findings: Vec<Finding>,
    roots: Vec<(String, Table<'a>)>,
}

impl<'a> Bodies<'a, '_> {
    fn request(&mut self, pair: &Pair<'a>) {
        let fields = pair.documented.request.as_deref().unwrap_or_default();
        let subject = format!("{} request", pair.key);
        match &pair.curated.request {
            Some((kind, at)) => self.body(pair, Part::Request, subject, fields, Some(kind), at),
            None => self.body(pair, Part::Request, subject, fields, None, &pair.curated.at),
        }
    }

    fn success(&mut self, pair: &Pair<'a>) {
        let responses = &pair.curated.responses;
        let status = pair.documented.status.to_string();
        // The page has one table for all errors; the spec may say more of some.
        let is_other = |other: &&String| **other != status && other.starts_with('2');
        let mut others: Vec<&String> = responses.keys().filter(is_other).collect();
        let documented_at = self.documented.at(&join(&pair.pointer, "status"));
        let mut found = responses.get(&status);
        if found.is_none() {
            // One status in the place of another is one difference, not two.
            if !others.is_empty() {
                let other = others.remove(0);
                found = responses.get(other);
                let at = found.map_or(&pair.curated.responses_at, |response| &response.at);
                let mut change = finding(Rule::ResponseConstraint, pair.key, pair.key, at, documented_at.clone());
                change.documented = Some(status.clone());
                change.curated = Some(other.clone());
                change.fix = Fix::person("what callers make of a status is for a person to think through");
                self.findings.push(change);
            } else {
                self.missing(pair, &status, &pair.documented.response, documented_at.clone());
            }
        }
        for other in others {
            let at = responses.get(other).map_or(&pair.curated.responses_at, |response| &response.at);
            let subject = format!("{} {other}", pair.key);
            let mut extra = finding(Rule::ResponseUndocumented, pair.key, subject, at, documented_at.clone());
            extra.fix = removal(at);
            self.findings.push(extra);
        }
        if let Some(response) = found {
            let (subject, at) = (response.subject.clone(), &response.body_at);
            self.body(pair, Part::Response, subject, &pair.documented.response, response.body.as_ref(), at);
            self.headers(pair, response);
        }
    }

    fn error(&mut self, pair: &Pair<'a>) {
        match pair.curated.responses.get("default") {
            Some(response) => {
                let (subject, at) = (response.subject.clone(), &response.body_at);
                self.body(pair, Part::Error, subject, &pair.documented.error, response.body.as_ref(), at);
            }
            None => {
                let documented_at = self.documented.at(&join(&pair.pointer, "error"));
                self.missing(pair, "default", &pair.documented.error, documented_at);
            }
        }
    }

    fn missing(&mut self, pair: &Pair<'a>, status: &str, fields: &[facts::Field], documented_at: At) {
        let subject = format!("{} {status}", pair.key);
        let at = &pair.curated.responses_at;
        let mut missing = finding(Rule::ResponseMissing, pair.key, subject, at, documented_at);
        missing.fix = new_response(self.spec, &at.pointer, status, fields);
        self.findings.push(missing);
    }

    fn body(
        &mut self,
        pair: &Pair<'a>,
        part: Part,
        subject: String,
        fields: &'a [facts::Field],
        kind: Option<&Kind>,
        at: &At,
    ) {
        let pointer = join(&pair.pointer, part.name());
        let documented_at = self.documented.at(&pointer);
        let (documented, curated) = match kind {
            None if fields.is_empty() => return,
            // A page can leave the table of an error's fields out; ONTAP has one shape for them all.
            Some(_) if fields.is_empty() && part == Part::Error => return,
            None => ("an object".to_owned(), "nothing".to_owned()),
            Some(kind) if fields.is_empty() => ("nothing".to_owned(), a(kind)),
            Some(Kind::Object(schema)) => {
                let table = Table { key: pair.key, operation: pair.documented, pointer, fields };
                self.roots.push((schema.clone(), table));
                return;
            }
            Some(kind) => ("an object".to_owned(), a(kind)),
        };
        let rule = if part == Part::Request { Rule::OperationType } else { Rule::ResponseType };
        let mut other = finding(rule, pair.key, subject, at, documented_at);
        other.fix =
            if documented == "nothing" { removal(at) } else { Fix::person("a schema has to be chosen for the body") };
        (other.documented, other.curated) = (Some(documented), Some(curated));
        self.findings.push(other);
    }

    fn headers(&mut self, pair: &Pair<'a>, response: &Response) {
        let list = join(&pair.pointer, "headers");
        for (index, header) in pair.documented.headers.iter().enumerate() {
            let documented_at = self.documented.at(&join(&list, &index.to_string()));
            let subject = format!("{} {}", pair.key, header.name);
            let said = type_name(&header.r#type);
            let found = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(&header.name));
            match found {
                None => {
                    let mut missing =
                        finding(Rule::HeaderMissing, pair.key, subject, &response.headers_at, documented_at);
                    missing.documented = Some(said);
                    missing.fix = new_header(self.spec, &response.headers_at.pointer, header);
                    self.findings.push(missing);
                    continue;
                }
                Some((_, curated)) if !is_scalar(&header.r#type, &curated.kind) => {
                    let (at, documented_at) = (&curated.at, documented_at.clone());
                    let mut other = finding(Rule::HeaderType, pair.key, subject.clone(), at, documented_at);
                    other.fix = retyped_scalar(self.spec, &curated.schema, &header.r#type);
                    other.documented = Some(said);
                    other.curated = Some(shown(&curated.kind, None));
                    self.findings.push(other);
                }
                Some(_) => {}
            }
            if let Some((_, curated)) = found {
                let fingerprint = header.fingerprint.as_ref();
                self.sentences.add(Worded::Headers, &subject, &curated.at, pair.key, fingerprint, documented_at);
            }
        }
        for (name, header) in &response.headers {
            if !pair.documented.headers.iter().any(|other| other.name.eq_ignore_ascii_case(name)) {
                let subject = format!("{} {name}", pair.key);
                let mut extra =
                    finding(Rule::HeaderUndocumented, pair.key, subject, &header.at, self.documented.at(&list));
                extra.curated = Some(shown(&header.kind, None));
                extra.fix = removal(&header.at);
                self.findings.push(extra);
            }
        }
    }
}

/// Which body of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Request,
    Response,
    Error,
}

impl Part {
    /// Its name in the facts file.
    fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Error => "error",
        }
    }
}

/// A kind of body, in words.
fn a(kind: &Kind) -> String {
    match kind {
        Kind::Object(_) => "an object".to_owned(),
        kind => shown(kind, None),
    }
}
