//! For each part of the curated document that is removed, changed or added: `diff` reports that part only, and
//! `regenerate` restores the facts and changes nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use crate::document::{Document, join};
use proptest::sample::subsequence;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use xtask::drift::compare;
use xtask::drift::deviations::{self, Deviation, judge};
use xtask::drift::wording::Wording;
use xtask::finding::{Finding, Fix};
use xtask::openapi::Document as Described;
use xtask::patch::{self, Edit};
use xtask::regenerate::{Regenerated, regenerate};
use xtask::rule::Rule;
use xtask::workspace;

fn file(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace");
    std::fs::read_to_string(root.join(name)).expect(name)
}

/// The newest facts, with which the spec is compared whole.
const NEWEST: &str = "spec/documented/9.17.1.yaml";

static SPEC: LazyLock<String> = LazyLock::new(|| file(workspace::SPEC));
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| Document::parse(&SPEC).expect("the spec is YAML").value);
static DOCUMENTED: LazyLock<Described> =
    LazyLock::new(|| Described::parse("facts.yaml", &file(NEWEST)).expect("the facts are read"));
static DEVIATIONS: LazyLock<Vec<Deviation>> =
    LazyLock::new(|| deviations::parse("deviations.yaml", &file(workspace::DEVIATIONS)).expect("the list is read"));
static WORDING: LazyLock<Wording> =
    LazyLock::new(|| Wording::parse("wording.yaml", &file(workspace::WORDING)).expect("the list is read"));

/// A change to the document, and the finding that it is.
#[derive(Clone, Debug)]
struct Damage {
    rule: &'static str,
    subject: String,
    edit: Edit,
    /// Whether a part goes that others are behind, so that damage to those would not be seen.
    hides: bool,
}

fn damage(rule: &'static str, subject: impl Into<String>, edit: Edit) -> Damage {
    Damage { rule, subject: subject.into(), edit, hides: false }
}

fn remove(pointer: String) -> Edit {
    Edit::Remove(pointer)
}

fn put(pointer: String, value: impl Into<Value>) -> Edit {
    Edit::Put(pointer, value.into())
}

/// All the damage there is: one of each kind to each fact.
static ALL: LazyLock<Vec<Damage>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            operation_damage(
                &format!("{} {path}", method.to_uppercase()),
                &join(&join("/paths", path), method),
                operation,
                &mut all,
            );
        }
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().expect("schemas") {
        schema_damage(name, schema, &mut all);
    }
    let catalogue = "/components/x-ontap-error-codes";
    for code in DOCUMENT.pointer(catalogue).and_then(Value::as_object).expect("the catalogue").keys() {
        all.push(damage("error-code-missing", format!("catalogue {code}"), remove(join(catalogue, code))));
    }
    let entry = json!({ "name": "frost", "summary": "It is too cold." });
    all.push(damage("error-code-undocumented", "catalogue 99", put(join(catalogue, "99"), entry)));
    all
});

