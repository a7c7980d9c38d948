//! Two documents side by side: the parts that are the same thing on the wire, and those that one of the two lacks.
//!
//! Operations pair by method and path, parameters by name, fields by their path into a body. The names of schemas do not go
//! over the wire. The policies [`drift`](crate::drift) and [`releases`](crate::releases) say what a difference means.

mod fields;
pub(crate) mod shown;

use std::collections::BTreeMap;

use crate::class::Direction;
use crate::openapi::{Document, ErrorCode, Header, Kind, Operation, Parameter, Response, Way};

pub(crate) use fields::{Meeting, Row, Step, Walk};

/// A part of one document, of the other, or of both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sides<T> {
    pub(crate) from: Option<T>,
    pub(crate) to: Option<T>,
}

impl<T: Copy> Sides<T> {
    /// The part, of the later document if both have it.
    pub(crate) fn any(self) -> Option<T> {
        self.to.or(self.from)
    }

    /// Both parts, if both are there.
    pub(crate) fn both(self) -> Option<(T, T)> {
        self.from.zip(self.to)
    }
}

/// An operation that both documents have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) key: &'a str,
    pub(crate) from: &'a Operation,
    pub(crate) to: &'a Operation,
}

/// Which body of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Body {
    Request,
    Response,
    Error,
}

impl Body {
    pub(crate) const ALL: [Self; 3] = [Self::Request, Self::Response, Self::Error];

    /// Its name in findings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Error => "error",
        }
    }

    pub(crate) fn direction(self) -> Direction {
        if self == Self::Request { Direction::Request } else { Direction::Response }
    }

    /// The way of its values in the operation `key`.
    pub(crate) fn way(self, key: &str) -> Way {
        match self {
            Self::Request if key.starts_with("PATCH ") => Way::Modify,
            Self::Request => Way::Create,
            _ => Way::Return,
        }
    }

    /// The response that has the body.
    pub(crate) fn response(self, operation: &Operation) -> Option<&Response> {
        match self {
            Self::Request => None,
            Self::Response => operation.success().map(|(_, response)| response),
            Self::Error => operation.responses.get("default"),
        }
    }

    /// The kind of the body, if there is one.
    pub(crate) fn kind(self, operation: &Operation) -> Option<&Kind> {
        match self {
            Self::Request => operation.request.as_ref(),
            _ => self.response(operation)?.body.as_ref(),
        }
    }

    /// Where the body is, or would be.
    pub(crate) fn pointer(self, operation: &Operation) -> String {
        match (self, self.response(operation)) {
            (Self::Request, _) => operation.member("requestBody"),
            (_, Some(response)) => response.pointer.clone(),
            (_, None) => operation.member("responses"),
        }
    }
}

/// All operations, by their keys.
pub(crate) fn operations<'a>(from: &'a Document, to: &'a Document) -> BTreeMap<&'a str, Sides<&'a Operation>> {
    let mut all = BTreeMap::new();
    for (key, operation) in &from.operations {
        all.insert(key.as_str(), Sides { from: Some(operation), to: to.operations.get(key) });
    }
    for (key, operation) in &to.operations {
        all.entry(key).or_insert(Sides { from: None, to: Some(operation) });
    }
    all
}

impl<'a> Pair<'a> {
    /// The parameters: those with the same place first, then namesakes that have moved.
    pub(crate) fn parameters(&self) -> Vec<Sides<&'a Parameter>> {
        let mut rest: Vec<&Parameter> = self.to.parameters.iter().collect();
        let mut take = |fits: &dyn Fn(&Parameter) -> bool| {
            rest.iter().position(|other| fits(other)).map(|found| rest.remove(found))
        };
        let (mut pairs, mut unmatched) = (Vec::new(), Vec::new());
        for from in &self.from.parameters {
            match take(&|other| other.name == from.name && other.r#in == from.r#in) {
                to @ Some(_) => pairs.push(Sides { from: Some(from), to }),
                None => unmatched.push(from),
            }
        }
        for from in unmatched {
            let to = take(&|other| other.name == from.name);
            pairs.push(Sides { from: Some(from), to });
        }
        pairs.extend(rest.into_iter().map(|to| Sides { from: None, to: Some(to) }));
        pairs
    }

    /// The error codes.
    pub(crate) fn error_codes(&self) -> BTreeMap<u64, Sides<&'a ErrorCode>> {
        by_key(self.from.error_codes.iter(), self.to.error_codes.iter(), |code| *code)
    }
}

/// The headers of two responses, with the name on either side. HTTP does not tell capitals in names of headers apart.
pub(crate) fn headers<'a>(
    from: Option<&'a Response>,
    to: Option<&'a Response>,
) -> impl Iterator<Item = (&'a str, Sides<&'a Header>)> {
    let list = |side: Option<&'a Response>| side.into_iter().flat_map(|response| &response.headers);
    let names: BTreeMap<String, &'a str> =
        list(from).chain(list(to)).map(|(name, _)| (name.to_ascii_lowercase(), name.as_str())).collect();
    by_key(list(from), list(to), |name| name.to_ascii_lowercase())
        .into_iter()
        .filter_map(move |(key, sides)| Some((*names.get(&key)?, sides)))
}

fn by_key<'a, K: 'a, T: 'a, O: Ord>(
    from: impl Iterator<Item = (&'a K, &'a T)>,
    to: impl Iterator<Item = (&'a K, &'a T)>,
    key: impl Fn(&'a K) -> O,
) -> BTreeMap<O, Sides<&'a T>> {
    let mut all: BTreeMap<O, Sides<&T>> =
        from.map(|(k, part)| (key(k), Sides { from: Some(part), to: None })).collect();
    for (k, part) in to {
        all.entry(key(k)).or_insert(Sides { from: None, to: None }).to = Some(part);
    }
    all
}
