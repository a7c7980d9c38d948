//! Reads and writes policies as text: one line of JSON for each change, with the policy as GET shows it. The text has
//! no keys, because policies have none.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    cluster::{Cluster, Item, Items, Record},
    fields::{self, Field},
    record_json::RecordJson,
    resources::POLICY,
    values::{self, Kind},
};

/// The format in the first line. The number changes if an older program could misread the file.
const FORMAT: &str = "ontap-ipsec-simulator policies 2";

/// The fields that every policy has.
const REQUIRED: [&str; 7] = [
    fields::ACTION,
    fields::ENABLED,
    fields::IPSPACE_NAME,
    fields::IPSPACE_UUID,
    fields::NAME,
    fields::SCOPE,
    fields::UUID,
];

/// The highest valid sequence number. No simulator counts so far, and adding 1 cannot overflow.
const LAST_SEQUENCE: u64 = u64::MAX / 2;

/// Writes the first line.
pub(super) fn write_head(out: &mut dyn Write, policies: &Items) -> io::Result<()> {
    writeln!(out, "{{\"format\":{},\"next_sequence\":{}}}", json!(FORMAT), policies.next_sequence())
}

/// Writes the policy with this sequence number, or that the policy is deleted.
pub(super) fn write_line(out: &mut dyn Write, policies: &Items, sequence: u64) -> io::Result<()> {
    write!(out, "{{\"sequence\":{sequence},\"policy\":")?;
    let policy = policies.at(sequence);
    let shown = policy.map(|policy| RecordJson { record: &policy.record, chosen: |_: &Field| true, links: false });
    serde_json::to_writer(&mut *out, &shown)?;
    out.write_all(b"}\n")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    next_sequence: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sequence: u64,
    /// `None` for a deleted policy.
    #[serde(deserialize_with = "record")]
    policy: Option<Record>,
}

/// Adds the policies in the text to a cluster without policies.
///
/// # Errors
/// Returns an error for invalid text, for a missing SVM, IPspace or certificate, and for a repeated name or UUID.
/// Limits are not checked, because a real cluster can also have a limit below its number of policies.
pub(super) fn read(mut text: impl BufRead, cluster: &mut Cluster) -> Result<(), String> {
    let (mut line, mut next_sequence) = (Vec::new(), 0);
    for number in 1.. {
        let at_line = |why: String| format!("line {number}: {why}");
        line.clear();
        text.read_until(b'\n', &mut line).map_err(|error| at_line(error.to_string()))?;
        if line.is_empty() {
            break;
        }
        if number == 1 {
            next_sequence = head(&line).map_err(at_line)?;
            continue;
        }
        match serde_json::from_slice(&line) {
            Ok(read) => change(read, cluster).map_err(at_line)?,
            // A killed process can leave an incomplete last line. The client of this change got no response.
            Err(error) if !line.ends_with(b"\n") && (error.is_eof() || str::from_utf8(&line).is_err()) => break,
            Err(error) => return Err(at_line(error.to_string().replace("line 1 ", ""))),
        }
    }
    cluster.policies.skip_to(next_sequence);
    Ok(())
}

/// Returns the sequence number of the next policy.
fn head(line: &[u8]) -> Result<u64, String> {
    let head: Head = serde_json::from_slice(line)
        .map_err(|_| format!("the file is no state file: the first line must have the format {FORMAT:?}"))?;
    if head.format != FORMAT {
        return Err(format!("the format is {:?}; this simulator reads only {FORMAT:?}", head.format));
    }
    if head.next_sequence > LAST_SEQUENCE {
        return Err(format!("next_sequence is {}, which is too high", head.next_sequence));
    }
    Ok(head.next_sequence)
}

