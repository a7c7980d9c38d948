//! Whatever one part the curated document loses, the comparison says so once, by name and with the right lines; and
//! whatever one fact of the page changes, too. Each test goes through all parts there are, and says how many that is.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

#[allow(dead_code)]
#[path = "../../codegen/document.rs"]
mod document;

use std::path::Path;
use std::sync::LazyLock;

use document::{Document, join};
use serde_json::Value;
use xtask::drift::compare;
use xtask::drift::deviations::{self, Deviation, judge};
use xtask::drift::wording::Wording;
use xtask::finding::Finding;
use xtask::openapi::Document as Described;
use xtask::workspace;

const LIST: &str = "GET /security/ipsec/policies";
const CREATE: &str = "POST /security/ipsec/policies";
const READ: &str = "GET /security/ipsec/policies/{uuid}";
const MODIFY: &str = "PATCH /security/ipsec/policies/{uuid}";
const DELETE: &str = "DELETE /security/ipsec/policies/{uuid}";
const ALL: [&str; 5] = [DELETE, LIST, READ, MODIFY, CREATE];

const FACTS: &str = "spec/documented/9.15.1.yaml";

fn file(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace");
    std::fs::read_to_string(root.join(name)).expect(name)
}

static SPEC_TEXT: LazyLock<String> = LazyLock::new(|| file(workspace::SPEC));
static FACTS_TEXT: LazyLock<String> = LazyLock::new(|| file(FACTS));
static SPEC: LazyLock<Document> = LazyLock::new(|| Document::parse(&SPEC_TEXT).expect("the spec is YAML"));
static FACTS_DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::parse(&FACTS_TEXT).expect("the facts are YAML"));
static DOCUMENTED: LazyLock<Described> = LazyLock::new(|| described(FACTS, &FACTS_TEXT));

static WORDING: LazyLock<Wording> =
    LazyLock::new(|| Wording::parse(workspace::WORDING, &file(workspace::WORDING)).expect("the list is read"));

static CURATED: LazyLock<Described> = LazyLock::new(|| described(workspace::SPEC, &SPEC_TEXT));
static DEVIATIONS: LazyLock<Vec<Deviation>> = LazyLock::new(|| {
    deviations::parse(workspace::DEVIATIONS, &file(workspace::DEVIATIONS)).expect("the deviations are read")
});

fn described(file: &str, text: &str) -> Described {
    Described::parse(file, text).expect(file)
}

/// The drift with another text of the spec.
fn drift_of_spec(text: &str) -> Vec<Finding> {
    judge(compare(&DOCUMENTED, &described(workspace::SPEC, text), &WORDING), &DEVIATIONS).drift
}

/// The drift with another text of the facts.
fn drift_of_facts(text: &str) -> Vec<Finding> {
    judge(compare(&described(FACTS, text), &CURATED, &WORDING), &DEVIATIONS).drift
}

/// `text` without the block that starts in `line`: that line, and all below it that are indented more.
fn without(text: &str, line: u64) -> String {
    let index = usize::try_from(line).expect("a small number") - 1;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let start = indent(lines[index]);
    let below = lines[index + 1..].iter().take_while(|line| line.trim().is_empty() || indent(line) > start).count();
    [&lines[..index], &lines[index + 1 + below..]].concat().concat()
}

/// What a finding says, shortened to what these tests are about.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    rule: &'static str,
    subject: String,
    operations: Vec<String>,
    line: u64,
    documented: Vec<u64>,
}

fn said(finding: &Finding) -> Said {
    assert_eq!(finding.to_at[0].file, workspace::SPEC);
    assert!(finding.from_at.iter().all(|at| at.file == FACTS));
    Said {
        rule: finding.rule.id(),
        subject: finding.subject.clone(),
        operations: finding.operations.clone(),
        line: finding.to_at[0].line,
        documented: finding.from_at.iter().map(|at| at.line).collect(),
    }
}

/// Takes out of the spec what is at `pointer`, and expects to be told just that.
#[track_caller]
fn is_missed(pointer: &str, expected: &Said) {
    let drift = drift_of_spec(&without(&SPEC_TEXT, SPEC.place(pointer).line));
    let said: Vec<Said> = drift.iter().map(said).collect();
    assert_eq!(said.as_slice(), std::slice::from_ref(expected), "without {pointer}");
}

