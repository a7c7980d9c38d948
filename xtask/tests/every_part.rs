//! For each part that the curated document loses, and for each fact of the page that changes, there is one finding, with
//! the right name and lines. Each test goes through all such parts, and checks their number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use crate::document::{Document, join};
use serde_json::Value;
use xtask::drift::compare;
use xtask::drift::deviations::{self, Deviation, judge};
use xtask::drift::wording::Wording;
use xtask::finding::Finding;
use xtask::openapi::Document as Described;
use xtask::rule::Rule;
use xtask::workspace;

/// The newest facts, with which the spec is compared whole.
const FACTS: &str = "spec/documented/9.17.1.yaml";

/// How many threads share the changes of a test.
const THREADS: usize = 4;

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

/// A finding, shortened to the members that these tests need.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    rule: &'static str,
    subject: String,
    operations: Vec<String>,
    line: u64,
    documented: Vec<u64>,
}

fn said(finding: &Finding) -> Said {
    assert_eq!(finding.to_at[0].file, workspace::SPEC, "{finding:?}");
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

/// Takes out of the spec what is at `pointer`, which the facts cannot have, and expects to be told nothing.
#[track_caller]
fn is_not_missed(pointer: &str) {
    assert_eq!(drift_of_spec(&without(&SPEC_TEXT, SPEC.place(pointer).line)), [], "without {pointer}");
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
    if operation.starts_with("POST ") { "201" } else { "200" }
}

/// Whether the part of the spec came after the release that the facts are of, so that these cannot have it.
fn is_later(part: &Value) -> bool {
    let release = |text: &str| text.split('.').map(|number| number.parse::<u32>().ok()).collect::<Vec<_>>();
    let introduced = part["x-ntap-introduced"].as_str();
    introduced.is_some_and(|introduced| release(introduced) > release(DOCUMENTED.release()))
}

/// How often the facts have `words`, their heading aside.
fn times(words: &str) -> usize {
    FACTS_TEXT.lines().filter(|line| !line.starts_with('#')).map(|line| line.matches(words).count()).sum()
}

#[test]
fn there_is_no_drift_to_begin_with() {
    assert_eq!(drift_of_spec(&SPEC_TEXT), []);
}

#[test]
fn each_error_code_of_each_operation() {
    let mut count = 0;
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
        count += codes.len();
    }
    assert_eq!(count, times("{code: "));
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
    assert!(catalogue.len() > 50);
}

#[test]
fn each_parameter_of_each_operation() {
    let mut count = 0;
    for (pointer, operation, value) in operations() {
        let list = join(&pointer, "parameters");
        let parameters = value["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, parameter) in parameters.iter().enumerate() {
            let target = parameter["$ref"].as_str().map(|target| &target[1..]);
            let parameter = target.map_or(parameter, |target| SPEC.value.pointer(target).expect(target));
            let name = parameter["name"].as_str().expect("a name");
            if is_later(parameter) {
                is_not_missed(&join(&list, &index.to_string()));
                continue;
            }
            count += 1;
            let expected = Said {
                rule: "parameter-missing",
                subject: format!("{operation} {name}"),
                operations: vec![operation.clone()],
                line: SPEC.place(&list).line,
                documented: vec![row(&facts_pointer(&operation, "parameters"), name)],
            };
            is_missed(&join(&list, &index.to_string()), &expected);
        }
    }
    assert_eq!(count, times(", in: "));
}

/// The pointer of the object that the schema at `pointer` is, or whose objects it lists.
fn object(document: &Document, pointer: &str) -> Option<String> {
    let value = document.value.pointer(pointer)?;
    if let Some(target) = value["$ref"].as_str() {
        return object(document, &target[1..]);
    }
    let inner = ["allOf/0", "anyOf/0", "items"].iter().find_map(|part| object(document, &format!("{pointer}/{part}")));
    inner.or_else(|| (value["type"] == "object").then(|| pointer.to_owned()))
}

