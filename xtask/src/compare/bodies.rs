//! Requests and responses: statuses, headers, and whether there is a body. What is in a body is for `fields`.

use crate::document::join;
use crate::facts::{self, Documented};
use crate::finding::{Finding, Rule};
use crate::place::At;
use crate::spec::{Kind, Response};

use super::fields::Table;
use super::{Pair, finding, is_scalar, shown, type_name};

/// The findings, and the schemas of the bodies with the tables that document them.
pub(super) fn compare<'a>(documented: &'a Documented, pairs: &[Pair<'a>]) -> (Vec<Finding>, Vec<(String, Table<'a>)>) {
    let mut bodies = Bodies { documented, findings: Vec::new(), roots: Vec::new() };
    for pair in pairs {
        bodies.request(pair);
        bodies.success(pair);
        bodies.error(pair);
    }
    (bodies.findings, bodies.roots)
}

struct Bodies<'a> {
    documented: &'a Documented,
    findings: Vec<Finding>,
    roots: Vec<(String, Table<'a>)>,
}

impl<'a> Bodies<'a> {
    fn request(&mut self, pair: &Pair<'a>) {
        let fields = pair.documented.request.as_deref().unwrap_or_default();
        let subject = format!("{} request", pair.key);
        match &pair.curated.request {
            Some((kind, at)) => self.body(pair, "request", subject, fields, Some(kind), at),
            None => self.body(pair, "request", subject, fields, None, &pair.curated.at),
        }
    }

    fn success(&mut self, pair: &Pair<'a>) {
        let responses = &pair.curated.responses;
        let status = pair.documented.status.to_string();
        let mut others: Vec<&String> =
            responses.keys().filter(|other| **other != status && *other != "default").collect();
        let documented_at = self.documented.at(&join(&pair.pointer, "status"));
        let mut found = responses.get(&status);
        if found.is_none() {
            let is_success = |other: &&String| other.starts_with('2');
            // One status in the place of another is one difference, not two.
            if let Some(index) = others.iter().position(is_success) {
                let other = others.remove(index);
                found = responses.get(other);
                let at = found.map_or(&pair.curated.responses_at, |response| &response.at);
                let mut change = finding(Rule::ResponseStatus, pair.key, pair.key, at, documented_at.clone());
                change.documented = Some(status.clone());
                change.curated = Some(other.clone());
                self.findings.push(change);
            } else {
                self.missing(pair, &status, documented_at.clone());
            }
        }
        for other in others {
            let at = responses.get(other).map_or(&pair.curated.responses_at, |response| &response.at);
            let subject = format!("{} {other}", pair.key);
            self.findings.push(finding(Rule::ResponseUndocumented, pair.key, subject, at, documented_at.clone()));
        }
        if let Some(response) = found {
            let (subject, at) = (response.subject.clone(), &response.body_at);
            self.body(pair, "response", subject, &pair.documented.response, response.body.as_ref(), at);
            self.headers(pair, response);
        }
    }

    fn error(&mut self, pair: &Pair<'a>) {
        match pair.curated.responses.get("default") {
            Some(response) => {
                let (subject, at) = (response.subject.clone(), &response.body_at);
                self.body(pair, "error", subject, &pair.documented.error, response.body.as_ref(), at);
            }
            None => self.missing(pair, "default", self.documented.at(&join(&pair.pointer, "error"))),
        }
    }

    fn missing(&mut self, pair: &Pair<'a>, status: &str, documented_at: At) {
        let subject = format!("{} {status}", pair.key);
        let at = &pair.curated.responses_at;
        self.findings.push(finding(Rule::ResponseMissing, pair.key, subject, at, documented_at));
    }

    fn body(
        &mut self,
        pair: &Pair<'a>,
        name: &str,
        subject: String,
        fields: &'a [facts::Field],
        kind: Option<&Kind>,
        at: &At,
    ) {
        let pointer = join(&pair.pointer, name);
        let documented_at = self.documented.at(&pointer);
        match kind {
            None if fields.is_empty() => {}
            None => self.findings.push(finding(Rule::BodyMissing, pair.key, subject, at, documented_at)),
            Some(_) if fields.is_empty() => {
                self.findings.push(finding(Rule::BodyUndocumented, pair.key, subject, at, documented_at));
            }
            Some(Kind::Object(schema)) => {
                let table = Table { key: pair.key, operation: pair.documented, pointer, fields };
                self.roots.push((schema.clone(), table));
            }
            Some(kind) => {
                let mut other = finding(Rule::FieldType, pair.key, subject, at, documented_at);
                other.documented = Some("object".to_owned());
                other.curated = Some(shown(kind, None));
                self.findings.push(other);
            }
        }
    }

    fn headers(&mut self, pair: &Pair<'a>, response: &Response) {
        let list = join(&pair.pointer, "headers");
        for (index, header) in pair.documented.headers.iter().enumerate() {
            let documented_at = self.documented.at(&join(&list, &index.to_string()));
            let subject = format!("{} {}", pair.key, header.name);
            let said = type_name(&header.r#type);
            match response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(&header.name)) {
                None => {
                    let mut missing =
                        finding(Rule::HeaderMissing, pair.key, subject, &response.headers_at, documented_at);
                    missing.documented = Some(said);
                    self.findings.push(missing);
                }
                Some((_, curated)) if !is_scalar(&header.r#type, &curated.kind) => {
                    let mut other = finding(Rule::HeaderType, pair.key, subject, &curated.at, documented_at);
                    other.documented = Some(said);
                    other.curated = Some(shown(&curated.kind, None));
                    self.findings.push(other);
                }
                Some(_) => {}
            }
        }
        for (name, header) in &response.headers {
            if !pair.documented.headers.iter().any(|other| other.name.eq_ignore_ascii_case(name)) {
                let subject = format!("{} {name}", pair.key);
                let mut extra =
                    finding(Rule::HeaderUndocumented, pair.key, subject, &header.at, self.documented.at(&list));
                extra.curated = Some(shown(&header.kind, None));
                self.findings.push(extra);
            }
        }
    }
}