fn key(path: &str, method: &str) -> String {
    format!("{} {path}", method.to_uppercase())
}

/// The operations of the spec: pointer, key and value.
fn operations() -> Vec<(String, String, &'static Value)> {
    let paths = SPEC.value["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("methods");
            methods.iter().map(move |(method, value)| (join(&join("/paths", path), method), key(path, method), value))
        })
        .collect()
}

/// The line of the row with this name, in the list or the mapping at `pointer` of the facts file.
fn row(pointer: &str, name: &str) -> u64 {
    let rows = FACTS_DOCUMENT.value.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
    let is_it = |row: &Value| row["name"] == name || row["code"].as_u64().is_some_and(|code| name.parse() == Ok(code));
    let key = match rows {
        Value::Array(rows) => rows.iter().position(is_it).map(|index| index.to_string()),
        rows => rows.get(name).map(|_| name.to_owned()),
    };
    FACTS_DOCUMENT.place(&join(pointer, &key.unwrap_or_else(|| panic!("no {name} in {pointer}")))).line
}

/// The pointer of a part of an operation in the facts file: a member, the fields of a body, or those of a definition.
fn facts_pointer(operation: &str, part: &str) -> String {
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    let own = join(&join("/paths", path), &method.to_lowercase());
    let fields = |body: &str| format!("{own}/{body}/content/application~1json/schema/properties");
    match part {
        "request" => fields("requestBody"),
        "response" => fields(&format!("responses/{}", success(operation))),
        "error" => fields("responses/default"),
        _ => match part.strip_prefix('#') {
            Some(definition) => {
                let component = format!("{method}{}.{definition}", path.replace('/', ".").replace(['{', '}'], ""));
                format!("/components/schemas/{component}/properties")
            }
            None => format!("{own}/{part}"),
        },
    }
}

fn success(operation: &str) -> &'static str {
    if operation == CREATE { "201" } else { "200" }
}

#[test]
fn there_is_no_drift_to_begin_with() {
    assert_eq!(drift_of_spec(&SPEC_TEXT), []);
}

#[test]
fn each_error_code_of_each_operation() {
    let mut counts = Vec::new();
    for (pointer, operation, value) in operations() {
        let list = join(&pointer, "x-ontap-error-codes");
        let codes = value["x-ontap-error-codes"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, code) in codes.iter().enumerate() {
            let expected = Said {
                rule: "error-code-missing",
                subject: format!("{operation} {code}"),
                operations: vec![operation.clone()],
                line: SPEC.place(&list).line,
                documented: vec![row(&facts_pointer(&operation, "x-ontap-error-codes"), &code.to_string())],
            };
            is_missed(&join(&list, &index.to_string()), &expected);
        }
        counts.push((operation, codes.len()));
    }
    let counts: Vec<(&str, usize)> = counts.iter().map(|(operation, count)| (operation.as_str(), *count)).collect();
    assert_eq!(counts, [(LIST, 0), (CREATE, 44), (READ, 0), (MODIFY, 26), (DELETE, 1)]);
}

#[test]
fn each_error_code_of_the_catalogue() {
    let catalogue = SPEC.value["components"]["x-ontap-error-codes"].as_object().expect("the catalogue");
    let list = "/components/x-ontap-error-codes";
    for code in catalogue.keys() {
        let mut rows = Vec::new();
        for (_, operation, value) in operations() {
            let codes = value["x-ontap-error-codes"].as_array().map(Vec::as_slice).unwrap_or_default();
            if codes.iter().any(|other| &other.to_string() == code) {
                let line = row(&facts_pointer(&operation, "x-ontap-error-codes"), code);
                rows.push((line, operation));
            }
        }
        let (mut documented, mut operations): (Vec<u64>, Vec<String>) = rows.into_iter().unzip();
        documented.sort_unstable();
        operations.sort();
        let expected = Said {
            rule: "error-code-missing",
            subject: format!("catalogue {code}"),
            operations,
            line: SPEC.place(list).line,
            documented,
        };
        is_missed(&join(list, code), &expected);
    }
    assert_eq!(catalogue.len(), 46);
}