/// Adds the pointers of the objects that the schema at `pointer` leads to.
fn reach(document: &Document, pointer: &str, reached: &mut BTreeSet<String>) {
    let Some(table) = object(document, pointer).filter(|table| !reached.contains(table)) else { return };
    reached.insert(table.clone());
    let rows = join(&table, "properties");
    let fields = document.value.pointer(&rows).and_then(Value::as_object);
    fields.into_iter().flatten().for_each(|(name, _)| reach(document, &join(&rows, name), reached));
}

/// The definitions of an operation's page: their pointers, and the names that they have there.
fn definitions(operation: &str) -> Vec<(String, &'static str)> {
    let prefix = |operation: &str| facts_pointer(operation, "#").replace("/properties", "");
    let own = prefix(operation);
    let longer: Vec<String> =
        operations().iter().map(|(_, other, _)| prefix(other)).filter(|other| *other > own).collect();
    let mut all = Vec::new();
    for (name, schema) in FACTS_DOCUMENT.value["components"]["schemas"].as_object().expect("schemas") {
        let pointer = join("/components/schemas", name);
        let of_longer = longer.iter().any(|other| other.starts_with(&own) && pointer.starts_with(other.as_str()));
        if let Some(name) = schema["x-ontap-documented-as"][0].as_str()
            && pointer.starts_with(&own)
            && !of_longer
        {
            all.push((pointer, name));
        }
    }
    all
}

/// The operations and the pointers of the tables.
type Tables = BTreeSet<(String, String)>;

/// For each schema of the spec that is an object, the tables of the page that it stands for, with their operations.
static TABLES: LazyLock<BTreeMap<String, Tables>> = LazyLock::new(|| {
    let mut all: BTreeMap<String, Tables> = BTreeMap::new();
    for (pointer, operation, _) in operations() {
        let content = "content/application~1json/schema";
        let body = |part: &str| format!("{pointer}/{part}/{content}");
        let error = format!("/components/responses/error/{content}");
        let success = format!("responses/{}", success(&operation));
        let printed = |part: &str| facts_pointer(&operation, part).trim_end_matches("/properties").to_owned();
        let mut ahead = vec![
            (body("requestBody"), printed("request")),
            (body(&success), printed("response")),
            (error, printed("error")),
        ];
        // Some definitions stand where no body leads: they are bodies printed a second time, or parts of what is left out.
        let led = |document, sides: Vec<&String>| {
            let mut reached = BTreeSet::new();
            sides.into_iter().for_each(|pointer| reach(document, pointer, &mut reached));
            reached
        };
        let bodies = led(&FACTS_DOCUMENT, ahead.iter().map(|(_, page)| page).collect());
        let lost: Vec<(String, &str)> =
            definitions(&operation).into_iter().filter(|(table, _)| !bodies.contains(table)).collect();
        let below = |table: &String| {
            let rows = join(table, "properties");
            let fields = FACTS_DOCUMENT.value.pointer(&rows).and_then(Value::as_object).into_iter().flatten();
            fields.filter_map(|(name, _)| object(&FACTS_DOCUMENT, &join(&rows, name))).collect::<Vec<_>>()
        };
        let named: BTreeSet<String> = lost.iter().flat_map(|(table, _)| below(table)).collect();
        let stands = |schema: &String, name: &str| {
            let names = SPEC.value.pointer(&join(schema, "x-ontap-documented-as")).and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|other| other == name))
        };
        let whole: Vec<String> = ahead.iter().filter_map(|(spec, _)| object(&SPEC, spec)).collect();
        let parts = led(&SPEC, ahead.iter().map(|(spec, _)| spec).collect());
        for (title, name) in lost.iter().filter(|(table, _)| !named.contains(table)) {
            let mut found: Vec<&String> = whole.iter().filter(|schema| stands(schema, name)).collect();
            if found.is_empty() {
                found.extend(parts.iter().filter(|schema| stands(schema, name)));
            }
            ahead.extend(found.into_iter().map(|schema| (schema.clone(), title.clone())));
        }
        while let Some((spec, page)) = ahead.pop() {
            let (Some(spec), Some(page)) = (object(&SPEC, &spec), object(&FACTS_DOCUMENT, &page)) else { continue };
            if all.entry(spec.clone()).or_default().insert((operation.clone(), page.clone())) {
                let properties = SPEC.value.pointer(&spec).and_then(|schema| schema["properties"].as_object());
                for name in properties.into_iter().flatten().map(|(name, _)| name) {
                    let of = |schema: &str| join(&format!("{schema}/properties"), name);
                    ahead.push((of(&spec), of(&page)));
                }
            }
        }
    }
    all
});

