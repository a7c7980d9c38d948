//! SARIF 2.1.0 (OASIS), for viewers of static analysis.

use serde_json::{Value, json};

use super::{Drift, level, person, rules};
use crate::finding::Finding;
use crate::place::At;
use crate::rule::Rule;

/// Shows drift as a SARIF log. Allowed differences are suppressed results.
pub(super) fn drift(drift: &Drift<'_>) -> String {
    let allowed = drift.judged.allowed.iter().map(|finding| result(finding, finding.note.as_deref()));
    let drift = drift.judged.drift.iter().map(|finding| result(finding, None));
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ontap-ipsec xtask diff",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules().map(descriptor).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": drift.chain(allowed).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn descriptor(rule: Rule) -> Value {
    let explanation = rule.meaning();
    let first = explanation.split_inclusive(". ").next().unwrap_or_default().trim_end();
    json!({
        "id": rule.id(),
        "shortDescription": { "text": first },
        "fullDescription": { "text": explanation },
        "defaultConfiguration": { "level": level(rule) },
    })
}

fn result(finding: &Finding, allowed: Option<&str>) -> Value {
    let text = finding.message() + &person(finding).map(|reason| format!("\n{reason}")).unwrap_or_default();
    let documented = if finding.rule.is_undocumented() { "not documented here" } else { "documented here" };
    let related = finding.from_at.iter().map(|at| {
        let mut place = location(at);
        place["message"] = json!({ "text": documented });
        place
    });
    let mut result = json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": rules().position(|rule| rule == finding.rule),
        "level": level(finding.rule),
        "message": { "text": message(&text) },
        "locations": finding.to_at.iter().map(location).collect::<Vec<_>>(),
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": { "finding/v1": finding.fingerprint() },
        "properties": { "operations": finding.operations },
    });
    if let Some(reason) = allowed {
        result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    result
}

fn location(at: &At) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&at.file) },
        "region": { "startLine": at.line, "startColumn": at.column },
    }})
}

/// Escapes placeholders and links (sections 3.11.5 and 3.11.6 of the standard).
fn message(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") { text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]") } else { text }
}

/// Writes the file as a reference (RFC 3986): a relative one stays relative, others have a scheme.
fn uri(file: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let path: String = file
        .bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let drive = file.as_bytes().get(1) == Some(&b':');
    match (file.starts_with("//"), file.starts_with('/'), drive) {
        (true, ..) => format!("file:{path}"),
        (_, true, _) => format!("file://{path}"),
        (_, _, true) => format!("file:///{}", path.replacen("%3A", ":", 1)),
        _ => path,
    }
}