#[test]
fn each_parameter_of_each_operation() {
    let mut counts = Vec::new();
    for (pointer, operation, value) in operations() {
        let list = join(&pointer, "parameters");
        let parameters = value["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, parameter) in parameters.iter().enumerate() {
            let target = parameter["$ref"].as_str().map(|target| &target[1..]);
            let parameter = target.map_or(parameter, |target| SPEC.value.pointer(target).expect(target));
            let name = parameter["name"].as_str().expect("a name");
            let expected = Said {
                rule: "parameter-missing",
                subject: format!("{operation} {name}"),
                operations: vec![operation.clone()],
                line: SPEC.place(&list).line,
                documented: vec![row(&facts_pointer(&operation, "parameters"), name)],
            };
            is_missed(&join(&list, &index.to_string()), &expected);
        }
        counts.push((operation, parameters.len()));
    }
    let counts: Vec<(&str, usize)> = counts.iter().map(|(operation, count)| (operation.as_str(), *count)).collect();
    assert_eq!(counts, [(LIST, 28), (CREATE, 1), (READ, 2), (MODIFY, 1), (DELETE, 1)]);
}

/// For each schema that is an object, the tables of the page that it stands for. What PATCH leaves out on purpose is
/// not in the way to the definitions behind it.
fn tables(schema: &str) -> Vec<(&'static str, &'static str)> {
    let each = |operations: &[&'static str], table| operations.iter().map(|operation| (*operation, table)).collect();
    let of = |definitions: &[&'static str], operations: &[&'static str]| -> Vec<(&'static str, &'static str)> {
        definitions.iter().flat_map(|table| operations.iter().map(|operation| (*operation, *table))).collect()
    };
    match schema {
        "ipsec_policy" => {
            vec![(LIST, "#records"), (CREATE, "#records"), (READ, "response")]
        }
        "ipsec_policy_create" => vec![(CREATE, "request"), (CREATE, "#ipsec_policy")],
        "ipsec_policy_modify" => vec![(MODIFY, "request"), (MODIFY, "#ipsec_policy")],
        "ipsec_policy_response" => each(&[LIST, CREATE], "response"),
        "ipsec_endpoint" => of(&["#local_endpoint", "#remote_endpoint"], &[LIST, CREATE, READ, MODIFY]),
        "svm_reference" => each(&[LIST, CREATE, READ], "#svm"),
        "ipspace_reference" => each(&[LIST, CREATE, READ], "#ipspace"),
        "certificate_reference" => each(&[LIST, CREATE, READ, MODIFY], "#certificate"),
        "link" => each(&[LIST, CREATE, READ, MODIFY], "#href"),
        "self_link" => [of(&["#_links.self"], &[LIST, CREATE]), of(&["#_links"], &[READ, MODIFY])].concat(),
        "collection_links" => each(&[LIST, CREATE], "#_links.next.self"),
        "error_response" => each(&ALL, "error"),
        "returned_error" => each(&ALL, "#returned_error"),
        "error" => each(&[LIST, CREATE], "#error"),
        "error_argument" => each(&ALL, "#error_arguments"),
        other => panic!("the schema {other} is new: say which tables of the page it stands for"),
    }
}

#[test]
fn each_field_of_each_schema() {
    let schemas = SPEC.value["components"]["schemas"].as_object().expect("schemas");
    let mut counts = Vec::new();
    for (schema, value) in schemas {
        let list = join(&join("/components/schemas", schema), "properties");
        let Some(properties) = value["properties"].as_object() else { continue };
        for name in properties.keys() {
            let mut operations: Vec<String> = Vec::new();
            let mut documented = Vec::new();
            for (operation, table) in tables(schema) {
                operations.push(operation.to_owned());
                documented.push(row(&facts_pointer(operation, table), name));
            }
            operations.sort();
            operations.dedup();
            documented.sort_unstable();
            let expected = Said {
                rule: "field-missing",
                subject: format!("{schema}.{name}"),
                operations,
                line: SPEC.place(&list).line,
                documented,
            };
            is_missed(&join(&list, name), &expected);
        }
        counts.push((schema.as_str(), properties.len()));
    }
    let expected = [
        ("ipsec_policy", 14),
        ("ipsec_policy_create", 13),
        ("ipsec_policy_modify", 7),
        ("ipsec_policy_response", 4),
        ("ipsec_endpoint", 4),
        ("svm_reference", 3),
        ("ipspace_reference", 3),
        ("certificate_reference", 3),
        ("link", 1),
        ("self_link", 1),
        ("collection_links", 2),
        ("error_response", 1),
        ("returned_error", 4),
        ("error", 3),
        ("error_argument", 2),
    ];
    assert_eq!(counts, expected);
}

#[test]
fn each_operation() {
    let operations = operations();
    for (pointer, operation, _) in &operations {
        let path = &pointer[..pointer.rfind('/').expect("a method")];
        let expected = Said {
            rule: "operation-missing",
            subject: operation.clone(),
            operations: vec![operation.clone()],
            line: SPEC.place(path).line,
            documented: vec![FACTS_DOCUMENT.place(facts_pointer(operation, "").trim_end_matches('/')).line],
        };
        is_missed(pointer, &expected);
    }
    assert_eq!(operations.len(), 5);
}

#[test]
fn each_body_response_and_header() {
    let one = |rule, subject: &str, operation: &str, at: &str, documented: &str| {
        let documented = FACTS_DOCUMENT.place(&facts_pointer(operation, documented)).line;
        let operations = vec![operation.to_owned()];
        Said { rule, subject: subject.to_owned(), operations, line: SPEC.place(at).line, documented: vec![documented] }
    };
    let mut count = 0;
    for (pointer, operation, value) in operations() {
        let responses = join(&pointer, "responses");
        let mut check = |removed: &str, expected: Said| {
            is_missed(removed, &expected);
            count += 1;
        };
        if value.get("requestBody").is_some() {
            let removed = join(&pointer, "requestBody");
            check(
                &removed,
                one("operation-type", &format!("{operation} request"), &operation, &pointer, "requestBody"),
            );
        }
        for (status, response) in value["responses"].as_object().expect("responses") {
            let subject = format!("{operation} {status}");
            let documented = format!("responses/{status}");
            let removed = join(&responses, status);
            check(&removed, one("response-missing", &subject, &operation, &responses, &documented));
            if response.get("content").is_some() {
                let content = join(&removed, "content");
                check(&content, one("response-type", &subject, &operation, &removed, &format!("{documented}/content")));
            }
            for name in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
                let headers = join(&removed, "headers");
                let subject = format!("{operation} {name}");
                let documented = format!("{documented}/headers/{name}");
                check(&join(&headers, name), one("header-missing", &subject, &operation, &headers, &documented));
            }
        }
    }
    // 2 request bodies, 5 successes of which 3 have a body and 1 a header, 5 errors.
    assert_eq!(count, 16);
}