/// The lines of the fields of the definitions that nothing leads to, since the spec leaves out on purpose what would.
fn unreached() -> BTreeSet<u64> {
    let reached: BTreeSet<&str> = TABLES.values().flatten().map(|(_, table)| table.as_str()).collect();
    let mut lines = BTreeSet::new();
    for (name, schema) in FACTS_DOCUMENT.value["components"]["schemas"].as_object().expect("schemas") {
        let pointer = join("/components/schemas", name);
        if !reached.contains(pointer.as_str()) {
            let rows = join(&pointer, "properties");
            lines.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| row(&rows, name)));
        }
    }
    lines
}

#[test]
fn each_field_of_each_schema() {
    let schemas = SPEC.value["components"]["schemas"].as_object().expect("schemas");
    let mut all = Vec::new();
    for (schema, value) in schemas {
        let pointer = join("/components/schemas", schema);
        let list = join(&pointer, "properties");
        let Some(properties) = value["properties"].as_object() else { continue };
        for (name, property) in properties {
            if is_later(property) {
                all.push((join(&list, name), None));
                continue;
            }
            let mut operations = BTreeSet::new();
            let mut documented = BTreeSet::new();
            for (operation, table) in &TABLES[&pointer] {
                let rows = join(table, "properties");
                if FACTS_DOCUMENT.value.pointer(&join(&rows, name)).is_some() {
                    operations.insert(operation.clone());
                    documented.insert(row(&rows, name));
                }
            }
            let expected = Said {
                rule: "field-missing",
                subject: format!("{schema}.{name}"),
                operations: operations.into_iter().collect(),
                line: SPEC.place(&list).line,
                documented: documented.into_iter().collect(),
            };
            all.push((join(&list, name), Some(expected)));
        }
    }
    let count = all.iter().filter(|(_, expected)| expected.is_some()).count();
    assert!(count > 100, "{count}");
    std::thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(THREADS)) {
            scope.spawn(move || {
                for (pointer, expected) in part {
                    expected.as_ref().map_or_else(|| is_not_missed(pointer), |expected| is_missed(pointer, expected));
                }
            });
        }
    });
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
    assert_eq!(operations.len(), DOCUMENTED.operations.len());
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
    // Statuses, bodies other than those of errors, which are shared, and headers.
    let of_errors = operations().iter().filter(|(_, key, _)| prints_error(key)).count();
    let statuses = times("        \"20") + times("        default:");
    assert_eq!(count, statuses + times("application/json:") - of_errors + times("          headers:"));
}

/// Whether the facts have the body of an operation's errors: newer pages leave it out where a request has a body.
fn prints_error(operation: &str) -> bool {
    FACTS_DOCUMENT.value.pointer(&facts_pointer(operation, "error")).is_some()
}

