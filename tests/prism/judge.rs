//! Checks that an exchange fits the spec, and notes the parts of the spec that were used.
//!
//! Prism judges the path and the method, parameters by type, format and limits, the security scheme, the media types, and
//! bodies by their schema. It says what it finds in the header `sl-violations`; the response itself is the first example of a
//! failure, as if the cluster had refused. What it lets pass is looked at here: a parameter that the spec does not have, a
//! list that is not joined by commas, a value that is empty, and in a body a member that the spec does not have or that only
//! ONTAP sets. Of headers, the spec names none. Prism does not judge its own answers: tests/spec.rs has the examples fit
//! their schemas.

use std::collections::BTreeSet;

use ontap_ipsec::Operation;
use reqwest::Url;
use serde_json::Value;

use crate::front::Exchange;
use crate::schema::{Schemas, resolve, spec};

pub(crate) struct Judge {
    spec: Value,
    schemas: Schemas,
}

impl Judge {
    pub(crate) fn new() -> Self {
        let mut spec = spec();
        without_read_only(&mut spec["components"]["schemas"]);
        let schemas = Schemas::strict(&spec);
        Self { spec, schemas }
    }

    /// Lists the faults of these exchanges, each with its judge.
    pub(crate) fn faults(&self, exchanges: &[Exchange]) -> Vec<String> {
        let mut links = BTreeSet::new();
        let mut faults = Vec::new();
        for exchange in exchanges {
            let answer: Value = serde_json::from_str(&exchange.answer).unwrap_or_default();
            let of_prism = prism(exchange, &answer).into_iter().map(|fault| format!("Prism: {fault}"));
            // The query of a link is ONTAP's own.
            let of_names = if links.contains(&exchange.target) { Vec::new() } else { self.passed_over(exchange) };
            let of_names = of_names.into_iter().map(|fault| format!("the spec: {fault}"));
            faults.extend(
                of_prism.chain(of_names).map(|fault| format!("{} {}: {fault}", exchange.method, exchange.target)),
            );
            links.extend(answer["_links"]["next"]["href"].as_str().map(str::to_owned));
        }
        faults
    }

    /// Checks what Prism does not check.
    fn passed_over(&self, exchange: &Exchange) -> Vec<String> {
        let Some(operation) = operation(exchange) else { return Vec::new() };
        let known = self.parameters(operation, "query");
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for (name, value) in query(exchange) {
            if !known.contains(&name.as_str()) {
                faults.push(format!("has no parameter {name}"));
            }
            if value.is_empty() {
                faults.push(format!("has no use for an empty {name}"));
            }
            if !seen.insert(name.clone()) {
                faults.push(format!("has {name} once"));
            }
        }
        if let (Some(schema), Ok(body)) = (self.body(operation), serde_json::from_str(&exchange.body)) {
            faults.extend(self.schemas.faults(schema, &body));
        }
        faults
    }

    /// All that a request can hold: operations, their parameters, the members of their bodies, and what these can be
    /// where the spec lists it.
    pub(crate) fn sendable(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for operation in Operation::ALL {
            found.insert(operation.to_string());
            for place in ["query", "path"] {
                let parameters = self.parameters(*operation, place).into_iter();
                found.extend(parameters.map(|name| format!("{operation} {place} {name}")));
            }
            if let Some(schema) = self.body(*operation) {
                self.members(schema, &format!("{operation} body"), &mut found);
            }
        }
        found
    }

    /// Lists the parts of the spec that these exchanges use.
    pub(crate) fn sent(&self, exchanges: &[Exchange]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (exchange, operation) in exchanges.iter().filter_map(|it| Some((it, operation(it)?))) {
            found.insert(operation.to_string());
            found.extend(self.parameters(operation, "path").into_iter().map(|name| format!("{operation} path {name}")));
            found.extend(query(exchange).into_iter().map(|(name, _)| format!("{operation} query {name}")));
            if let Ok(body) = serde_json::from_str(&exchange.body) {
                leaves(&body, &format!("{operation} body"), &mut found);
            }
        }
        found
    }

    fn operation(&self, operation: Operation) -> &Value {
        let path = operation.path().replace('~', "~0").replace('/', "~1");
        self.spec.pointer(&format!("/paths/{path}/{}", operation.method().to_lowercase())).unwrap()
    }

    fn parameters(&self, operation: Operation, place: &str) -> Vec<&str> {
        let parameters = self.operation(operation)["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.map(|parameter| resolve(&self.spec, parameter));
        parameters.filter(|it| it["in"] == place).filter_map(|it| it["name"].as_str()).collect()
    }

    fn body(&self, operation: Operation) -> Option<&Value> {
        self.operation(operation).pointer("/requestBody/content/application~1json/schema")
    }

    fn members(&self, schema: &Value, place: &str, found: &mut BTreeSet<String>) {
        let schema = resolve(&self.spec, schema["allOf"].get(0).unwrap_or(schema));
        let Some(properties) = schema["properties"].as_object() else {
            match schema["enum"].as_array() {
                Some(values) => {
                    found.extend(values.iter().filter_map(Value::as_str).map(|value| format!("{place} {value}")));
                }
                None => drop(found.insert(place.to_owned())),
            }
            return;
        };
        for (name, property) in properties {
            self.members(property, &format!("{place} {name}"), found);
        }
    }
}

/// Lists Prism's findings on the exchange.
fn prism(exchange: &Exchange, answer: &Value) -> Vec<String> {
    // It found nothing to answer with: no such path, method, media type or example.
    if let Some(problem) = answer["type"].as_str().filter(|it| it.contains("stoplight.io/prism/errors")) {
        return vec![format!("{} {}", problem, answer["title"])];
    }
    // It did not get as far as to look at the request.
    if answer["error"]["code"] == "invalid_json" {
        return vec!["invalid JSON".to_owned()];
    }
    let Some(violations) = exchange.headers.get("sl-violations") else { return Vec::new() };
    let violations: Vec<Value> = serde_json::from_slice(violations.as_bytes()).unwrap();
    violations.iter().map(|it| format!("{}: {}", it["location"], it["message"])).collect()
}

fn operation(exchange: &Exchange) -> Option<Operation> {
    let path = exchange.target.split('?').next()?.strip_prefix("/api")?;
    let fits = |template: &str| {
        let (parts, templates) = (path.split('/'), template.split('/'));
        parts.clone().count() == templates.clone().count()
            && parts.zip(templates).all(|(part, template)| part == template || template.starts_with('{'))
    };
    let mut all = Operation::ALL.iter().copied();
    all.find(|it| it.method().eq_ignore_ascii_case(exchange.method.as_str()) && fits(it.path()))
}

fn query(exchange: &Exchange) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://cluster{}", exchange.target)).unwrap();
    url.query_pairs().into_owned().collect()
}

/// The members of a body, with and without their values.
fn leaves(value: &Value, place: &str, found: &mut BTreeSet<String>) {
    if let Value::Object(members) = value {
        members.iter().for_each(|(name, member)| leaves(member, &format!("{place} {name}"), found));
        return;
    }
    found.insert(place.to_owned());
    found.extend(value.as_str().map(|value| format!("{place} {value}")));
}

/// Takes out what a request cannot hold.
fn without_read_only(value: &mut Value) {
    if let Some(properties) = value.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|_, property| property["readOnly"] != true);
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(without_read_only),
        Value::Array(items) => items.iter_mut().for_each(without_read_only),
        _ => {}
    }
}
