//! Request bodies: from JSON to the fields that were given.
//!
//! Nested objects and dotted names (`"svm.name": "svm1"`) mean the same, as NetApp's own clients rely on. Types are
//! strict: a number or a boolean in quotes is refused, so that a client's mistake shows. `null` stands for "no value":
//! ignored in a POST, taken away by a PATCH.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    fields::{self, Field, Resource, Settable},
    json::Json,
    one_value,
    query::parameters::Parameters,
    refusal::Refusal,
    secret::Secret,
    state::Release,
    tunnel::Tunnel,
    values::{self, Kind},
};

/// How many policies one body can list.
const MOST_RECORDS: usize = 1000;

/// The use that a request makes of the policies in its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Create,
    Modify,
    /// Nothing is set: an entry only says which policy.
    Delete,
}

/// The fields that a body may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownFields {
    pub(crate) resource: &'static Resource,
    /// The release that is asked, which decides what fields there are.
    pub(crate) release: Release,
    /// Whether unknown fields are ignored and not refused.
    pub(crate) ignore_unknown: bool,
}

impl KnownFields {
    /// Reads the parameters of the request.
    pub(crate) fn of(parameters: &Parameters<'_>) -> Self {
        Self {
            resource: parameters.resource(),
            release: parameters.release(),
            ignore_unknown: parameters.ignores_unknown(),
        }
    }
}

/// The fields of a body, by dotted name. `None` stands for `null`.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) values: BTreeMap<&'static str, Option<Arc<str>>>,
    /// The secret values, without `null`.
    secrets: BTreeMap<&'static str, Secret>,
}

impl Given {
    /// The text of a field that was given and is not `null`.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_deref()
    }

    /// The secret that was given for a field.
    pub(crate) fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// Makes the SVM of the tunnel that of a new policy.
    ///
    /// # Errors
    /// 2621706 where the body has the UUID of another one. A name of another is found by the rules.
    pub(crate) fn settle(&mut self, tunnel: &Tunnel) -> Result<(), Refusal> {
        let Some(svm) = tunnel.svm() else { return Ok(()) };
        match self.text(fields::SVM_UUID) {
            Some(other) if *other != **svm => Err(Refusal::two_svms(svm, other)),
            _ => {
                self.values.insert(fields::SVM_UUID, Some(Arc::clone(svm)));
                Ok(())
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.secrets.is_empty()
    }
}

/// One of the policies of a body that is about several.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The policy that is meant, where it exists already.
    pub(crate) uuid: Option<Uuid>,
    pub(crate) given: Given,
}

/// The body of a request to the collection.
#[derive(Debug)]
pub(crate) enum Body {
    /// One policy, or all that a query finds.
    One(Given),
    /// The policies in the array `records`.
    Records(Vec<Entry>),
}

/// Reads the body of a POST or PATCH on the collection, or of a DELETE there that has one.
///
/// # Errors
/// Returns the codes of [`read_one`], and for `records`: 262254 if they are no array, 262212 if they are empty, 262197
/// for more than 1,000 entries. 262179 means another name beside `records`; 2, that an entry lacks the `uuid` for a PATCH
/// or DELETE.
pub(crate) fn read(body: &[u8], purpose: Purpose, known: KnownFields) -> Result<Body, Refusal> {
    let mut entries = object(body, purpose)?;
    let Some(index) = entries.iter().position(|(name, _)| name == "records") else {
        return from_entries(entries, purpose, known).map(Body::One);
    };
    let (_, records) = entries.swap_remove(index);
    if let Some((beside, _)) = entries.first() {
        return Err(if beside == "records" {
            Refusal::property_twice(beside)
        } else {
            Refusal::unexpected_field(beside)
        });
    }
    let Json::Array(records) = records else { return Err(Refusal::no_array("records")) };
    if records.is_empty() {
        return Err(Refusal::no_records());
    }
    if records.len() > MOST_RECORDS {
        return Err(Refusal::invalid("records", None, format!("a body can list {MOST_RECORDS} policies at most")));
    }
    let records = records.into_iter().map(|record| match record {
        Json::Object(entries) => entry(entries, purpose, known),
        Json::Array(_) => Err(Refusal::array("records")),
        _ => Err(Refusal::not_an_object()),
    });
    records.collect::<Result<_, _>>().map(Body::Records)
}