/// The error's body is written once, for all operations.
#[test]
fn the_shared_body_of_errors() {
    let at = "/components/responses/error/content";
    let all = operations().into_iter().map(|(_, key, _)| key);
    let all: BTreeSet<String> = all.filter(|key| prints_error(key)).collect();
    let mut documented: Vec<u64> = all
        .iter()
        .map(|operation| FACTS_DOCUMENT.place(&facts_pointer(operation, "responses/default/content")).line)
        .collect();
    documented.sort_unstable();
    let expected = Said {
        rule: "response-type",
        subject: "components.responses.error".to_owned(),
        operations: all.into_iter().collect(),
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
    assert_eq!(operations().len(), DOCUMENTED.operations.len());
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
    assert!(count > 40, "{count}");
}

/// If no schema stands for a definition any more, that is one finding.
#[test]
fn each_definition() {
    let mut count = 0;
    for (schema, value) in SPEC.value["components"]["schemas"].as_object().expect("schemas") {
        let list = format!("/components/schemas/{schema}/x-ontap-documented-as");
        let names = value["x-ontap-documented-as"].as_array().map(Vec::as_slice).unwrap_or_default();
        let [name] = names else { continue };
        let name = name.as_str().expect("a name");
        let lists = SPEC_TEXT.lines().filter_map(|line| line.trim().strip_prefix("x-ontap-documented-as: ["));
        let stands = |list: &&str| list.trim_end_matches(']').split(", ").any(|other| other == name);
        if lists.filter(stands).count() > 1 {
            continue;
        }
        let drift = drift_of_spec(&without(&SPEC_TEXT, SPEC.place(&list).line));
        let said: Vec<(&str, &str, u64)> =
            drift.iter().map(|finding| (finding.rule.id(), finding.subject.as_str(), finding.to_at[0].line)).collect();
        assert_eq!(said, [("definition-missing", name, SPEC.place("/components/schemas").line)]);
        count += 1;
    }
    assert!(count > 7, "{count}");
}

/// The drift of each line of the facts file that `changed` makes another one, with its number. No line comes or goes.
fn facts_with(changed: impl Fn(&str) -> Option<String>) -> Vec<(u64, Vec<Finding>)> {
    let lines: Vec<&str> = FACTS_TEXT.lines().collect();
    let changes: Vec<(usize, String)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, changed(line)?))).collect();
    let drift = |(index, new): &(usize, String)| {
        let text = [&lines[..*index], &[new.as_str()], &lines[index + 1..]].concat().join("\n");
        (*index as u64 + 1, drift_of_facts(&text))
    };
    std::thread::scope(|scope| {
        let part = |some| scope.spawn(move || -> Vec<_> { <[_]>::iter(some).map(drift).collect() });
        let parts: Vec<_> = changes.chunks(changes.len().div_ceil(THREADS).max(1)).map(part).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no drift panics")).collect()
    })
}

/// Where the value of `name` starts in a row. A field can have that name too; what follows it is in braces.
fn place_of(line: &str, name: &str) -> Option<usize> {
    let key = format!("{name}: ");
    line.match_indices(&key).map(|(at, _)| at + key.len()).find(|at| !line[*at..].starts_with('{'))
}

/// The value of `name` in a row, which ends with the value or goes on behind a comma.
fn value_of<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let rest = &line[place_of(line, name)?..];
    Some(rest.split([',', '}']).next().unwrap_or(rest))
}

fn with_value(line: &str, name: &str, value: &str) -> String {
    let at = place_of(line, name).expect(name);
    let old = value_of(line, name).expect(name);
    format!("{}{value}{}", &line[..at], &line[at + old.len()..])
}

/// Whether the line is a parameter, a header or a field.
fn is_row(line: &str) -> bool {
    line.contains('{') && (line.contains("type: ") || line.contains("$ref: ")) && !line.starts_with('#')
}

/// For how many fields of the spec the field in this line of the facts stands: most often one. With `missing`, schemas
/// that leave it out on purpose count too.
fn standing(line: u64, finding: &Finding, missing: bool) -> usize {
    let at = finding.from_at.iter().find(|at| at.line == line);
    let Some((table, name)) = at.and_then(|at| at.pointer.rsplit_once("/properties/")) else { return 1 };
    let has = |schema: &str| missing || SPEC.value.pointer(&format!("{schema}/properties/{name}")).is_some();
    let of_table = |tables: &Tables| tables.iter().any(|(_, other)| other == table);
    TABLES.iter().filter(|(schema, tables)| of_table(tables) && has(schema)).count().max(1)
}

