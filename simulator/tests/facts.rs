//! What the vendor's documents say of each release, read from `spec/documented/`.

use std::collections::BTreeMap;

use ontap_ipsec_simulator::Release;
use serde::Deserialize;
use serde_json::Value;

pub(crate) const LIST: &str = "GET /security/ipsec/policies";
pub(crate) const READ: &str = "GET /security/ipsec/policies/{uuid}";
pub(crate) const CREATE: &str = "POST /security/ipsec/policies";
pub(crate) const CHANGE: &str = "PATCH /security/ipsec/policies/{uuid}";

/// The documented operations, by method and path.
#[derive(Deserialize)]
pub(crate) struct Facts {
    pub(crate) operations: BTreeMap<String, Operation>,
}

#[derive(Deserialize)]
pub(crate) struct Operation {
    pub(crate) parameters: Vec<Parameter>,
    #[serde(default)]
    request: Vec<Member>,
    pub(crate) status: u16,
    response: Vec<Member>,
    pub(crate) headers: Vec<Member>,
    error_codes: Vec<ErrorCode>,
    definitions: BTreeMap<String, Definition>,
}

#[derive(Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(rename = "in")]
    pub(crate) place: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) limits: Limits,
    introduced: Option<String>,
}

/// A limit of a kind that no test knows fails them all.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Limits {
    pub(crate) default: Option<Value>,
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
}

#[derive(Deserialize)]
pub(crate) struct Member {
    pub(crate) name: String,
    #[serde(rename = "type")]
    kind: String,
    introduced: Option<String>,
}

#[derive(Deserialize)]
struct ErrorCode {
    code: u32,
}

#[derive(Deserialize)]
struct Definition {
    fields: Vec<Member>,
}

impl Facts {
    /// Reads the page of 9.11.1 for that release, and the page of 9.15.1, which has marks, for all others.
    pub(crate) fn of(release: &str) -> Self {
        serde_saphyr::from_str(match release {
            "9.11.1" => include_str!("../../spec/documented/9.11.1.yaml"),
            _ => include_str!("../../spec/documented/9.15.1.yaml"),
        })
        .unwrap()
    }
}

impl Operation {
    /// The fields of a policy in the request: dotted name and type.
    pub(crate) fn request(&self, release: &str) -> BTreeMap<String, String> {
        self.leaves("", &self.request, release)
    }

    /// The fields of a policy in the answer, or in the records of it.
    pub(crate) fn response(&self, release: &str) -> BTreeMap<String, String> {
        match self.response.iter().find(|member| member.name == "records") {
            Some(records) => self.leaves("", &self.definition(records).unwrap().fields, release),
            None => self.leaves("", &self.response, release),
        }
    }

    pub(crate) fn codes(&self) -> impl Iterator<Item = u32> {
        self.error_codes.iter().map(|entry| entry.code)
    }

    fn leaves(&self, prefix: &str, members: &[Member], release: &str) -> BTreeMap<String, String> {
        let known = members.iter().filter(|member| is_known(member.introduced.as_deref(), release));
        let mut leaves = BTreeMap::new();
        for member in known.filter(|member| member.name != "_links") {
            let name = format!("{prefix}{}", member.name);
            match self.definition(member) {
                Some(object) => leaves.extend(self.leaves(&format!("{name}."), &object.fields, release)),
                None => drop(leaves.insert(name, member.kind.clone())),
            }
        }
        leaves
    }

    fn definition(&self, member: &Member) -> Option<&Definition> {
        let (_, name) = member.kind.split_once('#')?;
        Some(&self.definitions[name.trim_end_matches(']')])
    }
}

impl Parameter {
    pub(crate) fn is_known(&self, release: &str) -> bool {
        is_known(self.introduced.as_deref(), release)
    }
}

/// Whether something with this mark is there in the release; without one, it always was.
fn is_known(introduced: Option<&str>, release: &str) -> bool {
    let parse = |text: &str| text.parse::<Release>().unwrap();
    introduced.is_none_or(|introduced| parse(introduced) <= parse(release))
}
