//! Reads request bodies: from JSON to fields.
//!
//! NetApp's clients use dotted names, so a dotted name (`"svm.name": "svm1"`) means the same as a nested object. A
//! number or boolean in quotes is refused, so that a client's bug becomes visible. A POST ignores `null`; a PATCH
//! removes the value.

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

/// The highest number of policies in one body.
const MOST_RECORDS: usize = 1000;

/// The operation that a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Create,
    Modify,
    /// Entries only name the policies to delete.
    Delete,
}

/// The fields that a body can have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownFields {
    pub(crate) resource: &'static Resource,
    /// The simulated release, which decides the available fields.
    pub(crate) release: Release,
    /// True if unknown fields are ignored; false if they are refused.
    pub(crate) ignore_unknown: bool,
}

impl KnownFields {
    /// Takes the resource, the release and `ignore_unknown_fields` from the parameters.
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
    /// Returns the value of a field; `None` if the field is missing or `null`.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_deref()
    }

    /// Returns the value of a secret field; `None` if the field is missing or `null`.
    pub(crate) fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// Sets the SVM of a new policy to the SVM of the tunnel.
    ///
    /// # Errors
    /// Returns 2621706 if the body has the UUID of another SVM. The rules later check the SVM's name.
    pub(crate) fn use_tunnel_svm(&mut self, tunnel: &Tunnel) -> Result<(), Refusal> {
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

/// One policy in the array `records`.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The UUID of an existing policy; `None` for a POST.
    pub(crate) uuid: Option<Uuid>,
    pub(crate) given: Given,
}

/// The body of a request to the collection of policies.
#[derive(Debug)]
pub(crate) enum Body {
    /// One policy, or the changes to all policies that a query finds.
    One(Given),
    /// The policies in the array `records`.
    Records(Vec<Entry>),
}

/// Reads the body of a POST, PATCH or DELETE on the collection.
///
/// # Errors
/// Returns the codes of [`read_one`]. An invalid `records` is 262254 if it is no array, 262212 if it is empty, and
/// 262197 above 1,000 entries. Another name next to `records` is 262179. A PATCH or DELETE with an entry without `uuid`
/// is 2.
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
        return Err(Refusal::invalid("records", None, format!("records can have {MOST_RECORDS} policies at most")));
    }
    let records = records.into_iter().map(|record| match record {
        Json::Object(entries) => entry(entries, purpose, known),
        Json::Array(_) => Err(Refusal::array("records")),
        _ => Err(Refusal::not_an_object()),
    });
    records.collect::<Result<_, _>>().map(Body::Records)
}

/// Reads the body of a POST or PATCH for one policy.
///
/// # Errors
/// Invalid JSON is 262199; a number above 1e308 is 262197. A body that is no object is 262201, or 262255 for an array.
/// A repeated name is 262282. An unknown field is 262179; a field that cannot be set is 262196. A value of the wrong
/// type is 262197, or 262255 for an array. [`one_value`] lists the codes of single values. A POST without a body is
/// 262212; a PATCH without a change is 262190.
pub(crate) fn read_one(body: &[u8], purpose: Purpose, known: KnownFields) -> Result<Given, Refusal> {
    from_entries(object(body, purpose)?, purpose, known)
}

/// Parses the body as a JSON object and returns its entries.
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

/// Reads one entry of `records`: a body with the UUID of its policy.
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

/// Tells whether the body is empty or `{}`. NetApp's clients send `{}` with a DELETE.
pub(crate) fn is_blank(body: &[u8]) -> bool {
    body.trim_ascii().is_empty() || matches!(parse(body), Ok(Json::Object(entries)) if entries.is_empty())
}

/// Tells whether the body has the name `records`, valid or not.
pub(crate) fn lists_records(body: &[u8]) -> bool {
    matches!(parse(body), Ok(Json::Object(entries)) if entries.iter().any(|(name, _)| name == "records"))
}

fn parse(body: &[u8]) -> Result<Json, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        // `serde_json` has no category for this error, so the text decides. The number is valid JSON, but no field
        // takes it.
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
                // A client that sends `null` by mistake would create a policy of the cluster.
                Json::Null if purpose == Purpose::Create && name == "svm" => {
                    return Err(Refusal::invalid(
                        &name,
                        Some("null"),
                        "leave svm out to create a policy of the cluster",
                    ));
                }
                Json::Null => {
                    let members = known.resource.members(&name, known.release);
                    for field in members.filter(|field| field.settable != Settable::Never) {
                        set(given, purpose, field, Json::Null)?;
                    }
                }
                Json::Array(_) => return Err(Refusal::array(&name)),
                other => {
                    // The value may be a secret: a client can confuse the object with the secret in it.
                    let holds_secret =
                        known.resource.members(&name, known.release).any(|field| field.kind == Kind::Secret);
                    let shown = other.shown().filter(|_| !holds_secret);
                    return Err(Refusal::invalid(&name, shown, "the value must be an object"));
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
            _ => return Err(Refusal::invalid(field.name, None, "the value must be a string")),
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
        (other, Kind::Flag) => wrong(other.shown(), "the value must be true or false, without quotes"),
        (Json::Number(Some(number)), Kind::Number(_)) => one_value::of_text(field, &number.to_string()).map(Some),
        (other, Kind::Number(_)) => wrong(other.shown(), "the value must be a whole number, without quotes"),
        (Json::Text(text), _) => one_value::of_text(field, &text).map(Some),
        (other, _) => wrong(other.shown(), "the value must be a string"),
    }
}