/// One finding for each field of the spec that stands for the line's, with the line among its documented places.
#[track_caller]
fn is_one(line: u64, drift: &[Finding], rules: &[&str]) {
    assert!(!drift.is_empty(), "{FACTS}:{line}: nothing");
    let missing = rules.contains(&"field-missing");
    for finding in drift {
        assert!(rules.contains(&finding.rule.id()), "{FACTS}:{line}: {finding:?}");
        assert!(finding.from_at.iter().any(|at| at.line == line), "{FACTS}:{line}: {finding:?}");
        assert_eq!(drift.len(), standing(line, finding, missing), "{FACTS}:{line}: {drift:#?}");
    }
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
    let behind = unreached();
    let mut silent = 0;
    for (line, drift) in &changed {
        if behind.contains(line) {
            assert_eq!(drift, &[]);
            silent += 1;
        } else {
            // A field that the spec leaves out on purpose is not the one that was meant any more.
            let (stale, drift): (Vec<_>, Vec<_>) =
                drift.iter().cloned().partition(|finding| finding.rule.id() == "deviation-stale");
            is_one(*line, &drift, &["parameter-type", "field-type", "field-missing", "header-type"]);
            // A field of another type leads to nothing, and no deviation is met behind it.
            let mut behind = BTreeSet::new();
            drift.iter().for_each(|finding| reach(&SPEC, &finding.to_at[0].pointer, &mut behind));
            for finding in stale {
                let schema = finding.subject.split([' ', '.']).nth(1).expect("a rule and a field");
                assert!(behind.contains(&join("/components/schemas", schema)), "{FACTS}:{line}: {finding:?}");
            }
        }
    }
    let rows = FACTS_TEXT.lines().filter(|line| is_row(line)).count();
    assert_eq!((changed.len(), silent), (rows, behind.len()));
    // An object has a line for its type alone, a list a second type or reference, and some fields the name `type`.
    let other = times("type: object") + times("items: {") + times("type: {");
    assert_eq!(rows, times("type: ") + times("$ref: ") - other);
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
    assert_eq!(required.len(), times(", in: "));

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
            if let [stale, finding] = drift.as_slice() {
                // A deviation allows the value it names, and no other.
                let rules = [stale.rule.id(), finding.rule.id()];
                assert_eq!(rules, ["deviation-stale", "parameter-constraint"], "{limit}: {drift:?}");
                assert_eq!(stale.subject, format!("parameter-constraint {}", finding.subject));
                assert!(DEVIATIONS.iter().any(|deviation| deviation.subject == finding.subject), "{drift:?}");
            } else {
                is_one(*line, drift, &["parameter-constraint"]);
            }
        }
        count += changed.len();
    }
    assert_eq!(count, xtask::openapi::LIMITS.iter().map(|limit| times(&format!("{limit}: "))).sum::<usize>());

    let releases = facts_with(|line| {
        value_of(line, "x-ntap-introduced").map(|_| with_value(line, "x-ntap-introduced", "\"9.9\""))
    });
    for (line, drift) in &releases {
        is_one(*line, drift, &["operation-introduced", "parameter-introduced", "field-introduced"]);
    }
    assert_eq!(releases.len(), times("x-ntap-introduced: "));
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
            [] => silent.push((*line, row)),
            several => {
                // The sentence about an operation or a definition has a line of its own, two below the part's.
                let near = if row.starts_with(name) { *line - 2 } else { *line };
                for finding in several {
                    assert!(finding.rule.is_wording());
                    assert!(finding.from_at.iter().any(|at| at.line == near), "{line}: {finding:?}");
                    assert_eq!(several.len(), standing(near, finding, false), "{line}: {several:?}");
                }
            }
        }
    }
    // Parts that the spec leaves out on purpose have no words that could be out of date.
    let missing = DEVIATIONS.iter().filter(|deviation| deviation.rule == Rule::FieldMissing);
    let left_out: BTreeSet<&str> = missing.filter_map(|deviation| deviation.subject.rsplit('.').next()).collect();
    let behind = unreached();
    for (line, row) in silent {
        let name = row.split(':').next().expect("a name");
        assert!(behind.contains(&line) || left_out.contains(name), "{FACTS}:{line}: {row}");
    }
    assert_eq!(changed.len(), times("x-ontap-fingerprint: "));
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
            if is_later(parameter) {
                continue;
            }
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
    assert_eq!(parameters, times(", in: "));

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
    assert_eq!(codes, times("{code: "));
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