/// The error's body is written once, for all operations.
#[test]
fn the_shared_body_of_errors() {
    let at = "/components/responses/error/content";
    let mut documented: Vec<u64> = ALL
        .iter()
        .map(|operation| FACTS_DOCUMENT.place(&facts_pointer(operation, "responses/default/content")).line)
        .collect();
    documented.sort_unstable();
    let expected = Said {
        rule: "response-type",
        subject: "components.responses.error".to_owned(),
        operations: ALL.map(str::to_owned).to_vec(),
        line: SPEC.place("/components/responses/error").line,
        documented,
    };
    is_missed(at, &expected);
}

#[test]
fn each_release_and_command_of_each_operation() {
    for (pointer, operation, _) in operations() {
        for (member, rule, documented) in [
            ("x-ntap-introduced", "operation-introduced", "x-ntap-introduced"),
            ("x-ontap-commands", "operation-constraint", "x-ontap-commands"),
        ] {
            let expected = Said {
                rule,
                subject: operation.clone(),
                operations: vec![operation.clone()],
                line: SPEC.place(&pointer).line,
                documented: vec![FACTS_DOCUMENT.place(&facts_pointer(&operation, documented)).line],
            };
            is_missed(&join(&pointer, member), &expected);
        }
    }
    assert_eq!(operations().len(), 5);
}

