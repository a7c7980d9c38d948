//! Two documents side by side: the parts that are the same thing on the wire, and those that one of the two lacks.
//!
//! Operations pair by method and path, parameters by name, fields by their path into a body. The names of schemas do not go
//! over the wire. The policies [`drift`](crate::drift) and [`releases`](crate::releases) say what a difference means.

mod fields;
pub(crate) mod shown;

use std::collections::BTreeMap;

use crate::openapi::{Document, Kind, Operation, Part, Response, Way};

pub(crate) use fields::{Meeting, Step, Walk};

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

/// The kinds of parts, as the names of rules begin.
pub(crate) const PARAMETER: &str = "parameter";
pub(crate) const HEADER: &str = "header";
pub(crate) const FIELD: &str = "field";
pub(crate) const ERROR_CODE: &str = "error-code";

/// A part of an operation: of one document, of the other, or of both.
#[derive(Clone, Debug)]
pub(crate) struct Paired<'a> {
    pub(crate) kind: &'static str,
    /// Its name; of a field, the body and the path into it.
    pub(crate) name: String,
    pub(crate) sides: Sides<&'a Part>,
    /// Where each document has it, or would have it.
    pub(crate) at: (String, String),
}

impl<'a> Paired<'a> {
    /// Pairs two parts; `lists` is where a document that lacks the part would have it.
    fn new(kind: &'static str, name: String, sides: Sides<&'a Part>, lists: &(String, String)) -> Self {
        let at = |side: Option<&Part>, list: &String| side.map_or(list, |part| &part.used).clone();
        Self { kind, name, sides, at: (at(sides.from, &lists.0), at(sides.to, &lists.1)) }
    }
}

/// The documented or older value of a part, and the curated or newer one, as findings show them.
pub(crate) type Values = (Option<String>, Option<String>);

/// A part that is compared: its operation and name, and its pointers on both sides.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'s> {
    pub(crate) operation: &'s str,
    pub(crate) subject: &'s str,
    pub(crate) at: &'s (String, String),
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

/// An operation that one document lacks, by its key.
pub(crate) type Lone<'a> = (&'a str, Sides<&'a Operation>);

/// Lists the operations that both documents have, and those that one of them lacks.
pub(crate) fn operations<'a>(from: &'a Document, to: &'a Document) -> (Vec<Pair<'a>>, Vec<Lone<'a>>) {
    let all = by_key(&from.operations, &to.operations, String::as_str);
    let both = all.iter().filter_map(|(key, sides)| Some((*key, sides.both()?)));
    let pairs = both.map(|(key, (from, to))| Pair { key, from, to }).collect();
    (pairs, all.into_iter().filter(|(_, sides)| sides.both().is_none()).collect())
}

impl<'a> Pair<'a> {
    /// Gives the pointers of the member `name` on both sides.
    pub(crate) fn members(&self, name: &str) -> (String, String) {
        (self.from.member(name), self.to.member(name))
    }

    /// Names a part of the operation.
    pub(crate) fn spot<'s>(&'s self, subject: &'s str, at: &'s (String, String)) -> Spot<'s> {
        Spot { operation: self.key, subject, at }
    }

    /// Pairs the parameters: those with the same place first, then namesakes that have moved.
    pub(crate) fn parameters(&self) -> Vec<Paired<'a>> {
        let mut rest: Vec<&Part> = self.to.parameters.iter().collect();
        let mut all: Vec<Sides<&Part>> =
            self.from.parameters.iter().map(|from| Sides { from: Some(from), to: None }).collect();
        for moved in [false, true] {
            for sides in all.iter_mut().filter(|sides| sides.to.is_none()) {
                let fits =
                    |to: &&Part| sides.from.is_some_and(|from| from.name == to.name && (moved || from.r#in == to.r#in));
                sides.to = rest.iter().position(fits).map(|found| rest.remove(found));
            }
        }
        all.extend(rest.into_iter().map(|to| Sides { from: None, to: Some(to) }));
        let lists = self.members("parameters");
        let paired = |sides: Sides<&'a Part>| Some(Paired::new(PARAMETER, sides.any()?.name.clone(), sides, &lists));
        all.into_iter().filter_map(paired).collect()
    }

    /// Pairs the error codes.
    pub(crate) fn error_codes(&self) -> Vec<Paired<'a>> {
        let lists = self.members("x-ontap-error-codes");
        let codes = by_key(&self.from.error_codes, &self.to.error_codes, |code| *code).into_iter();
        codes.map(|(code, sides)| Paired::new(ERROR_CODE, code.to_string(), sides, &lists)).collect()
    }
}

/// Pairs the headers of two responses. HTTP does not tell capitals in names of headers apart.
pub(crate) fn headers<'a>(
    from: Option<&'a Response>,
    to: Option<&'a Response>,
    lists: &(String, String),
) -> Vec<Paired<'a>> {
    let list = |side: Option<&'a Response>| side.into_iter().flat_map(|response| &response.headers);
    let headers = by_key(list(from), list(to), |name| name.to_ascii_lowercase()).into_values();
    let paired = |sides: Sides<&'a Part>| Some(Paired::new(HEADER, sides.any()?.name.clone(), sides, lists));
    headers.filter_map(paired).collect()
}

/// Pairs what two documents have; `key` makes one of the names that mean the same.
fn by_key<'a, K: 'a, T: 'a, O: Ord>(
    from: impl IntoIterator<Item = (&'a K, &'a T)>,
    to: impl IntoIterator<Item = (&'a K, &'a T)>,
    key: impl Fn(&'a K) -> O,
) -> BTreeMap<O, Sides<&'a T>> {
    let mut all: BTreeMap<O, Sides<&T>> =
        from.into_iter().map(|(name, part)| (key(name), Sides { from: Some(part), to: None })).collect();
    for (name, part) in to {
        all.entry(key(name)).or_insert(Sides { from: None, to: None }).to = Some(part);
    }
    all
}