fn operation_damage(key: &str, pointer: &str, operation: &Value, all: &mut Vec<Damage>) {
    let introduced = join(pointer, "x-ntap-introduced");
    all.push(damage("operation-introduced", key, put(introduced, "9.99")));
    all.push(damage("operation-constraint", key, put(join(pointer, "x-ontap-commands"), json!(["garden plot dig"]))));
    let codes = join(pointer, "x-ontap-error-codes");
    for (index, code) in operation["x-ontap-error-codes"].as_array().into_iter().flatten().enumerate() {
        let item = join(&codes, &index.to_string());
        all.push(damage("error-code-missing", format!("{key} {code}"), remove(item)));
    }
    all.push(damage("error-code-undocumented", format!("{key} 66257098"), Edit::Insert(codes, 66_257_098.into())));
    let list = join(pointer, "parameters");
    let extra = json!({ "name": "colour", "in": "query", "description": "A colour.", "schema": { "type": "string" } });
    all.push(damage("parameter-undocumented", format!("{key} colour"), Edit::Insert(list.clone(), extra)));
    for (index, parameter) in operation["parameters"].as_array().into_iter().flatten().enumerate() {
        let item = join(&list, &index.to_string());
        let reference = parameter["$ref"].as_str().map(|target| &target[1..]);
        let target = reference.map_or(parameter, |target| DOCUMENT.pointer(target).expect(target));
        let name = target["name"].as_str().expect("a name");
        let subject = format!("{key} {name}");
        all.push(damage("parameter-missing", subject.clone(), remove(item.clone())));
        if reference.is_some() || target["schema"].get("$ref").is_some() {
            continue;
        }
        let schema = join(&item, "schema");
        let other = if target["schema"]["type"] == "boolean" { "integer" } else { "boolean" };
        all.push(damage("parameter-type", subject.clone(), put(join(&schema, "type"), other)));
        all.push(damage("parameter-required", subject.clone(), put(join(&item, "required"), true)));
        all.push(damage("parameter-introduced", subject.clone(), put(join(&item, "x-ntap-introduced"), "9.99")));
        // The spec leaves out the longest length of `name` on purpose, and both lengths of an identity.
        let limit = match name {
            "name" => "minLength",
            "ppk.identity" => "default",
            _ => "maxLength",
        };
        all.push(damage("parameter-constraint", subject, put(join(&schema, limit), 3)));
    }
    for (status, response) in operation["responses"].as_object().expect("responses") {
        let headers = join(&join(&join(pointer, "responses"), status), "headers");
        for header in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
            all.push(damage("header-missing", format!("{key} {header}"), remove(join(&headers, header))));
        }
    }
}

fn schema_damage(name: &str, schema: &Value, all: &mut Vec<Damage>) {
    let pointer = join("/components/schemas", name);
    let Some(properties) = schema["properties"].as_object() else { return };
    let list = join(&pointer, "properties");
    let extra = json!({ "description": "A colour.", "type": "string" });
    all.push(damage("field-undocumented", format!("{name}.colour"), put(join(&list, "colour"), extra)));
    // The facts cannot have what came after them.
    for (field, property) in properties.iter().filter(|(_, property)| property["x-ntap-introduced"] != "9.18") {
        let (property_pointer, subject) = (join(&list, field), format!("{name}.{field}"));
        let scalar = property["type"].as_str().is_some_and(|kind| kind != "array");
        let gone = damage("field-missing", subject.clone(), remove(property_pointer.clone()));
        all.push(Damage { hides: !scalar, ..gone });
        if scalar {
            let other = if property["type"] == "boolean" { "integer" } else { "boolean" };
            all.push(damage("field-type", subject, put(join(&property_pointer, "type"), other)));
        }
    }
    let names = schema["x-ontap-documented-as"].as_array().map(Vec::as_slice).unwrap_or_default();
    // Another schema may stand for the same definition; then the fields that use this one are of another type.
    if let ([Value::String(only)], false) = (names, ["ipsec_policy", "_links"].contains(&name)) {
        let stands = |other: &&Value| {
            other["x-ontap-documented-as"].as_array().is_some_and(|names| names.contains(&json!(only)))
        };
        let schemas = DOCUMENT["components"]["schemas"].as_object().expect("schemas");
        let alone = schemas.values().filter(stands).count() == 1;
        if alone && only != "ipsec_policy" {
            let edit = remove(join(&pointer, "x-ontap-documented-as"));
            all.push(Damage { hides: true, ..damage("definition-missing", only, edit) });
        }
    }
}

fn drift(text: &str, wording: &Wording) -> BTreeSet<(String, String)> {
    let spec = Described::parse("spec.yaml", text).expect("the document is read");
    let drift = judge(compare(&DOCUMENTED, &spec, wording), &DEVIATIONS).drift;
    drift.into_iter().map(|finding| (finding.rule.id().to_owned(), finding.subject)).collect()
}

