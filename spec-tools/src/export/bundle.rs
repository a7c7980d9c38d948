//! The bundle: one folder with all that tools of others take from the spec.

use std::path::Path;

use serde_json::Value;
use xtask::openapi::{Document, digest};
use xtask::outcome::{Failure, Outcome};
use xtask::workspace;

use super::{TABLES, csv, rows};
use crate::generated;

const EXTENSIONS: &str = "spec/extensions.schema.json";

/// Writes the bundle of the spec, whose text is `yaml`, into the folder.
///
/// # Errors
/// If a file cannot be read or written, or if a schema refers to itself.
pub(super) fn write(
    root: &Path,
    folder: &Path,
    yaml: &str,
    spec: &Document,
    catalogue: &Value,
) -> Result<Outcome, Failure> {
    let json = |value: &Value| serde_json::to_string_pretty(value).map(|text| text + "\n");
    let mut files = vec![
        ("ontap-ipsec.yaml", yaml.to_owned()),
        ("ontap-ipsec.json", json(spec.value(""))?),
        ("ontap-ipsec.resolved.json", json(&resolved(spec, spec.value(""), &mut Vec::new())?)?),
        ("extensions.schema.json", workspace::read(&root.join(EXTENSIONS), EXTENSIONS)?),
        ("README.md", readme(spec)),
    ];
    for ((member, _), name) in TABLES.into_iter().zip(["codes.csv", "fields.csv", "parameters.csv"]) {
        files.push((name, csv(&rows(catalogue, member))?));
    }
    files.sort_unstable();
    let sums = files.iter().map(|(name, text)| format!("{}  {name}\n", digest(text.as_bytes()))).collect();
    files.push(("SHA256SUMS", sums));
    Ok(generated::keep(folder, &files, false, [""; 3])?)
}

/// Puts what references refer to in their places.
fn resolved<'d>(spec: &'d Document, value: &'d Value, around: &mut Vec<&'d str>) -> Result<Value, Failure> {
    if let Some(pointer) = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        if around.contains(&pointer) {
            return Err(format!("#{pointer} refers to itself, so that its references cannot be resolved").into());
        }
        around.push(pointer);
        let target = resolved(spec, spec.value(pointer), around);
        around.pop();
        return target;
    }
    Ok(match value {
        Value::Object(members) => {
            let mut whole = serde_json::Map::new();
            for (name, member) in members {
                whole.insert(name.clone(), resolved(spec, member, around)?);
            }
            whole.into()
        }
        Value::Array(items) => {
            items.iter().map(|item| resolved(spec, item, around)).collect::<Result<Vec<_>, _>>()?.into()
        }
        other => other.clone(),
    })
}

fn readme(spec: &Document) -> String {
    let version = spec.value("/info/x-ontap-spec-version").as_str().unwrap_or_default();
    format!(
        "# IPsec of NetApp ONTAP, up to {}: version {version} of the OpenAPI document\n\n\
         - `ontap-ipsec.yaml`, `ontap-ipsec.json`: the document, which refers to nothing outside itself\n\
         - `ontap-ipsec.resolved.json`: the same without references, for tools that follow none\n\
         - `extensions.schema.json`: the contract of its extensions, as JSON Schema 2020-12\n\
         - `codes.csv`, `fields.csv`, `parameters.csv`: what people look up, as RFC 4180\n\
         - `SHA256SUMS`: checksums, for `sha256sum --check`\n",
        spec.release()
    )
}