/// A schema or parameter that is still referred to cannot be left out: that is no difference but a broken document.
#[test]
fn each_component_that_is_referred_to() {
    let mut count = 0;
    for kind in ["parameters", "headers", "responses", "schemas"] {
        for name in SPEC.value["components"][kind].as_object().expect(kind).keys() {
            let pointer = join(&join("/components", kind), name);
            let error =
                Described::parse(workspace::SPEC, &without(&SPEC_TEXT, SPEC.place(&pointer).line)).expect_err(name);
            assert!(error.to_string().ends_with(&format!(": \"#{pointer}\" is not in this document")), "{error}");
            let line = usize::try_from(error.at.line).expect("a small number") - 1;
            let text = without(&SPEC_TEXT, SPEC.place(&pointer).line);
            assert!(text.lines().nth(line).expect("a line").contains(&format!("$ref: \"#{pointer}\"")), "{error}");
            count += 1;
        }
    }
    assert_eq!(count, 26);
}

/// What stands for a definition; a schema that says so no longer is one finding, if no other schema says it.
#[test]
fn each_definition() {
    let mut count = 0;
    for (schema, value) in SPEC.value["components"]["schemas"].as_object().expect("schemas") {
        let list = format!("/components/schemas/{schema}/x-ontap-documented-as");
        let names = value["x-ontap-documented-as"].as_array().map(Vec::as_slice).unwrap_or_default();
        let [name] = names else { continue };
        let name = name.as_str().expect("a name");
        if ["ipsec_policy", "_links"].contains(&name) {
            continue;
        }
        let drift = drift_of_spec(&without(&SPEC_TEXT, SPEC.place(&list).line));
        let said: Vec<(&str, &str, u64)> =
            drift.iter().map(|finding| (finding.rule.id(), finding.subject.as_str(), finding.to_at[0].line)).collect();
        assert_eq!(said, [("definition-missing", name, SPEC.place("/components/schemas").line)]);
        count += 1;
    }
    // svm, ipspace, certificate, href, returned_error, error and error_arguments.
    assert_eq!(count, 7);
}

/// The drift of each line of the facts file that `changed` makes another one, with its number. No line comes or goes.
fn facts_with(changed: impl Fn(&str) -> Option<String>) -> Vec<(u64, Vec<Finding>)> {
    let lines: Vec<&str> = FACTS_TEXT.lines().collect();
    let mut all = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(new) = changed(line) {
            let text = [&lines[..index], &[new.as_str()], &lines[index + 1..]].concat().join("\n");
            all.push((index as u64 + 1, drift_of_facts(&text)));
        }
    }
    all
}

/// The value of `name` in a row, which ends with the value or goes on behind a comma.
fn value_of<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!("{name}: "))?;
    Some(rest.split([',', '}']).next().unwrap_or(rest))
}

fn with_value(line: &str, name: &str, value: &str) -> String {
    let old = value_of(line, name).expect(name);
    line.replacen(&format!("{name}: {old}"), &format!("{name}: {value}"), 1)
}

/// Whether the line is a parameter, a header or a field.
fn is_row(line: &str) -> bool {
    line.contains('{') && (line.contains("type: ") || line.contains("$ref: ")) && !line.starts_with('#')
}

/// One finding, with the line that was changed among its documented places.
#[track_caller]
fn is_one(line: u64, drift: &[Finding], rules: &[&str]) {
    let [finding] = drift else { panic!("{FACTS}:{line}: {drift:#?}") };
    assert!(rules.contains(&finding.rule.id()), "{FACTS}:{line}: {finding:?}");
    assert!(finding.from_at.iter().any(|at| at.line == line), "{FACTS}:{line}: {finding:?}");
}