fn fixed(text: &str) -> Regenerated {
    regenerate(("spec.yaml", text), &DOCUMENTED, &DEVIATIONS, &WORDING, false).expect("it can be fixed")
}

fn comments(text: &str) -> BTreeMap<&str, usize> {
    let mut comments = BTreeMap::new();
    for comment in text.lines().filter_map(|line| line.find('#').map(|start| &line[start..])) {
        *comments.entry(comment).or_default() += 1;
    }
    comments.retain(|comment, _| comment.starts_with("# "));
    comments
}

/// Damages the document, expects to be told so, has it fixed, and expects nothing but words to be missing.
#[track_caller]
fn round_trip(damages: &[Damage]) {
    let edits: Vec<Edit> = damages.iter().map(|damage| damage.edit.clone()).collect();
    let damaged = patch::apply(&SPEC, &edits).expect("it can be damaged");
    let expected: BTreeSet<(String, String)> =
        damages.iter().map(|damage| (damage.rule.to_owned(), damage.subject.clone())).collect();
    assert_eq!(drift(&damaged, &WORDING), expected, "{damages:#?}");

    let Regenerated { spec, wording, left, unmade } = fixed(&damaged);
    assert!(unmade.is_empty(), "{damages:#?}\n{unmade:#?}");
    for finding in &left {
        assert_eq!(finding.rule, Rule::SummaryMissing, "{damages:#?}\n{finding:#?}");
    }
    assert_eq!(wording, *WORDING, "{damages:#?}");
    assert_eq!(comments(&spec), comments(&SPEC));
    if damages.len() > 1 {
        assert_eq!(fixed(&spec).spec, spec, "a second run changes something: {damages:#?}");
    }
}

#[test]
fn nothing_to_fix() {
    let Regenerated { spec, wording, left, unmade } = fixed(&SPEC);
    assert!(unmade.is_empty());
    assert_eq!(spec, *SPEC);
    assert_eq!(wording, *WORDING);
    assert_eq!(left, []);
}

/// The document can be about a later release than the newest facts.
#[test]
fn the_release_is_only_raised() {
    for (has, then) in
        [("9.8.1", DOCUMENTED.release()), (DOCUMENTED.release(), DOCUMENTED.release()), ("9.99.1", "9.99.1")]
    {
        let text = patch::apply(&SPEC, &[put("/info/version".to_owned(), has)]).expect("another release");
        let expected = patch::apply(&SPEC, &[put("/info/version".to_owned(), then)]).expect("another release");
        assert_eq!(fixed(&text).spec, expected, "{has}");
    }
}

/// Whether two pieces of damage can be done at once and told apart.
fn go_together(one: &Damage, two: &Damage) -> bool {
    let (first, second) = (one.edit.pointer(), two.edit.pointer());
    let both_insert = matches!((&one.edit, &two.edit), (Edit::Insert(..), Edit::Insert(..))) && first == second;
    let apart =
        first != second && !first.starts_with(&format!("{second}/")) && !second.starts_with(&format!("{first}/"));
    (apart || both_insert) && one.subject != two.subject && !one.hides && !two.hides
}

/// Tries each of `all`, in two threads; both take from the whole of the list.
fn in_two_threads<T: Sync>(all: &[T], attempt: impl Fn(&T) + Sync) {
    let attempt = &attempt;
    std::thread::scope(|scope| {
        for first in 0..2 {
            scope.spawn(move || all.iter().skip(first).step_by(2).for_each(attempt));
        }
    });
}

/// Every fact, a dozen at a time as far as they go together.
#[test]
fn each_fact() {
    let mut batches: Vec<Vec<Damage>> = Vec::new();
    for damage in ALL.iter() {
        let fits = |batch: &&mut Vec<Damage>| batch.len() < 12 && batch.iter().all(|other| go_together(other, damage));
        match batches.iter_mut().find(fits) {
            Some(batch) => batch.push(damage.clone()),
            None => batches.push(vec![damage.clone()]),
        }
    }
    in_two_threads(&batches, |batch| round_trip(batch));
    assert!(ALL.len() > 700, "{}", ALL.len());
}