/// Reads the body of a POST or PATCH that is about one policy.
///
/// # Errors
/// Returns the code of the fault. In the JSON: broken (262199), a number beyond 1e308 (262197), no object (262201,
/// 262255), a name twice (262282). In a field: unknown (262179), not settable (262196), a value of the wrong type
/// (262197, 262255). A value can break a rule by itself (see [`one_value`]). A POST needs a body (262212), a PATCH a
/// change (262190).
pub(crate) fn read_one(body: &[u8], purpose: Purpose, known: KnownFields) -> Result<Given, Refusal> {
    from_entries(object(body, purpose)?, purpose, known)
}

/// The entries of the object that the body is.
fn object(body: &[u8], purpose: Purpose) -> Result<Vec<(String, Json)>, Refusal> {
    if body.trim_ascii().is_empty() {
        return Err(match purpose {
            Purpose::Create | Purpose::Delete => Refusal::no_body(),
            Purpose::Modify => Refusal::nothing_to_change(),
        });
    }
    match parse(body)? {
        Json::Object(entries) => Ok(entries),
        Json::Array(_) => Err(Refusal::array_for_a_body()),
        _ => Err(Refusal::not_an_object()),
    }
}

fn from_entries(entries: Vec<(String, Json)>, purpose: Purpose, known: KnownFields) -> Result<Given, Refusal> {
    let mut given = Given::default();
    collect(&mut given, purpose, known, "", entries)?;
    if purpose == Purpose::Modify && given.is_empty() {
        return Err(Refusal::nothing_to_change());
    }
    Ok(given)
}

/// One of the `records`: as a body of its own, but with the UUID of the policy that is meant.
fn entry(mut entries: Vec<(String, Json)>, purpose: Purpose, known: KnownFields) -> Result<Entry, Refusal> {
    let mut uuid = None;
    if purpose != Purpose::Create {
        let index = entries.iter().position(|(name, _)| name == fields::UUID);
        uuid = match index.map(|index| entries.remove(index).1) {
            None | Some(Json::Null) => return Err(Refusal::missing(fields::UUID)),
            Some(Json::Text(text)) => Some(
                values::uuid(&text).ok_or_else(|| Refusal::invalid(fields::UUID, Some(&text), Kind::Uuid.wanted()))?,
            ),
            Some(other) => return Err(Refusal::invalid(fields::UUID, other.shown(), Kind::Uuid.wanted())),
        };
    }
    Ok(Entry { uuid, given: from_entries(entries, purpose, known)? })
}

/// Whether this is no body at all, or the empty object that NetApp's clients send along with a DELETE.
pub(crate) fn is_blank(body: &[u8]) -> bool {
    body.trim_ascii().is_empty() || matches!(parse(body), Ok(Json::Object(entries)) if entries.is_empty())
}

/// Whether it is about the policies in an array, whatever else may be wrong with it.
pub(crate) fn lists_records(body: &[u8]) -> bool {
    matches!(parse(body), Ok(Json::Object(entries)) if entries.iter().any(|(name, _)| name == "records"))
}

fn parse(body: &[u8]) -> Result<Json, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        // It is JSON, but not for this parser, and has no category of its own. No field takes such numbers anyway.
        match error.to_string().starts_with("number out of range") {
            true => Refusal::number_out_of_range(error.line(), error.column()),
            false => Refusal::broken_json(error.line(), error.column()),
        }
    })
}