#[test]
fn each_documented_type() {
    let changed = facts_with(|line| {
        if !is_row(line) {
            return None;
        }
        let strings = "type: array, items: {type: string}";
        let reference = line.split_once("{$ref: ").and_then(|(_, rest)| rest.split_once('}'));
        let reference = reference.map(|(target, _)| format!("{{$ref: {target}}}"));
        Some(match reference {
            Some(one) if line.contains("items: ") => {
                line.replace(&format!("type: array, items: {one}"), &format!("allOf: [{one}]"))
            }
            Some(one) => {
                let line = line.replace(&format!("allOf: [{one}]"), &format!("type: array, items: {one}"));
                line.replace(&format!(": {one}"), &format!(": {{type: array, items: {one}}}"))
            }
            None if line.contains(strings) => line.replace(strings, "type: string"),
            None if value_of(line, "type") == Some("string") => with_value(line, "type", "integer"),
            None => with_value(line, "type", "string"),
        })
    });
    // PATCH leaves svm and ipspace out, so that nothing leads to their definitions there.
    let behind: Vec<u64> = ["svm", "ipspace"]
        .iter()
        .flat_map(|definition| {
            let list = facts_pointer(MODIFY, &format!("#{definition}"));
            ["_links", "name", "uuid"].map(|field| row(&list, field))
        })
        .collect();
    let mut silent = 0;
    for (line, drift) in &changed {
        if behind.contains(line) {
            assert_eq!(drift, &[]);
            silent += 1;
        } else {
            // A field that the spec leaves out on purpose is not the one that was meant any more.
            is_one(*line, drift, &["parameter-type", "field-type", "field-missing", "header-type"]);
        }
    }
    let rows = FACTS_TEXT.lines().filter(|line| is_row(line)).count();
    assert_eq!((changed.len(), silent), (rows, 6));
    assert_eq!(rows, 268);
}

#[test]
fn each_documented_requirement_limit_and_release() {
    let required = facts_with(|line| {
        let optional = line.contains("in: query, ").then(|| line.replace("in: query, ", "in: query, required: true, "));
        optional.or_else(|| line.contains("required: true, ").then(|| line.replace("required: true, ", "")))
    });
    for (line, drift) in &required {
        // The parameter `uuid` of three operations is written once; so is `fields` of two.
        is_one(*line, drift, &["parameter-required"]);
    }
    assert_eq!(required.len(), 33);

    let mut count = 0;
    for limit in xtask::openapi::LIMITS {
        let changed = facts_with(|line| {
            let other = match value_of(line, limit)? {
                "true" => "false".to_owned(),
                "false" => "true".to_owned(),
                number => (number.parse::<i64>().ok()? + 1).to_string(),
            };
            Some(with_value(line, limit, &other))
        });
        for (line, drift) in &changed {
            if drift.len() == 2 {
                // A deviation allows the value it names, and no other.
                let said: Vec<(&str, &str)> =
                    drift.iter().map(|finding| (finding.rule.id(), finding.subject.as_str())).collect();
                let deviates = match limit {
                    "default" => "return_timeout",
                    "maxLength" => "name",
                    _ => panic!("{limit}: {drift:?}"),
                };
                let subject = format!("{LIST} {deviates}");
                let stale = format!("parameter-constraint {subject}");
                assert_eq!(said, [("deviation-stale", stale.as_str()), ("parameter-constraint", subject.as_str())]);
            } else {
                is_one(*line, drift, &["parameter-constraint"]);
            }
        }
        count += changed.len();
    }
    // The defaults of return_records (twice) and return_timeout, its minimum and maximum, and the lengths of a name.
    assert_eq!(count, 7);

    let releases = facts_with(|line| {
        value_of(line, "x-ntap-introduced").map(|_| with_value(line, "x-ntap-introduced", "\"9.9\""))
    });
    for (line, drift) in &releases {
        is_one(*line, drift, &["operation-introduced", "parameter-introduced"]);
    }
    assert_eq!(releases.len(), 9);
}