/// A value that was replaced comes back byte for byte.
#[test]
fn each_value_that_is_changed() {
    let limits = ["parameter-type", "field-type"];
    let is_changed = |damage: &&Damage| {
        matches!(damage.edit, Edit::Put(..))
            && DOCUMENT.pointer(damage.edit.pointer()).is_some()
            && !limits.contains(&damage.rule)
    };
    let changed: Vec<&Damage> = ALL.iter().filter(is_changed).collect();
    in_two_threads(&changed, |damage| {
        let damaged = patch::apply(&SPEC, std::slice::from_ref(&damage.edit)).expect("it can be damaged");
        assert_ne!(damaged, *SPEC);
        let fixed = fixed(&damaged).spec;
        if damage.rule != "operation-constraint" {
            assert_eq!(fixed, *SPEC, "{damage:?}");
        }
    });
    let count = changed.len();
    assert!(count > 5, "{count}");
}

/// Any of the damage at once, as far as one piece does not hide another.
#[test]
fn any_facts() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let some = subsequence(ALL.clone(), 1..40);
    let outcome = runner.run(&some, |damages| {
        let mut chosen: Vec<Damage> = Vec::new();
        for damage in damages {
            if chosen.iter().all(|other| go_together(other, &damage)) {
                chosen.push(damage);
            }
        }
        round_trip(&chosen);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// `text` with `new` in the place of `old`, which it has.
#[track_caller]
fn replaced(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old}");
    text.replace(old, new)
}

fn facts() -> String {
    file(NEWEST)
}

fn regenerated(text: &str, facts: &str) -> Regenerated {
    let documented = Described::parse("facts.yaml", facts).expect("the facts are read");
    regenerate(("spec.yaml", text), &documented, &DEVIATIONS, &WORDING, false).expect("it can be fixed")
}

#[test]
fn the_only_item_of_a_list_is_exchanged_in_its_place() {
    let code = "x-ontap-error-codes:\n        - 66257096\n      parameters";
    for other in ["66257050", "66257999"] {
        let facts = replaced(&facts(), "code: 66257096", &format!("code: {other}"));
        let Regenerated { spec, .. } = regenerated(&SPEC, &facts);
        assert!(spec.contains(&code.replace("66257096", other)), "{other}");
    }
    for other in ["give_records", "yield_records"] {
        let parameter = "x-ontap-fingerprint: \"62bc35998a4c\", schema: {type: boolean, default: false}";
        let old = format!("name: return_records, in: query, {parameter}");
        let Regenerated { spec, .. } =
            regenerated(&SPEC, &replaced(&facts(), &old, &old.replace("return_records", other)));
        let new =
            format!("      parameters:\n        - name: {other}\n          in: query\n          description: \"\"\n");
        assert!(spec.contains(&new), "{other}");
    }
    let facts = replaced(&facts(), ".href\"", ".address\"");
    let facts = replaced(&replaced(&facts, ".href:\n", ".address:\n"), "as: [href]", "as: [address]");
    let Regenerated { spec, left, .. } = regenerated(&SPEC, &facts);
    assert_eq!(spec, replaced(&SPEC, "x-ontap-documented-as: [href]", "x-ontap-documented-as: [address]"));
    assert_eq!(left, []);
}

#[test]
fn a_list_whose_items_all_go_goes_too() {
    let colours = "          nullable: true\n        colour:\n          type: string\n        hue:\n          type: string\n    self_link:\n";
    let text = replaced(&SPEC, "          nullable: true\n    self_link:\n", colours);
    let link = "x-ontap-documented-as: [href]\n      type: object\n";
    let text = replaced(&text, link, &format!("{link}      required: [colour, hue] # both\n"));
    assert_eq!(fixed(&text).spec, *SPEC);
}

/// A field of two definitions, one within the other; `names` are what the page once called the outer one.
fn with_a_tunnel(names: &str) -> String {
    let svm = "            - $ref: \"#/components/schemas/svm_reference\"\n        uuid:\n";
    let field =
        "        tunnel:\n          allOf:\n            - $ref: \"#/components/schemas/tunnel\"\n        uuid:\n";
    let text = replaced(&SPEC, svm, &svm.replace("        uuid:\n", field));
    let schemas = format!(
        "    hop:
      x-ontap-documented-as: [hop]
      type: object
      properties:
        address:
          type: string
    tunnel:
      x-ontap-documented-as: {names}
      type: object
      properties:
        hop:
          $ref: \"#/components/schemas/hop\"
        around:
          $ref: \"#/components/schemas/tunnel\"
    link:
"
    );
    replaced(&text, "    link:\n", &schemas)
}

#[test]
fn schemas_of_definitions_that_are_gone_go_with_what_only_they_use() {
    for names in ["[tunnel]", "[tunnel, tube]"] {
        let Regenerated { spec, left, .. } = fixed(&with_a_tunnel(names));
        assert_eq!(left, [], "{names}");
        assert_eq!(spec, *SPEC, "{names}");
    }
}

/// Both releases have a definition `error`, but only the older one calls the body of a failure so.
#[test]
fn a_name_that_a_later_release_replaced_goes() {
    // The deviations of the older release keep the spec as it is.
    let list = file(workspace::DEVIATIONS);
    let (list, _) =
        list.split_once("\n# What the reference of an older release").expect("what is about older releases");
    let deviations = deviations::parse("deviations.yaml", list).expect("the list is read");
    let regenerated = |text: &str, facts: &str| {
        let documented = Described::parse("facts.yaml", facts).expect("the facts are read");
        regenerate(("spec.yaml", text), &documented, &deviations, &WORDING, false).expect("it can be fixed")
    };
    let older = regenerated(&SPEC, &file("spec/documented/9.11.1.yaml")).spec;
    let names = |name: &str| {
        format!(
            "    returned_error:\n      description: Why a request failed.\n      x-ontap-documented-as: [{name}]\n"
        )
    };
    assert!(older.contains(&names("error")));
    let newer = regenerated(&older, &file("spec/documented/9.15.1.yaml")).spec;
    assert!(newer.contains(&names("returned_error")));
}

/// The document with two responses that were alike made into one.
fn with_one_response() -> String {
    let of_patch = "          description: The policy is changed. The body is empty, or an empty object.\n";
    let of_delete = "          description: The policy is gone. The body is empty, or an empty object.\n";
    let reference = "          $ref: \"#/components/responses/done\"\n";
    let text = replaced(&replaced(&SPEC, of_patch, reference), of_delete, reference);
    replaced(
        &text,
        "  responses:\n    error:\n",
        "  responses:\n    done:\n      description: It is done.\n    error:\n",
    )
}

/// Where an operation starts in the facts file.
fn start(facts: &str, key: &str) -> usize {
    let (method, path) = key.split_once(' ').expect("a method and a path");
    let path = facts.find(&format!("  {path:?}:\n")).or_else(|| facts.find(&format!("  {path}:\n"))).expect(path);
    path + facts[path..].find(&format!("    {}:\n", method.to_lowercase())).expect(method)
}

/// The facts with a header for each of these operations.
fn with_headers(keys: &[&str]) -> String {
    let mut facts = facts();
    for key in keys {
        let (before, after) = facts.split_at(start(&facts, key));
        let status = "        \"200\":\n          description: \"\"\n";
        let header = "          headers:\n            Location: {schema: {type: string}}\n";
        facts = format!("{before}{}", after.replacen(status, &format!("{status}{header}"), 1));
    }
    facts
}

/// Expects that `text` is left as it is, with one difference for a person.
#[track_caller]
fn is_for_a_person(text: &str, facts: &str, rule: Rule) {
    let Regenerated { spec, left, .. } = regenerated(text, facts);
    assert_eq!(spec, text);
    let differences: Vec<&Finding> = left.iter().filter(|finding| !finding.rule.is_wording()).collect();
    assert!(
        matches!(differences.as_slice(), [Finding { fix: Fix::Person(_), rule: found, .. }] if *found == rule),
        "{left:#?}"
    );
}

#[test]
fn a_response_that_operations_share_is_changed_for_all_or_not_at_all() {
    let (modify, delete) = ("PATCH /security/ipsec/policies/{uuid}", "DELETE /security/ipsec/policies/{uuid}");
    let text = with_one_response();
    is_for_a_person(&text, &with_headers(&[modify]), Rule::HeaderMissing);
    let Regenerated { spec, left, .. } = regenerated(&text, &with_headers(&[modify, delete]));
    assert_eq!(left, []);
    let done = "      description: It is done.\n";
    let header = "      headers:\n        Location:\n          $ref: \"#/components/headers/Location\"\n";
    assert_eq!(spec, replaced(&text, done, &format!("{done}{header}")));

    let read = "          description: The policy.\n";
    let text = replaced(&SPEC, read, &format!("          # read and gone\n{read}"));
    let gone = "          description: The policy is gone. The body is empty, or an empty object.\n";
    let reference = "          $ref: \"#/paths/~1security~1ipsec~1policies~1%7Buuid%7D/get/responses/200\"\n";
    let text = replaced(&text, gone, &reference.replace("%7Buuid%7D", "{uuid}"));
    is_for_a_person(&text, &facts(), Rule::ResponseType);
}

#[test]
fn a_parameter_of_a_path_is_changed_for_all_operations_or_not_at_all() {
    let uuid = "        - $ref: \"#/components/parameters/uuid\"\n";
    let path = "  /security/ipsec/policies/{uuid}:\n";
    let first = SPEC.find(path).expect("the path");
    let end = first + SPEC[first..].find("  /security/ipsec/security-associations:\n").expect("the next one");
    let own = replaced(&SPEC[first..end], &format!("      parameters:\n{uuid}      re"), "      re");
    let text = format!("{}{}{}", &SPEC[..first], replaced(&own, uuid, ""), &SPEC[end..]);
    let parameter = "    parameters:
      - name: uuid
        in: path
        x-ntap-introduced: \"9.10\" # since then
        required: true
        description: UUID of the policy.
        schema:
          type: string
";
    let text = replaced(&text, path, &format!("{path}{parameter}"));
    let row = "name: uuid, in: path, required: true, ";
    let facts = facts();
    let start = start(&facts, "PATCH /security/ipsec/policies/{uuid}");
    // Other paths after it have such a parameter too.
    assert!(facts[start..].contains(row));
    let later = facts[start..].replacen(row, &format!("{row}x-ntap-introduced: \"9.10\", "), 1);
    is_for_a_person(&text, &format!("{}{later}", &facts[..start]), Rule::ParameterIntroduced);
    let fixed = regenerated(&text, &facts).spec;
    assert_eq!(fixed, replaced(&text, "        x-ntap-introduced: \"9.10\" # since then\n", ""));
}

/// The page has one table for whatever goes wrong: what the spec says of one status, or in an extension, is its own.
#[test]
fn responses_of_errors_stay() {
    let gone = "        \"200\":\n          description: The policy is gone.";
    let own = "        x-of-note: by hand\n        \"404\": # no such policy\n          $ref: \"#/components/responses/error\"\n        5XX:\n          $ref: \"#/components/responses/error\"\n";
    let text = replaced(&SPEC, gone, &format!("{own}{gone}"));
    let Regenerated { spec, left, .. } = fixed(&text);
    assert_eq!(left, []);
    assert_eq!(spec, text);
}

/// The pages of POST and PATCH have different sentences for one code; that of the absent one was read all the same.
#[test]
fn what_was_read_of_a_page_that_is_absent_counts_on() {
    let facts = facts();
    let (patch, components) =
        (start(&facts, "PATCH /security/ipsec/policies/{uuid}"), facts.find("components:\n").expect("components"));
    let documented = Described::parse("facts.yaml", &format!("{}{}", &facts[..patch], &facts[components..]));
    let documented = documented.expect("the facts are read");
    for accept in [false, true] {
        let regenerated = regenerate(("spec.yaml", &SPEC), &documented, &DEVIATIONS, &WORDING, accept);
        assert_eq!(regenerated.expect("it can be fixed").wording, *WORDING);
    }
}

#[test]
fn what_comes_back_departs_from_the_page_as_before() {
    let list = "[
        {rule: parameter-constraint, subject: GET /security/ipsec/policies name, documented: minLength 1, curated: null},
        {rule: parameter-constraint, subject: GET /security/ipsec/policies name, documented: maxLength 64, curated: maxLength 60},
        {rule: parameter-constraint, subject: GET /security/ipsec/policies name, documented: null, curated: default \"x y\"},
        {rule: parameter-constraint, subject: GET /security/ipsec/policies name, documented: maxLength 5, curated: maxLength 6},
        {rule: parameter-introduced, subject: GET /security/ipsec/policies name, documented: null, curated: \"9.8\"},
        {rule: parameter-required, subject: GET /security/ipsec/policies name, documented: optional, curated: required},
    ]";
    let rest = "operations: [GET /security/ipsec/policies], reason: It is so.}";
    let list = list.replace("default \"x y\"", "'default \"x y\"'").replace('}', &format!(", {rest}"));
    let deviations = deviations::parse("deviations.yaml", &list).expect("the list is read");
    let parameters = DOCUMENT["paths"]["/security/ipsec/policies"]["get"]["parameters"].as_array().expect("parameters");
    let index = parameters.iter().position(|parameter| parameter["name"] == "name").expect("the parameter");
    let pointer = format!("/paths/~1security~1ipsec~1policies/get/parameters/{index}");
    let damaged = patch::apply(&SPEC, &[remove(pointer)]).expect("it can be damaged");
    let Regenerated { spec, left, .. } =
        regenerate(("spec.yaml", &damaged), &DOCUMENTED, &deviations, &WORDING, false).expect("it can be fixed");
    let document = Document::parse(&spec).expect("it is YAML").value;
    let parameters = document["paths"]["/security/ipsec/policies"]["get"]["parameters"].as_array().expect("parameters");
    let back = json!({ "name": "name", "in": "query", "description": "", "required": true, "x-ntap-introduced": "9.8",
        "schema": { "type": "string", "maxLength": 60, "default": "x y" } });
    assert!(parameters.contains(&back), "{parameters:#?}");
    // One is not about what is documented now.
    let stale = left.iter().filter(|finding| finding.rule == Rule::DeviationStale).count();
    assert_eq!(stale, 1, "{left:#?}");
}

/// A value that has become a list is like a list that is new.
#[test]
fn what_becomes_a_list_is_written_and_read_as_one() {
    let facts = replaced(
        &facts(),
        "fingerprint: b9ca6ee632a5, schema: {type: string",
        "fingerprint: b9ca6ee632a5, schema: {type: array, items: {type: string}",
    );
    let facts = facts.lines().map(|line| match line.split_once("allOf: [").filter(|_| line.contains(" ipspace: {")) {
        Some((before, after)) => format!("{before}type: array, items: {}\n", after.replace("}]", "}")),
        None => format!("{line}\n"),
    });
    let facts: String = facts.collect();
    let Regenerated { spec, .. } = regenerated(&SPEC, &facts);
    let value = Document::parse(&spec).expect("it is YAML").value;
    let list = value["paths"]["/security/ipsec/policies"]["get"]["parameters"].as_array().expect("parameters");
    let scope = list.iter().find(|parameter| parameter["name"] == "scope").expect("the parameter");
    let expected = json!(["form", false, { "type": "array", "items": { "type": "string" } }]);
    assert_eq!(json!([scope["style"], scope["explode"], scope["schema"]]), expected);
    let ipspace = &value["components"]["schemas"]["ipsec_policy"]["properties"]["ipspace"];
    let expected = json!(["array", { "$ref": "#/components/schemas/ipspace_reference" }, true]);
    assert_eq!(json!([ipspace["type"], ipspace["items"], ipspace["nullable"]]), expected);
}

#[test]
fn a_limit_that_parameters_and_fields_share_is_changed_for_all_or_not_at_all() {
    let own = |indent: &str| format!("{indent}type: string\n{indent}minLength: 1\n");
    let reference = "$ref: \"#/components/schemas/policy_name\"\n";
    let text = replaced(&SPEC, &own("            "), &format!("            {reference}"));
    let field = format!("{}          maxLength: 64\n", own("          "));
    let text = replaced(&text, &field, &format!("          allOf:\n            - {reference}"));
    let schema = format!("    policy_name:\n      description: A name.\n{}    link:\n", own("      "));
    let text = replaced(&text, "    link:\n", &schema);
    let limit = "minLength: 1, maxLength: 64";
    let facts = replaced(&facts(), limit, "minLength: 2, maxLength: 64");
    is_for_a_person(&text, &facts, Rule::ParameterConstraint);
    let field = "name: {x-ontap-fingerprint: c9a40c6f8ff2, type: string}";
    let facts = replaced(&facts, field, &field.replace("string", "string, minLength: 2"));
    let spec = regenerated(&text, &facts).spec;
    assert!(spec.contains("    policy_name:\n      description: A name.\n      type: string\n      minLength: 2\n"));
}

#[test]
fn a_field_whose_definition_is_gone_keeps_its_description() {
    let text = "          description: The identity to present to the peer.\n          x-ntap-introduced: \"9.8\"\n";
    let members = "          x-ontap-documented-as: [tunnel]\n          type: object\n          properties:\n            mode:\n              type: string\n";
    let damaged = replaced(&SPEC, &format!("{text}          type: string\n"), &format!("{text}{members}"));
    let Regenerated { spec, left, .. } = fixed(&damaged);
    assert_eq!(left, []);
    assert_eq!(spec, *SPEC);
}

/// A code that is listed on purpose, although no page has it, would have no name without its entry.
#[test]
fn the_catalogue_keeps_the_codes_that_operations_list() {
    let text = replaced(&SPEC, "        - 66257097\n", "        - 66257097\n        - 66257098 # seen\n");
    let entry = "    \"66257099\":\n      name: too-many-protocols\n";
    let text =
        replaced(&text, entry, &format!("    \"66257098\":\n      name: seen\n      summary: It was seen.\n{entry}"));
    let list =
        "[{rule: error-code-undocumented, subject: 'PATCH /security/ipsec/policies/{uuid} 66257098', documented: null,
        curated: null, operations: ['PATCH /security/ipsec/policies/{uuid}'], reason: It was seen.}]";
    let list = deviations::parse("deviations.yaml", list).expect("the list is read");
    let deviations: Vec<Deviation> = deviations::parse("deviations.yaml", &file(workspace::DEVIATIONS))
        .expect("the list is read")
        .into_iter()
        .chain(list)
        .collect();
    let regenerated = regenerate(("spec.yaml", &text), &DOCUMENTED, &deviations, &WORDING, false);
    assert_eq!(regenerated.expect("it can be fixed").spec, text);
    // Without that purpose, both go.
    assert_eq!(fixed(&text).spec, *SPEC);
}