/// Moves the entries of one object into `given`.
fn collect(
    given: &mut Given,
    purpose: Purpose,
    known: KnownFields,
    prefix: &str,
    entries: Vec<(String, Json)>,
) -> Result<(), Refusal> {
    let mut seen: HashSet<String> = HashSet::new();
    for (key, json) in entries {
        let name = format!("{prefix}{key}");
        if seen.contains(&name) {
            return Err(Refusal::property_twice(&name));
        }
        if let Some(field) = known.resource.named(&name, known.release) {
            set(given, purpose, field, json)?;
        } else if known.resource.members(&name, known.release).next().is_some() {
            match json {
                Json::Object(members) => collect(given, purpose, known, &format!("{name}."), members)?,
                // A mistake would make a policy of the cluster.
                Json::Null if purpose == Purpose::Create && name == "svm" => {
                    return Err(Refusal::invalid(&name, Some("null"), "leave it out for a policy of the cluster"));
                }
                Json::Null => {
                    let members = known.resource.members(&name, known.release);
                    for field in members.filter(|field| field.settable != Settable::Never) {
                        set(given, purpose, field, Json::Null)?;
                    }
                }
                Json::Array(_) => return Err(Refusal::array(&name)),
                other => {
                    // A client can take the object for the secret that is in it.
                    let holds_secret =
                        known.resource.members(&name, known.release).any(|field| field.kind == Kind::Secret);
                    let shown = other.shown().filter(|_| !holds_secret);
                    return Err(Refusal::invalid(&name, shown, "an object belongs here"));
                }
            }
        } else if fields::REFERENCES.iter().any(|(object, _)| name == format!("{object}._links")) {
            return Err(Refusal::read_only(&name));
        } else if !known.ignore_unknown {
            return Err(Refusal::unexpected_field(&name));
        }
        seen.insert(name);
    }
    Ok(())
}

fn set(given: &mut Given, purpose: Purpose, field: &'static Field, json: Json) -> Result<(), Refusal> {
    match (field.settable, purpose) {
        (Settable::Never, _) => return Err(Refusal::read_only(field.name)),
        (Settable::OnCreate, Purpose::Modify) => return Err(Refusal::fixed(field.name)),
        (_, Purpose::Delete) => return Err(Refusal::unexpected_field(field.name)),
        (Settable::OnCreate, Purpose::Create) | (Settable::Always, _) => {}
    }
    if field.kind == Kind::Secret {
        let secret = match json {
            Json::Text(text) => Secret::new(text),
            Json::Null => return Ok(()),
            Json::Array(_) => return Err(Refusal::array(field.name)),
            _ => return Err(Refusal::invalid(field.name, None, "it is a string")),
        };
        return match given.secrets.insert(field.name, secret) {
            None => Ok(()),
            Some(_) => Err(Refusal::property_twice(field.name)),
        };
    }
    let value = value(field, json)?;
    match given.values.insert(field.name, value) {
        None => Ok(()),
        Some(_) => Err(Refusal::property_twice(field.name)),
    }
}

fn value(field: &Field, json: Json) -> Result<Option<Arc<str>>, Refusal> {
    let wrong = |shown: Option<&str>, wanted: &str| Err(Refusal::invalid(field.name, shown, wanted));
    match (json, field.kind) {
        (Json::Null, _) => Ok(None),
        (Json::Array(_), _) => Err(Refusal::array(field.name)),
        (Json::Flag(flag), Kind::Flag) => Ok(Some(flag.to_string().into())),
        (other, Kind::Flag) => wrong(other.shown(), "it is true or false, without quotes"),
        (Json::Number(Some(number)), Kind::Number(_)) => one_value::of_text(field, &number.to_string()).map(Some),
        (other, Kind::Number(_)) => wrong(other.shown(), "it is a whole number, without quotes"),
        (Json::Text(text), _) => one_value::of_text(field, &text).map(Some),
        (other, _) => wrong(other.shown(), "it is a string"),
    }
}