/// Each sentence that the vendor changes.
#[test]
fn each_fingerprint() {
    let name = "x-ontap-fingerprint";
    let changed = facts_with(|line| {
        value_of(line, name).filter(|_| !line.starts_with('#')).map(|_| with_value(line, name, "\"000000000000\""))
    });
    let mut silent = Vec::new();
    for (line, drift) in &changed {
        let row = FACTS_TEXT.lines().nth(usize::try_from(*line).expect("a line") - 1).expect("a row").trim();
        match drift.as_slice() {
            [] => silent.push(row),
            [finding] => {
                assert!(finding.rule.is_wording());
                // The sentence about an operation or a definition has a line of its own, two below the part's.
                let near = if row.starts_with(name) { *line - 2 } else { *line };
                assert!(finding.from_at.iter().any(|at| at.line == near), "{line}: {finding:?}");
            }
            _ => panic!("{line}: {drift:?}"),
        }
    }
    // The spec leaves these out on purpose, so that it has no words for them that could be out of date.
    let mut names: Vec<&str> = silent.iter().map(|row| row.split(':').next().expect("a name")).collect();
    names.sort_unstable();
    names.dedup();
    let left_out = ["action", "authentication_method", "ipspace", "name", "scope", "secret_key", "svm", "uuid"];
    assert_eq!(names, left_out);
    assert_eq!(changed.len(), 333);
}

#[test]
fn each_row_that_is_not_documented_any_more() {
    let mut parameters = 0;
    for (pointer, operation, value) in operations() {
        let list = join(&pointer, "parameters");
        for (index, parameter) in value["parameters"].as_array().into_iter().flatten().enumerate() {
            let target = parameter["$ref"].as_str().map(|target| &target[1..]);
            let parameter = target.map_or(parameter, |target| SPEC.value.pointer(target).expect(target));
            let name = parameter["name"].as_str().expect("a name");
            let line = row(&facts_pointer(&operation, "parameters"), name);
            let text = without(&FACTS_TEXT, line);
            let said: Vec<(&str, String, u64)> = drift_of_facts(&text)
                .iter()
                .map(|finding| (finding.rule.id(), finding.subject.clone(), finding.to_at[0].line))
                .collect();
            let at = SPEC.place(&join(&list, &index.to_string())).line;
            assert_eq!(said, [("parameter-undocumented", format!("{operation} {name}"), at)]);
            parameters += 1;
        }
    }
    assert_eq!(parameters, 33);

    let mut codes = 0;
    for (pointer, operation, value) in operations() {
        let list = join(&pointer, "x-ontap-error-codes");
        for (index, code) in value["x-ontap-error-codes"].as_array().into_iter().flatten().enumerate() {
            let line = row(&facts_pointer(&operation, "x-ontap-error-codes"), &code.to_string());
            let text = without(&FACTS_TEXT, line);
            let at = SPEC.place(&join(&list, &index.to_string())).line;
            // The catalogue keeps it as long as the operation lists it.
            let expected = [("error-code-undocumented", format!("{operation} {code}"), at)];
            let said: Vec<(&str, String, u64)> = drift_of_facts(&text)
                .iter()
                .map(|finding| (finding.rule.id(), finding.subject.clone(), finding.to_at[0].line))
                .collect();
            assert_eq!(said, expected);
            codes += 1;
        }
    }
    assert_eq!(codes, 71);
}

#[test]
fn each_body_with_another_schema() {
    let names = ["ipsec_policy", "ipsec_policy_create", "ipsec_policy_modify", "ipsec_policy_response"];
    let (paths, components) = SPEC_TEXT.split_once("\ncomponents:").expect("operations and components");
    let mut swapped = 0;
    for (at, _) in paths.match_indices("application/json:\n") {
        let Some((start, name)) = names.iter().find_map(|name| {
            let reference = format!("$ref: \"#/components/schemas/{name}\"\n");
            let next = paths[at..].lines().nth(2)?.trim_start();
            (format!("{next}\n") == reference).then(|| (at + paths[at..].find(&reference).unwrap_or(0), *name))
        }) else {
            continue;
        };
        for other in names.into_iter().filter(|other| *other != name) {
            let (before, after) = paths.split_at(start);
            let after = after.replacen(name, other, 1);
            let drift = drift_of_spec(&format!("{before}{after}\ncomponents:{components}"));
            assert!(!drift.is_empty(), "{name} became {other}");
            swapped += 1;
        }
    }
    // The answers of list, create and read; the requests of create and modify.
    assert_eq!(swapped, 5 * 3);
}