fn change(Line { sequence, policy }: Line, cluster: &mut Cluster) -> Result<(), String> {
    let before = cluster.policies.at(sequence).map(|policy| policy.uuid);
    let Some(policy) = policy else {
        cluster.policies.remove(before.ok_or_else(|| format!("no policy has the sequence {sequence}"))?);
        return Ok(());
    };
    let name = policy.text(fields::NAME).unwrap_or_default();
    let refuse = |why: String| Err(format!("policy {name:?}: {why}"));
    check_references(cluster, &policy).or_else(refuse)?;
    let uuid = policy.text(fields::UUID).and_then(values::uuid).unwrap_or_default();
    if cluster.policies.get(uuid).is_some_and(|other| other.sequence != sequence) {
        return refuse(format!("an earlier policy has the UUID {uuid}"));
    }
    let svm = policy.text(fields::SVM_UUID);
    let is_namesake = |other: &Item| other.sequence != sequence && other.record.text(fields::SVM_UUID) == svm;
    if cluster.policies.named(name).any(is_namesake) {
        return refuse("an earlier policy of the same owner has this name".to_owned());
    }
    match before {
        Some(before) if before == uuid => cluster.policies.update(uuid, policy),
        Some(_) => return refuse(format!("another policy has the sequence {sequence}")),
        None if (cluster.policies.next_sequence()..=LAST_SEQUENCE).contains(&sequence) => {
            cluster.policies.skip_to(sequence);
            cluster.policies.add(uuid, policy);
        }
        None => return refuse(format!("the sequence {sequence} is not higher than the earlier ones")),
    }
    Ok(())
}

/// Checks that the cluster has the objects that the policy refers to.
fn check_references(cluster: &Cluster, policy: &Record) -> Result<(), String> {
    let svms = cluster.svms.iter().map(|svm| (svm.name.as_str(), svm.uuid));
    check_reference(policy, "SVM", [fields::SVM_NAME, fields::SVM_UUID], svms)?;
    let ipspaces = cluster.ipspaces.iter().map(|ipspace| (ipspace.name.as_str(), ipspace.uuid));
    check_reference(policy, "IPspace", [fields::IPSPACE_NAME, fields::IPSPACE_UUID], ipspaces)?;
    let certificates = cluster.certificates.iter().map(|certificate| (certificate.name.as_str(), certificate.uuid));
    check_reference(policy, "certificate", [fields::CERTIFICATE_NAME, fields::CERTIFICATE_UUID], certificates)?;
    let scope = if policy.text(fields::SVM_UUID).is_some() { "svm" } else { "cluster" };
    match policy.text(fields::SCOPE) == Some(scope) {
        true => Ok(()),
        false => Err(format!("scope must be {scope}")),
    }
}

fn check_reference<'a>(
    policy: &Record,
    kind: &str,
    [name, uuid]: [&str; 2],
    mut known: impl Iterator<Item = (&'a str, Uuid)>,
) -> Result<(), String> {
    match (policy.text(name), policy.text(uuid)) {
        (None, None) => Ok(()),
        (Some(name), Some(uuid)) => {
            let wanted = values::uuid(uuid);
            if known.any(|(known, uuid)| known == name && Some(uuid) == wanted) {
                return Ok(());
            }
            Err(format!(
                "the cluster has no {kind} {name} with the UUID {uuid}; add the {kind} to the cluster, or delete the line"
            ))
        }
        _ => Err(format!("{name} and {uuid} must both be set, or neither")),
    }
}

/// Reads a policy in the form of a GET.
fn record<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Record>, D::Error> {
    let mut record = Record::new(&POLICY);
    let Some(members) = Option::<serde_json::Map<_, _>>::deserialize(deserializer)? else { return Ok(None) };
    for (name, json) in members {
        match json {
            Json::Object(members) => {
                for (member, json) in members {
                    put(&mut record, &format!("{name}.{member}"), json).map_err(D::Error::custom)?;
                }
            }
            json => put(&mut record, &name, json).map_err(D::Error::custom)?,
        }
    }
    match REQUIRED.iter().find(|name| record.text(name).is_none()) {
        None => Ok(Some(record)),
        Some(name) => Err(D::Error::custom(format_args!("the policy has no {name}"))),
    }
}

fn put(record: &mut Record, name: &str, json: Json) -> Result<(), String> {
    let field = POLICY
        .fields
        .iter()
        .find(|field| field.name == name)
        .ok_or_else(|| format!("policies have no field {name}"))?;
    if field.kind == Kind::Secret {
        return Err(format!("{name} is a secret, which a state file cannot have"));
    }
    let value = match (json, field.kind) {
        (Json::Bool(flag), Kind::Flag) => Some(flag.to_string()),
        (Json::String(text), kind) if kind != Kind::Flag => kind.normal(&text),
        _ => None,
    };
    match value {
        None => Err(format!("the value of {name} is invalid")),
        value => {
            record.put(field.name, value.map(Into::into));
            Ok(())
        }
    }
}
