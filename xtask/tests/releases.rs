//! Changes between two releases of the reference: each rule both ways, and the reports. Each single fact of the real
//! reference is changed in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::document::join;
use serde_json::{Map, Value, json};
use xtask::class::Class;
use xtask::drift::deviations;
use xtask::finding::Finding;
use xtask::openapi::{Document, LIMITS};
use xtask::place::At;
use xtask::releases::{Changes, annotate, compare};
use xtask::render::{Changes as Report, Format};
use xtask::rule::Rule;

const OLD: &str = include_str!("pages/orchard.yaml");
const NEXT: &str = include_str!("pages/orchard-next.yaml");

/// A change to the older release's facts, as two texts; the findings; and the findings the other way round.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// Each entry reads `CLASS RULE SUBJECT: FROM -> TO @LINES/LINES`; `~` stands for nothing.
const CASES: &[Case] = &[
    // Changes of an operation as a whole.
    (
        "post:\n      x-ntap-introduced: \"9.7\"",
        "post:\n      x-ntap-introduced: \"9.12\"",
        &["wording operation-introduced operation: 9.7 -> 9.12 @39/39"],
        &["wording operation-introduced operation: 9.12 -> 9.7 @39/39"],
    ),
    (
        "        - \"orchard tree show\"\n",
        "        - \"orchard tree show\"\n        - \"orchard tree list\"\n",
        &["wording operation-command operation: orchard tree show -> orchard tree list, orchard tree show @13/13"],
        &["wording operation-command operation: orchard tree list, orchard tree show -> orchard tree show @13/13"],
    ),
    (
        "fingerprint: bbbbbbbbbbb4",
        "fingerprint: bbbbbbbbbbf4",
        &["wording operation-wording operation: bbbbbbbbbbb4 -> bbbbbbbbbbf4 @40/40"],
        &["wording operation-wording operation: bbbbbbbbbbf4 -> bbbbbbbbbbb4 @40/40"],
    ),
    // An optional parameter.
    (
        "        - {name: kind, in: query, x-ontap-fingerprint: aaaaaaaaaaa3, schema: {type: string, minLength: 2, maxLength: 12}}\n",
        "",
        &["breaking parameter-removed kind: query string, optional -> ~ @17/15"],
        &["compatible parameter-added kind: ~ -> query string, optional @15/17"],
    ),
    // A required parameter.
    (
        "      parameters:\n        - {name: full,",
        "      parameters:\n        - {name: bed, in: query, required: true, schema: {type: string}}\n        - {name: full,",
        &["breaking parameter-added bed: ~ -> query string, required @43/44"],
        &["breaking parameter-removed bed: query string, required -> ~ @44/43"],
    ),
    (
        "name: full, in: query",
        "name: full, in: path",
        &["breaking parameter-location full: query -> path @44/44"],
        &["breaking parameter-location full: path -> query @44/44"],
    ),
    (
        "schema: {type: boolean}",
        "schema: {type: array, items: {type: string}}",
        &["breaking parameter-type full: boolean -> array[string] @44/44"],
        &["breaking parameter-type full: array[string] -> boolean @44/44"],
    ),
    (
        "name: full, in: query, ",
        "name: full, in: query, required: true, ",
        &["breaking parameter-required full: optional -> required @44/44"],
        &["compatible parameter-required full: required -> optional @44/44"],
    ),
    (
        "default: 3",
        "default: 4",
        &["breaking parameter-constraint height: default 3 -> default 4 @16/16"],
        &["breaking parameter-constraint height: default 4 -> default 3 @16/16"],
    ),
    (
        "default: 3, ",
        "",
        &["breaking parameter-constraint height: default 3 -> ~ @16/16"],
        &["breaking parameter-constraint height: ~ -> default 3 @16/16"],
    ),
    (
        "minimum: 1,",
        "minimum: 2,",
        &["breaking parameter-constraint height: minimum 1 -> minimum 2 @16/16"],
        &["compatible parameter-constraint height: minimum 2 -> minimum 1 @16/16"],
    ),
    (
        "maximum: 60",
        "maximum: 50",
        &["breaking parameter-constraint height: maximum 60 -> maximum 50 @16/16"],
        &["compatible parameter-constraint height: maximum 50 -> maximum 60 @16/16"],
    ),
    (
        ", maximum: 60",
        "",
        &["compatible parameter-constraint height: maximum 60 -> ~ @16/16"],
        &["breaking parameter-constraint height: ~ -> maximum 60 @16/16"],
    ),
    (
        "minLength: 2, maxLength: 12",
        "minLength: 3, maxLength: 12",
        &["breaking parameter-constraint kind: minLength 2 -> minLength 3 @17/17"],
        &["compatible parameter-constraint kind: minLength 3 -> minLength 2 @17/17"],
    ),
    (
        "minLength: 2, maxLength: 12",
        "maxLength: 12",
        &["compatible parameter-constraint kind: minLength 2 -> ~ @17/17"],
        &["breaking parameter-constraint kind: ~ -> minLength 2 @17/17"],
    ),
    (
        "minLength: 2, maxLength: 12",
        "minLength: 2, maxLength: 13",
        &["compatible parameter-constraint kind: maxLength 12 -> maxLength 13 @17/17"],
        &["breaking parameter-constraint kind: maxLength 13 -> maxLength 12 @17/17"],
    ),
    // A length of at least nothing is said or not.
    (
        "string, maxLength: 12",
        "string, minLength: 0, maxLength: 12",
        &["wording field-constraint request kind: ~ -> minLength 0 @51/51"],
        &["wording field-constraint request kind: minLength 0 -> ~ @51/51"],
    ),
    (
        "name: full, in: query, ",
        "name: full, in: query, x-ntap-introduced: \"9.10\", ",
        &["wording parameter-introduced full: 9.7 -> 9.10 @44/44"],
        &["wording parameter-introduced full: 9.10 -> 9.7 @44/44"],
    ),
    // The release of the operation, said once more.
    ("name: full, in: query, ", "name: full, in: query, x-ntap-introduced: \"9.7\", ", &[], &[]),
    (
        "fingerprint: bbbbbbbbbbb5",
        "fingerprint: bbbbbbbbbbf5",
        &["wording parameter-wording full: bbbbbbbbbbb5 -> bbbbbbbbbbf5 @44/44"],
        &["wording parameter-wording full: bbbbbbbbbbf5 -> bbbbbbbbbbb5 @44/44"],
    ),
    // A page that breaks off within the description, or has none.
    ("fingerprint: aaaaaaaaaaa4, x-ontap-cut: true", "fingerprint: aaaaaaaaaaf4", &[], &[]),
    (", x-ontap-fingerprint: bbbbbbbbbbb5", "", &[], &[]),
    // A request body.
    (
        "      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                kind: {x-ontap-fingerprint: bbbbbbbbbbb2, type: string, maxLength: 12}
                shed: {x-ontap-fingerprint: bbbbbbbbbbb6, allOf: [{$ref: \"#/components/schemas/POST.orchard.trees.shed\"}]}
",
        "",
        &["breaking request-removed request: 2 members -> ~ @46/38"],
        &["compatible request-added request: ~ -> 2 members @38/46"],
    ),
    // One whose table is left out.
    (
        "              properties:
                kind: {x-ontap-fingerprint: bbbbbbbbbbb2, type: string, maxLength: 12}
                shed: {x-ontap-fingerprint: bbbbbbbbbbb6, allOf: [{$ref: \"#/components/schemas/POST.orchard.trees.shed\"}]}
",
        "",
        &["gap table-missing request @50/48"],
        &["gap table-missing request @48/50"],
    ),
    // Members of the request.
    (
        "                kind: {x-ontap-fingerprint: bbbbbbbbbbb2, type: string, maxLength: 12}\n",
        "",
        &["breaking field-removed request kind: string -> ~ @51/50"],
        &["compatible field-added request kind: ~ -> string @50/51"],
    ),
    (
        "string, maxLength: 12",
        "integer, maxLength: 12",
        &["breaking field-type request kind: string -> integer @51/51"],
        &["breaking field-type request kind: integer -> string @51/51"],
    ),
    (
        "string, maxLength: 12",
        "string, maxLength: 11",
        &["breaking field-constraint request kind: maxLength 12 -> maxLength 11 @51/51"],
        &["compatible field-constraint request kind: maxLength 11 -> maxLength 12 @51/51"],
    ),
    (
        "string, maxLength: 12",
        "string, default: oak, maxLength: 12",
        &["breaking field-constraint request kind: ~ -> default \"oak\" @51/51"],
        &["breaking field-constraint request kind: default \"oak\" -> ~ @51/51"],
    ),
    (
        "        roof: {x-ontap-fingerprint: ccccccccccc1, type: boolean}\n",
        "",
        &["breaking field-removed request shed.roof: boolean -> ~ @111/109"],
        &["compatible field-added request shed.roof: ~ -> boolean @109/111"],
    ),
    // The response's status, headers and codes.
    (
        "\"201\":",
        "\"202\":",
        &["breaking response-status response: 201 -> 202 @54/54"],
        &["breaking response-status response: 202 -> 201 @54/54"],
    ),
    (
        "          headers:\n            Location: {x-ontap-fingerprint: bbbbbbbbbbb7, schema: {type: string}}\n",
        "",
        &["breaking header-removed Location: string -> ~ @57/54"],
        &["compatible header-added Location: ~ -> string @54/57"],
    ),
    (
        "bbbbbbbbbbb7, schema: {type: string",
        "bbbbbbbbbbb7, schema: {type: integer",
        &["breaking header-type Location: string -> integer @57/57"],
        &["breaking header-type Location: integer -> string @57/57"],
    ),
    // HTTP does not tell the two apart.
    ("Location: {", "location: {", &[], &[]),
    (
        "fingerprint: bbbbbbbbbbb7",
        "fingerprint: bbbbbbbbbbf7",
        &["wording header-wording Location: bbbbbbbbbbb7 -> bbbbbbbbbbf7 @57/57"],
        &["wording header-wording Location: bbbbbbbbbbf7 -> bbbbbbbbbbb7 @57/57"],
    ),
    (
        "        - {code: 9002, x-ontap-fingerprint: bbbbbbbbbbb9}\n",
        "",
        &["compatible error-code-removed 9002: ~ -> ~ @62/60"],
        &["compatible error-code-added 9002: ~ -> ~ @60/62"],
    ),
    (
        "fingerprint: bbbbbbbbbbb9",
        "fingerprint: bbbbbbbbbbf9",
        &["wording error-code-wording 9002: bbbbbbbbbbb9 -> bbbbbbbbbbf9 @62/62"],
        &["wording error-code-wording 9002: bbbbbbbbbbf9 -> bbbbbbbbbbb9 @62/62"],
    ),
    // The body of a 2xx response.
    (
        "        \"201\":\n          description: \"\"\n",
        "        \"201\":
          description: \"\"
          content:
            application/json:
              schema:
                type: object
                properties:
                  shed: {$ref: \"#/components/schemas/POST.orchard.trees.shed\"}
",
        &["compatible response-added response: ~ -> 1 member @54/56"],
        &["breaking response-removed response: 1 member -> ~ @56/54"],
    ),
    // Members of the response.
    (
        "        kind: {x-ontap-fingerprint: bbbbbbbbbbb2, type: string}\n",
        "",
        &["breaking field-removed response trees[].kind: string -> ~ @99/98"],
        &["compatible field-added response trees[].kind: ~ -> string @98/99"],
    ),
    (
        "aaaaaaaaaaa5, type: integer",
        "aaaaaaaaaaa5, type: string",
        &["breaking field-type response count: integer -> string @28/28"],
        &["breaking field-type response count: string -> integer @28/28"],
    ),
    (
        "trees: {type: array, items: {$ref: \"#/components/schemas/GET.orchard.trees.trees\"}}",
        "trees: {$ref: \"#/components/schemas/GET.orchard.trees.trees\"}",
        &["breaking field-type response trees: array[#trees] -> #trees @29/29"],
        &["breaking field-type response trees: #trees -> array[#trees] @29/29"],
    ),
    (
        "minimum: 0, maximum: 100",
        "minimum: 0, maximum: 99",
        &["compatible field-constraint response count: maximum 100 -> maximum 99 @28/28"],
        &["breaking field-constraint response count: maximum 99 -> maximum 100 @28/28"],
    ),
    (
        "minimum: 0, maximum: 100",
        "minimum: 1, maximum: 100",
        &["compatible field-constraint response count: minimum 0 -> minimum 1 @28/28"],
        &["breaking field-constraint response count: minimum 1 -> minimum 0 @28/28"],
    ),
    (
        "minimum: 0, maximum: 100",
        "maximum: 100",
        &["breaking field-constraint response count: minimum 0 -> ~ @28/28"],
        &["compatible field-constraint response count: ~ -> minimum 0 @28/28"],
    ),
    (
        "minimum: 0, maximum: 100",
        "default: 0, minimum: 0, maximum: 100",
        &["breaking field-constraint response count: ~ -> default 0 @28/28"],
        &["breaking field-constraint response count: default 0 -> ~ @28/28"],
    ),
    (
        "introduced: \"9.9\"",
        "introduced: \"9.10\"",
        &["wording field-introduced response trees[].owner.name: 9.9 -> 9.10 @93/93"],
        &["wording field-introduced response trees[].owner.name: 9.10 -> 9.9 @93/93"],
    ),
    (
        "fingerprint: aaaaaaaaaaa9",
        "fingerprint: aaaaaaaaaaf9",
        &["wording field-wording response trees[].owner.name: aaaaaaaaaaa9 -> aaaaaaaaaaf9 @93/93"],
        &["wording field-wording response trees[].owner.name: aaaaaaaaaaf9 -> aaaaaaaaaaa9 @93/93"],
    ),
    // Members of the error.
    (
        "        message: {x-ontap-fingerprint: aaaaaaaaaaa7, type: string}\n",
        "",
        &["breaking field-removed error error.message: string -> ~ @81/79"],
        &["compatible field-added error error.message: ~ -> string @79/81"],
    ),
    (
        "          content:
            application/json:
              schema:
                type: object
                properties:
                  error: {$ref: \"#/components/schemas/GET.orchard.trees.error\"}
",
        "",
        &["gap table-missing error @32/30"],
        &["gap table-missing error @30/32"],
    ),
    // Definitions: the description, a table that is left out, and one that nothing leads to.
    (
        "documented-as: [owner]\n      x-ontap-fingerprint: aaaaaaaaaaa8",
        "documented-as: [owner]\n      x-ontap-fingerprint: aaaaaaaaaaf8",
        &["wording definition-wording owner: aaaaaaaaaaa8 -> aaaaaaaaaaf8 @89/89"],
        &["wording definition-wording owner: aaaaaaaaaaf8 -> aaaaaaaaaaa8 @89/89"],
    ),
    (
        "      type: object
      properties:
        self: {$ref: \"#/components/schemas/GET.orchard.trees.href\"}
    GET.orchard.trees.error:
",
        "      type: object\n    GET.orchard.trees.error:\n",
        &["gap table-missing response trees[].owner._links @74/71"],
        &["gap table-missing response trees[].owner._links @71/74"],
    ),
    (
        "    POST.orchard.trees.error:
      x-ontap-documented-as: [error]
      type: object
      properties:
        code: {x-ontap-fingerprint: aaaaaaaaaaa6, type: string}
",
        "",
        &[],
        &[],
    ),
];

fn facts(file: &str, text: &str) -> Document {
    Document::parse(file, text).expect("the facts are read")
}

/// The same facts, of a later release.
fn later(text: &str) -> String {
    text.replacen("version: \"9.11.1\"", "version: \"9.15.1\"", 1)
}

fn between(from: &str, to: &str) -> Changes {
    compare(&facts("old.yaml", from), &facts("new.yaml", to))
}

fn lines(places: &[At]) -> String {
    let lines: Vec<String> = places.iter().map(|at| at.line.to_string()).collect();
    lines.join(",")
}

fn change_said(change: &Finding) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "~".to_owned());
    format!(
        "{} {} {}: {} -> {} @{}/{}",
        change.class.expect("a class").name(),
        change.rule,
        change.subject,
        value(&change.from),
        value(&change.to),
        lines(&change.from_at),
        lines(&change.to_at)
    )
}

fn gap_said(gap: &Finding) -> String {
    assert!(gap.rule.is_gap() && gap.class.is_none(), "{gap:?}");
    format!("gap {} {} @{}/{}", gap.rule, gap.subject, lines(&gap.from_at), lines(&gap.to_at))
}

fn said(changes: &Changes) -> Vec<String> {
    changes.changes.iter().map(change_said).chain(changes.gaps.iter().map(gap_said)).collect()
}

#[test]
fn each_rule_both_ways() {
    for (old, new, forward, backward) in CASES {
        assert_eq!(OLD.matches(old).count(), 1, "{old}");
        let edited = OLD.replacen(old, new, 1);
        assert_eq!(said(&between(OLD, &later(&edited))), *forward, "{old} became {new}");
        assert_eq!(said(&between(&edited, &later(OLD))), *backward, "{new} became {old}");
    }
}

/// Every rule of releases is seen at work in this file.
#[test]
fn no_rule_is_forgotten() {
    let entries = CASES.iter().flat_map(|(_, _, forward, backward)| forward.iter().chain(*backward));
    let mut seen: Vec<&str> = entries.filter_map(|entry| entry.split(' ').nth(1)).collect();
    seen.extend(["operation-added", "operation-removed", "definition-name", "page-missing", "counterpart-unclear"]);
    let of_versions = ["added", "removed", "changed", "reordered"];
    for rule in Rule::ALL.iter().filter(|rule| !rule.is_drift() && !of_versions.contains(&rule.id())) {
        assert!(seen.contains(&rule.id()), "{rule}");
    }
}

#[test]
fn nothing_changes_between_equals() {
    let changes = between(OLD, &later(OLD));
    assert_eq!(said(&changes), [""; 0]);
    let counts = changes.counts;
    assert_eq!((counts.operations, counts.parameters, counts.fields), (2, 4, 18));
    assert_eq!((counts.headers, counts.error_codes, counts.wordings_skipped), (1, 2, 1));
}

/// The operation that one side lacks is there since `introduced`; the sides are of the releases `from` and `to`.
#[track_caller]
fn with_one_operation_less(introduced: &str, from: &str, to: &str) -> [Vec<String>; 2] {
    let of = |text: &str, release: &str| {
        text.replacen("version: \"9.11.1\"", &format!("version: \"{release}\""), 1)
            .replace("introduced: \"9.7\"", &format!("introduced: \"{introduced}\""))
    };
    let start = OLD.find("    get:").expect("an operation");
    let end = OLD.find("    post:").expect("the next one");
    let less = format!("{}{}", &OLD[..start], &OLD[end..]);
    [said(&between(&of(&less, from), &of(OLD, to))), said(&between(&of(OLD, from), &of(&less, to)))]
}

#[test]
fn an_operation_comes_or_goes_or_its_page_is_missing() {
    let added = |release: &str| vec![format!("compatible operation-added operation: ~ -> since {release} @8/10")];
    let removed = |release: &str| vec![format!("breaking operation-removed operation: since {release} -> ~ @10/8")];
    let (gap_in_from, gap_in_to) =
        (vec!["gap page-missing operation @8/10".to_owned()], vec!["gap page-missing operation @10/8".to_owned()]);

    // Forwards, new since the older release.
    assert_eq!(with_one_operation_less("9.12", "9.11.1", "9.15.1"), [added("9.12"), removed("9.12")]);
    // Forwards, older than the older release.
    assert_eq!(with_one_operation_less("9.8", "9.11.1", "9.15.1"), [gap_in_from.clone(), removed("9.8")]);
    assert_eq!(with_one_operation_less("9.11.1", "9.11.1", "9.15.1"), [gap_in_from.clone(), removed("9.11.1")]);
    // Numbers, not letters: 9.9 comes before 9.11.
    assert_eq!(with_one_operation_less("9.9", "9.11", "9.15"), [gap_in_from.clone(), removed("9.9")]);
    assert_eq!(with_one_operation_less("9.11.0", "9.11", "9.15"), [gap_in_from.clone(), removed("9.11.0")]);
    // Backwards.
    assert_eq!(with_one_operation_less("9.12", "9.15.1", "9.11.1"), [added("9.12"), removed("9.12")]);
    assert_eq!(with_one_operation_less("9.8", "9.15.1", "9.11.1"), [added("9.8"), gap_in_to.clone()]);
    // Within a release, nothing comes or goes.
    assert_eq!(with_one_operation_less("9.8", "9.11.1", "9.11.1"), [gap_in_from, gap_in_to]);
    // A version that is no release tells nothing.
    assert_eq!(with_one_operation_less("soon", "9.11.1", "9.15.1"), [added("soon"), removed("soon")]);
    assert_eq!(with_one_operation_less("9.8", "early", "late"), [added("9.8"), removed("9.8")]);
}

#[test]
fn the_side_without_the_page_is_named() {
    let changes = between(OLD, NEXT);
    let sides: Vec<(bool, bool)> = changes.gaps.iter().map(|gap| (gap.from.is_some(), gap.to.is_some())).collect();
    assert_eq!(sides, [(false, true), (false, true)]);
}

#[test]
fn a_definition_by_another_name_is_only_worded_differently() {
    let renamed = OLD.replace("trees.trees", "trees.records").replace("[trees]", "[records]");
    let expected = ["wording definition-name records: trees -> records @94/94"];
    assert_eq!(said(&between(OLD, &later(&renamed))), expected);
    // The marks that tell namesakes apart are no names.
    let marked = OLD.replace("_links.self", "_links.me");
    assert_eq!(said(&between(OLD, &later(&marked))), [""; 0]);
}

/// A shed has an inner shed; each two definitions are compared once, under the shortest path.
#[test]
fn a_definition_may_contain_itself() {
    let edited = OLD.replacen("ccccccccccc1, type: boolean", "ccccccccccc1, type: string", 1);
    let expected = ["breaking field-type request shed.roof: boolean -> string @111/111"];
    assert_eq!(said(&between(OLD, &later(&edited))), expected);
}

/// A request with a value that is gone fails. A client may not know a value that is new in a response.
#[test]
fn the_values_of_a_part() {
    for (limits, rule, [more, less]) in [
        ("minLength: 2, maxLength: 12", "parameter-constraint kind", ["compatible", "breaking"]),
        ("minimum: 0, maximum: 100", "field-constraint response count", ["breaking", "compatible"]),
    ] {
        let with = |values: &str| OLD.replacen(limits, &format!("{limits}, enum: [{values}]"), 1);
        let (all, some) = (with("1, 2"), with("1"));
        let said = |from: &str, to: &str| said(&between(from, to)).join("\n");
        let starts = |text: String, start: String| assert!(text.starts_with(&start), "{text}\n{start}");
        starts(said(&some, &all), format!("{more} {rule}: enum 1 -> enum 1, 2 @"));
        starts(said(&all, &some), format!("{less} {rule}: enum 1, 2 -> enum 1 @"));
        // Where one side lists none, it may only not say so.
        assert_eq!(said(OLD, &all), "");
    }
}

#[test]
fn what_several_operations_share_is_one_change() {
    let both = OLD.replace("introduced: \"9.7\"", "introduced: \"9.8\"");
    let changes = between(OLD, &later(&both));
    assert_eq!(said(&changes), ["wording operation-introduced operation: 9.7 -> 9.8 @11,39/11,39"]);
    assert_eq!(changes.changes[0].operations, ["GET /orchard/trees", "POST /orchard/trees"]);

    let one = OLD.replacen("introduced: \"9.7\"", "introduced: \"9.8\"", 1);
    assert_eq!(between(OLD, &later(&one)).changes[0].operations, ["GET /orchard/trees"]);
}

#[test]
fn namesakes_are_told_apart_by_their_place() {
    let row = "        - {name: full, in: query, x-ontap-fingerprint: bbbbbbbbbbb5, schema: {type: boolean}}\n";
    assert_eq!(OLD.matches(row).count(), 1);
    let twice = OLD.replacen(row, &format!("{row}{row}"), 1);
    let error = Document::parse("old.yaml", &twice).expect_err("two rows of one name").to_string();
    assert_eq!(error, "old.yaml:45:11: the parameter `full` is listed twice");
    // One in the query and one in the path are two parameters, neither of which has moved.
    let path = row.replacen("query", "path", 1);
    let two = OLD.replacen(row, &format!("{path}{row}"), 1);
    let expected = ["breaking parameter-removed full: path boolean, optional -> ~ @44/43"];
    assert_eq!(said(&between(&two, &later(OLD))), expected);
}

#[test]
fn the_order_of_rows_makes_no_difference() {
    fn reversed(value: &mut Value) {
        match value {
            Value::Array(items) => {
                items.reverse();
                items.iter_mut().for_each(reversed);
            }
            Value::Object(map) => {
                map.values_mut().for_each(reversed);
                *map = std::mem::take(map).into_iter().rev().collect();
            }
            _ => {}
        }
    }
    let turned = |text: &str| {
        let mut value = crate::document::Document::parse(text).expect("YAML").value;
        reversed(&mut value);
        facts("turned.yaml", &value.to_string())
    };
    let without_places = |mut changes: Changes| {
        for change in changes.changes.iter_mut().chain(&mut changes.gaps) {
            change.from_at.clear();
            change.to_at.clear();
        }
        said(&changes)
    };
    let straight = without_places(between(OLD, NEXT));
    assert_eq!(straight.len(), 20);
    assert_eq!(without_places(compare(&turned(OLD), &facts("new.yaml", NEXT))), straight);
    assert_eq!(without_places(compare(&turned(OLD), &turned(NEXT))), straight);
}

/// The one that says that the page of the newer release is not to be believed, and some that do not fit.
const DEVIATIONS: &str = "
- {rule: parameter-type, subject: GET /orchard/trees height, documented: default 1, curated: default 3,
   operations: [GET /orchard/trees], reason: another rule}
- {rule: parameter-constraint, subject: GET /orchard/trees kind, documented: default 1, curated: default 3,
   operations: [GET /orchard/trees], reason: another subject}
- {rule: parameter-constraint, subject: GET /orchard/trees height, documented: default 2, curated: default 3,
   operations: [GET /orchard/trees], reason: another value}
- {rule: parameter-constraint, subject: GET /orchard/trees height, documented: default 1, curated: default 4,
   operations: [POST /orchard/trees], reason: another operation}
- {rule: parameter-constraint, subject: GET /orchard/trees height, documented: null, curated: minimum 1,
   operations: [GET /orchard/trees], reason: no value}
- {rule: parameter-constraint, subject: GET /orchard/trees height, documented: default 1, curated: default 3,
   operations: [GET /orchard/trees], reason: A misprint | of `one`.}
";

fn annotated(mut changes: Changes) -> Changes {
    annotate(&mut changes, &deviations::parse("deviations.yaml", DEVIATIONS).expect("the deviations are read"));
    changes
}

#[test]
fn a_known_misprint_is_noted() {
    let noted = |changes: Changes| -> Vec<(String, String)> {
        let noted = changes.changes.iter().filter_map(|change| Some((change_said(change), change.note.clone()?)));
        noted.collect()
    };
    let reason = "A misprint | of `one`.".to_owned();
    let forward = "breaking parameter-constraint height: default 3 -> default 1 @16/17".to_owned();
    assert_eq!(noted(annotated(between(OLD, NEXT))), [(forward, reason.clone())]);
    let backward = "breaking parameter-constraint height: default 1 -> default 3 @17/16".to_owned();
    assert_eq!(noted(annotated(between(NEXT, OLD))), [(backward, reason)]);
}

/// The file, or with `GOLDEN=write` in the environment: makes it.
#[track_caller]
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages").join(name);
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, text).expect("it is written");
    }
    assert_eq!(text, std::fs::read_to_string(&path).expect(name));
}

fn shown(format: Format, changes: &Changes) -> String {
    format.changes(&Report::of_releases(changes)).expect("a report")
}

#[test]
fn as_text() {
    golden("orchard.out", &shown(Format::Text, &annotated(between(OLD, NEXT))));
    assert_eq!(
        shown(Format::Text, &between(OLD, &later(OLD))),
        "from 9.11.1 (old.yaml) to 9.15.1 (new.yaml): 0 breaking, 0 compatible, 0 wording, 0 not compared\n\
         in both: operations 2, parameters 4, fields 18, headers 1, error codes 2; descriptions not compared: 1\n"
    );
}

#[test]
fn as_markdown() {
    golden("orchard.md", &shown(Format::Markdown, &annotated(between(OLD, NEXT))));
    assert_eq!(shown(Format::Markdown, &between(OLD, &later(OLD))), "## From 9.11.1 to 9.15.1\n\nNo changes.\n");
}

#[test]
fn as_a_json_document() {
    golden("orchard.json", &shown(Format::Json, &annotated(between(OLD, NEXT))));
    let schema: Value = serde_json::from_str(include_str!("../../spec/versions.schema.json")).expect("the schema");
    let report: Value = serde_json::from_str(&shown(Format::Json, &between(OLD, NEXT))).expect("JSON");
    let members: Vec<&String> = report.as_object().expect("an object").keys().collect();
    let described: Vec<&String> = schema["properties"].as_object().expect("properties").keys().collect();
    assert_eq!(members, described);
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    assert_eq!(schema.iter_errors(&report).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
}

/// A file that was made by hand may hold anything.
#[test]
fn names_cannot_steer_a_terminal_or_break_a_table() {
    let row = "        - {name: full, in: query";
    let odd = OLD.replacen(row, "        - {name: \"\\e[2Ja\\\\|b`\\n<i>\", in: query", 1);
    let changes = between(OLD, &later(&odd));
    let list = shown(Format::Text, &changes);
    assert!(list.contains("\\u{1b}[2Ja\\|b`"), "{list}");
    assert!(!list.contains('\u{1b}'), "{list}");
    let table = shown(Format::Markdown, &changes);
    assert!(table.contains("| <code> &#91;2Ja&#92;&#124;b&#96; &#60;i&#62;</code> |"), "{table}");
    let bars: Vec<usize> =
        table.lines().filter(|line| line.starts_with('|')).map(|line| line.matches('|').count()).collect();
    assert_eq!(bars, [6; 6]);
}

/// Makes a release with one operation, of the given response and definitions, in one line.
fn made(release: &str, response: Map<String, Value>, definitions: Map<String, Value>) -> Document {
    let schema = json!({"type": "object", "properties": response});
    let ok = json!({"description": "", "content": {"application/json": {"schema": schema}}});
    let operation = json!({"x-ntap-introduced": "9.7", "responses": {"200": ok}});
    let made = json!({
        "openapi": "3.0.3", "info": {"version": release}, "paths": {"/x": {"get": operation}},
        "components": {"schemas": definitions},
    });
    facts("made.yaml", &made.to_string())
}

fn field(name: &str, of: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), of)])
}

/// `count` definitions, each with the next one in it and the last one with `last`.
fn chain(release: &str, count: usize, last: Map<String, Value>) -> Document {
    let next = |index: usize| field("d", json!({"$ref": format!("#/components/schemas/GET.x.d{index}")}));
    let fields = |index: usize| if index + 1 == count { last.clone() } else { next(index + 1) };
    let definition = |index: usize| json!({"x-ontap-documented-as": [format!("d{index}")], "type": "object", "properties": fields(index)});
    made(release, next(0), (0..count).map(|index| (format!("GET.x.d{index}"), definition(index))).collect())
}

fn end(of: &str) -> Map<String, Value> {
    field("end", json!({"type": of}))
}

/// Many times what a release has, in seconds; were the time to grow with the square, it would be hours.
#[test]
fn large_releases_take_no_longer_than_their_size() {
    let fields = |name: &str| (0..20_000).map(|index| (format!("{name}{index}"), json!({"type": "string"}))).collect();
    let (old, new) = (made("9.11.1", fields("a"), Map::new()), made("9.15.1", fields("b"), Map::new()));
    let (deep, deeper) = (chain("9.11.1", 20_000, end("string")), chain("9.15.1", 20_000, end("integer")));
    // Two circles without a common divisor: each definition would meet each.
    let circle = |release, count| chain(release, count, field("d", json!({"$ref": "#/components/schemas/GET.x.d0"})));
    let (circle, another) = (circle("9.11.1", 2_000), circle("9.15.1", 1_999));

    let start = Instant::now();
    assert_eq!(compare(&old, &new).changes.len(), 40_000);

    let changes = compare(&deep, &deeper);
    assert_eq!(changes.counts.fields, 20_001);
    // The path to the end would be as long as all the rest.
    assert_eq!(said(&changes), ["breaking field-type response #d19999.end: string -> integer @1/1"]);

    let changes = compare(&circle, &another);
    assert_eq!(changes.counts.fields, 2_000 * 16 + 1);
    assert_eq!(changes.changes.iter().filter(|change| change.class != Some(Class::Wording)).count(), 0);
    assert_eq!(changes.gaps.iter().map(|gap| gap.rule.id()).collect::<Vec<_>>(), ["counterpart-unclear"]);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn a_path_is_written_out_as_deep_as_anyone_reads() {
    let subject = |count| {
        let changes = compare(&chain("9.11.1", count, end("string")), &chain("9.15.1", count, end("integer")));
        changes.changes[0].subject.clone()
    };
    assert_eq!(subject(16), format!("response {}end", "d.".repeat(16)));
    assert_eq!(subject(17), "response #d16.end");
}

const REAL: &str = "spec/documented/9.17.1.yaml";

static REAL_TEXT: LazyLock<String> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace");
    std::fs::read_to_string(root.join(REAL)).expect(REAL)
});
static REAL_FACTS: LazyLock<Document> = LazyLock::new(|| facts(REAL, &REAL_TEXT));
static REAL_TREE: LazyLock<crate::document::Document> =
    LazyLock::new(|| crate::document::Document::parse(&REAL_TEXT).expect("the facts are YAML"));
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(Page::all);

/// How often the real facts have `words`, their heading aside.
fn times(words: &str) -> usize {
    REAL_TEXT.lines().filter(|line| !line.starts_with('#')).map(|line| line.matches(words).count()).sum()
}

/// Returns the beginning of the names of an operation's definitions.
fn prefix(key: &str) -> String {
    key.replace(" /", ".").replace('/', ".").replace(['{', '}'], "") + "."
}

/// The pointer of each operation and definition, with the key of its operation.
fn blocks() -> Vec<(String, String)> {
    let members = |pointer: &str| -> Vec<(&String, String)> {
        let map = REAL_TREE.value.pointer(pointer).and_then(Value::as_object).expect("a mapping");
        map.keys().map(|name| (name, join(pointer, name))).collect()
    };
    let mut blocks = Vec::new();
    for (path, item) in members("/paths") {
        let operations = members(&item).into_iter();
        blocks.extend(operations.map(|(method, pointer)| (format!("{} {path}", method.to_uppercase()), pointer)));
    }
    let keys: Vec<String> = blocks.iter().map(|(key, _)| key.clone()).collect();
    for (name, pointer) in members("/components/schemas") {
        // The names of an operation on a path below start the same.
        let own = keys.iter().filter(|key| name.starts_with(&prefix(key))).max_by_key(|key| key.len());
        blocks.push((own.expect("an operation").clone(), pointer));
    }
    blocks
}

/// The real facts with blank lines in the place of all operations that are not to be kept, and of their definitions.
fn kept(keep: impl Fn(&str) -> bool) -> String {
    let mut lines: Vec<&str> = REAL_TEXT.lines().collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    for (_, pointer) in blocks().iter().filter(|(key, _)| !keep(key)) {
        let block = usize::try_from(REAL_TREE.place(pointer).line).expect("a small number") - 1;
        let below = lines[block + 1..].iter().take_while(|line| depth(line) > depth(lines[block])).count();
        lines[block..=block + below].fill("");
    }
    lines.join("\n") + "\n"
}

/// One operation of the real facts, with its definitions: to read all others each time takes longer than to compare them.
struct Page {
    /// The method and the path.
    key: String,
    /// The text, with the lines of the whole file.
    text: String,
    facts: Document,
    tree: crate::document::Document,
    /// The names of the definitions that a body leads to. The pages print some bodies once more, under a title.
    reached: BTreeSet<String>,
}

/// The names of the components that the operations lead to.
fn reached(document: &Value) -> BTreeSet<String> {
    let (mut reached, mut ahead) = (BTreeSet::new(), vec![&document["paths"]]);
    while let Some(value) = ahead.pop() {
        match value {
            Value::Object(members) => ahead.extend(members.values()),
            Value::Array(items) => ahead.extend(items),
            Value::String(text) => {
                let name = text.strip_prefix("#/components/schemas/").unwrap_or_default();
                let component = &document["components"]["schemas"][name];
                if !component.is_null() && reached.insert(name.to_owned()) {
                    ahead.push(component);
                }
            }
            _ => {}
        }
    }
    reached
}

impl Page {
    fn all() -> Vec<Self> {
        let page = |key: &String| {
            let text = kept(|other| other == key);
            let tree = crate::document::Document::parse(&text).expect("YAML");
            Self { key: key.clone(), facts: facts(REAL, &text), text, reached: reached(&tree.value), tree }
        };
        REAL_FACTS.operations.keys().map(page).collect()
    }

    /// The changes if a line becomes what `edit` makes of it, and if it was that before. The places stay right, since no
    /// line comes or goes.
    fn with_line(&self, number: u64, edit: impl Fn(&str) -> String) -> [Changes; 2] {
        let numbered = (1..).zip(self.text.lines());
        let edited: String =
            numbered.map(|(at, line)| if at == number { edit(line) } else { line.to_owned() } + "\n").collect();
        assert_ne!(edited, self.text, "line {number}");
        let edited = facts(REAL, &edited);
        [compare(&self.facts, &edited), compare(&edited, &self.facts)]
    }
}

/// A mapping of the real facts: an operation, a definition, or a row, which has a line of its own.
struct Part {
    page: &'static Page,
    pointer: String,
}

impl Part {
    fn all() -> Vec<Self> {
        fn collect(page: &'static Page, value: &Value, pointer: &str, parts: &mut Vec<Part>) {
            match value {
                Value::Object(map) => {
                    parts.push(Part { page, pointer: pointer.to_owned() });
                    map.iter().for_each(|(key, value)| collect(page, value, &join(pointer, key), parts));
                }
                Value::Array(items) => {
                    let items = (0..).zip(items);
                    items.for_each(|(index, value)| collect(page, value, &join(pointer, &format!("{index}")), parts));
                }
                _ => {}
            }
        }
        let mut parts = Vec::new();
        for page in PAGES.iter() {
            for top in ["/paths", "/components"] {
                collect(page, page.tree.value.pointer(top).unwrap_or(&Value::Null), top, &mut parts);
            }
        }
        parts
    }

    /// The members of tables, in the order of lines.
    fn rows() -> Vec<Self> {
        Self::all().into_iter().filter(Self::is_row).collect()
    }

    fn is_row(&self) -> bool {
        let list = self.pointer.rsplit('/').nth(1).expect("a part in a part");
        ["parameters", "properties", "headers", "x-ontap-error-codes"].contains(&list)
    }

    fn value(&self) -> &Value {
        self.page.tree.value.pointer(&self.pointer).expect("a part")
    }

    /// Returns the schema, with the type and limits of the values.
    fn schema(&self) -> &Value {
        self.value().get("schema").unwrap_or(self.value())
    }

    fn line(&self, member: &str) -> u64 {
        self.page.tree.place(&format!("{}/{member}", self.pointer)).line
    }

    /// Whether a body leads to it.
    fn reached(&self) -> bool {
        let name = self.pointer.strip_prefix("/components/schemas/").and_then(|rest| rest.split('/').next());
        name.is_none_or(|name| self.page.reached.contains(name))
    }

    fn is_parameter(&self) -> bool {
        self.pointer.contains("/parameters/")
    }

    /// The changes if this row becomes what `edit` makes of it, and if it was that before. None if it makes nothing of it.
    fn edited(&self, edit: impl Fn(&mut Map<String, Value>) -> Option<()>) -> Option<[Changes; 2]> {
        let mut value = self.value().clone();
        edit(value.as_object_mut().expect("a mapping"))?;
        let line = |line: &str| format!("{}{value}", &line[..line.find('{').expect("a row")]);
        Some(self.page.with_line(self.line(""), line))
    }

    /// The same with its schema.
    fn reshaped(&self, edit: impl Fn(&mut Map<String, Value>) -> Option<()>) -> Option<[Changes; 2]> {
        self.edited(|row| match row.get_mut("schema") {
            Some(schema) => edit(schema.as_object_mut()?),
            None => edit(row),
        })
    }

    /// The changes if a member has the text `new` instead, and if it had before. None if the part lacks the member.
    fn with_member(&self, member: &str, new: &str) -> Option<[Changes; 2]> {
        if self.is_row() {
            return self.edited(|row| {
                *row.get_mut(member)? = new.into();
                Some(())
            });
        }
        self.value().get(member)?;
        let line = |line: &str| format!("{}: \"{new}\"", &line[..line.find(':').expect("a member")]);
        Some(self.page.with_line(self.line(member), line))
    }

    /// One change for each body that leads to the part, in its class and with its line on both sides.
    #[track_caller]
    fn is_one(&self, member: &str, changes: &Changes, rule: &str, class: impl Fn(&Finding) -> Class) -> usize {
        let line = self.line(member);
        assert_eq!(changes.gaps, [], "line {line}");
        let mut bodies = BTreeMap::new();
        for change in &changes.changes {
            assert!(change.rule.id().ends_with(rule), "line {line}: {change:?}");
            assert_eq!(change.class, Some(class(change)), "line {line}: {change:?}");
            assert_eq!(change.operations, std::slice::from_ref(&self.page.key), "line {line}: {change:?}");
            let line = line.to_string();
            assert_eq!([lines(&change.from_at), lines(&change.to_at)], [line.clone(), line], "{change:?}");
            *bodies.entry(body(change)).or_insert(0) += 1;
        }
        assert!(bodies.values().all(|count| *count == 1), "line {line}: {changes:#?}");
        assert_eq!(!bodies.is_empty(), self.reached(), "line {line}: {changes:#?}");
        bodies.len()
    }
}

/// The body that a field is in, if it is one.
fn body(change: &Finding) -> &str {
    let is_field = change.rule.id().starts_with("field-");
    change.subject.split_once(' ').filter(|_| is_field).map_or("", |(body, _)| body)
}

fn is_request(change: &Finding) -> bool {
    !["response", "error"].contains(&body(change))
}

#[test]
fn the_real_reference_has_not_changed_since_itself() {
    let changes = compare(&REAL_FACTS, &REAL_FACTS);
    assert_eq!(said(&changes), [""; 0]);
    let operations = REAL_FACTS.operations.values();
    assert_eq!(changes.counts.operations, operations.len());
    assert_eq!(changes.counts.parameters, times(", in: "));
    assert_eq!(changes.counts.headers, times("            Location: "));
    assert_eq!(changes.counts.error_codes, times("{code: "));
    // Descriptions that the pages cut.
    assert_eq!(changes.counts.wordings_skipped, times("x-ontap-cut: true"));
}

#[test]
fn the_pages_are_all_of_the_real_reference() {
    let pages: Vec<Vec<&str>> = PAGES.iter().map(|page| page.text.lines().collect()).collect();
    for (number, line) in REAL_TEXT.lines().enumerate() {
        assert!(pages.iter().any(|page| page[number] == line), "{line}");
    }
    for page in PAGES.iter() {
        assert_eq!(page.facts.operations.keys().collect::<Vec<_>>(), [&page.key]);
    }
    let schemas: usize = PAGES.iter().map(|page| page.facts.schemas.len()).sum();
    assert_eq!((PAGES.len(), schemas), (REAL_FACTS.operations.len(), REAL_FACTS.schemas.len()));
}

/// Gives a schema another type; none if there is no schema.
fn retyped(schema: &mut Map<String, Value>) -> Option<()> {
    let object = match (schema.shift_remove("allOf"), schema.shift_remove("$ref")) {
        (Some(parts), _) => parts.get(0).cloned(),
        (None, target) => target.map(|target| json!({"$ref": target})),
    };
    if let Some(object) = object {
        schema.extend([("type".to_owned(), "array".into()), ("items".to_owned(), object)]);
        return Some(());
    }
    let of = schema.shift_remove("type")?;
    match schema.shift_remove("items").filter(|items| items.get("$ref").is_some()) {
        Some(object) => schema.insert("allOf".to_owned(), json!([object])),
        None => schema.insert("type".to_owned(), if of == "string" { "integer" } else { "string" }.into()),
    };
    Some(())
}

#[test]
fn each_type() {
    let (mut rows, mut reached, mut found) = (0, 0, 0);
    for part in Part::rows() {
        let Some(both) = part.reshaped(retyped) else { continue };
        rows += 1;
        reached += usize::from(part.reached());
        found += both.map(|changes| part.is_one("", &changes, "-type", |_| Class::Breaking))[0];
    }
    // All but error codes have a type; two bodies can lead to one row.
    assert_eq!(rows, Part::rows().len() - times("{code: "));
    assert!(found >= reached && reached > rows / 2, "{found} of {reached} of {rows}");
}

#[test]
fn each_description() {
    let (mut rows, mut reached, mut found) = (0, 0, 0);
    for part in Part::all() {
        let Some(both) = part.with_member("x-ontap-fingerprint", "000000000000") else { continue };
        rows += 1;
        if part.value()["x-ontap-cut"] == true {
            assert_eq!(both.each_ref().map(|changes| said(changes).len()), [0, 0]);
            continue;
        }
        let member = "x-ontap-fingerprint";
        reached += usize::from(part.reached());
        found += both.map(|changes| part.is_one(member, &changes, "-wording", |_| Class::Wording))[0];
    }
    assert_eq!(rows, REAL_TEXT.matches("x-ontap-fingerprint: ").count());
    assert!(found >= reached && reached > rows / 2, "{found} of {reached} of {rows}");
}

#[test]
fn each_requirement_release_command_and_status() {
    let mut counts = [0; 4];
    for part in Part::all() {
        if part.is_row() && part.is_parameter() {
            let is_required = part.value()["required"] == true;
            let [forward, backward] = part
                .edited(|row| {
                    if row.shift_remove("required").is_none() {
                        row.insert("required".to_owned(), true.into());
                    }
                    Some(())
                })
                .expect("a parameter is required or not");
            let classes = [Class::Breaking, Class::Compatible];
            let [now, then] = if is_required { [1, 0] } else { [0, 1] };
            part.is_one("", &forward, "parameter-required", |_| classes[now]);
            part.is_one("", &backward, "parameter-required", |_| classes[then]);
            counts[0] += 1;
        }
        let mut has = |count: usize, member: &str, both: Option<[Changes; 2]>, rule: &str, class: Class| {
            for changes in both.iter().flatten() {
                assert_eq!(part.is_one(member, changes, rule, |_| class), 1);
            }
            counts[count] += usize::from(both.is_some());
        };
        let both = part.with_member("x-ntap-introduced", "9.9");
        has(1, "x-ntap-introduced", both, "-introduced", Class::Wording);
        let commands = part.value().get("x-ontap-commands");
        let both = commands.map(|_| {
            let first = |line: &str| format!("{}- another", &line[..line.find('-').expect("an item")]);
            part.page.with_line(part.line("x-ontap-commands/0"), first)
        });
        has(2, "x-ontap-commands", both, "operation-command", Class::Wording);
        let status = part.value().get("responses").and_then(|all| all.as_object()?.keys().next());
        let both = status.map(|status| {
            part.page.with_line(part.line(&format!("responses/{status}")), |line| line.replace(status.as_str(), "299"))
        });
        let member = status.map(|status| format!("responses/{status}")).unwrap_or_default();
        has(3, &member, both, "response-status", Class::Breaking);
    }
    let all = PAGES.len();
    assert_eq!(counts, [times(", in: "), times("x-ntap-introduced: "), all, all]);
}

/// Each limit that is documented, and each that could be, in both directions.
#[test]
fn each_limit() {
    let (mut found, mut reached) = (BTreeMap::new(), BTreeMap::new());
    let has_limits = |part: &&Part| part.value().get("code").is_none() && !part.pointer.contains("/headers/");
    for part in Part::rows().iter().filter(has_limits) {
        for limit in LIMITS {
            let documented = part.schema().get(limit);
            let [forward, backward] = part
                .reshaped(|schema| {
                    // Siblings of a `$ref` are ignored.
                    if let Some(target) = schema.shift_remove("$ref") {
                        schema.insert("allOf".to_owned(), json!([{"$ref": target}]));
                    }
                    let value = match schema.get(limit) {
                        Some(Value::Bool(flag)) => (!flag).into(),
                        Some(value) => (value.as_i64()? + 1).into(),
                        None => 1.into(),
                    };
                    schema.insert(limit.to_owned(), value);
                    Some(())
                })
                .expect("each row can have limits");
            // One more than before lets less through from below, and more from above; a new limit lets less through.
            let tighter = documented.is_none() || limit.starts_with("min");
            let class = |request_breaks: bool| {
                move |change: &Finding| match limit {
                    "default" => Class::Breaking,
                    _ if is_request(change) == request_breaks => Class::Breaking,
                    _ => Class::Compatible,
                }
            };
            let kind = (limit, documented.is_some(), part.is_parameter());
            *reached.entry(kind).or_insert(0) += usize::from(part.reached());
            *found.entry(kind).or_insert(0) += part.is_one("", &forward, "-constraint", class(tighter));
            part.is_one("", &backward, "-constraint", class(!tighter));
        }
    }
    assert_eq!(LIMITS, ["default", "minimum", "maximum", "minLength", "maxLength"]);
    assert!(found.len() > LIMITS.len());
    for (kind, count) in found {
        let (_, _, is_parameter) = kind;
        // Two bodies can lead to one field.
        let fits = if is_parameter { count == reached[&kind] } else { count >= reached[&kind] };
        assert!(fits, "{kind:?}: {count} of {}", reached[&kind]);
    }
}

#[test]
fn each_row_that_comes_or_goes() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for part in Part::rows() {
        let line = part.line("");
        for (changes, goes) in part.page.with_line(line, |_| String::new()).iter().zip([true, false]) {
            for change in &changes.changes {
                let class = match (change.rule.id(), goes) {
                    ("error-code-removed", true) | ("error-code-added", false) => Class::Compatible,
                    ("parameter-removed" | "field-removed" | "header-removed", true) => Class::Breaking,
                    ("parameter-added", false) if part.value()["required"] == true => Class::Breaking,
                    ("parameter-added" | "field-added" | "header-added", false) => Class::Compatible,
                    _ => panic!("line {line}: {change:?}"),
                };
                assert_eq!(change.class, Some(class), "line {line}: {change:?}");
                let at = if goes { &change.from_at } else { &change.to_at };
                assert_eq!(at.iter().map(|at| at.line).collect::<Vec<_>>(), [line], "line {line}: {change:?}");
                *counts.entry(change.rule.id()).or_insert(0) += 1;
            }
            // The last row of a table: the page seems to have left it out.
            for gap in &changes.gaps {
                let (at, there, left_out) =
                    if goes { (&gap.from_at, &gap.from, &gap.to) } else { (&gap.to_at, &gap.to, &gap.from) };
                assert_eq!(at.iter().map(|at| at.line).collect::<Vec<_>>(), [line - 1], "line {line}: {gap:?}");
                assert!(there.is_some() && left_out.is_none(), "line {line}: {gap:?}");
                *counts.entry(gap.rule.id()).or_insert(0) += 1;
            }
            let said = changes.changes.len() + changes.gaps.len();
            let mut bodies: Vec<&str> = changes.changes.iter().map(body).collect();
            bodies.dedup();
            assert_eq!(bodies.len(), changes.changes.len(), "line {line}: {changes:#?}");
            assert_eq!(said > 0, part.reached(), "line {line}: {changes:#?}");
        }
    }
    for (part, words) in [("error-code", "{code: "), ("header", "Location: "), ("parameter", ", in: ")] {
        let [added, removed] = ["added", "removed"].map(|how| counts[format!("{part}-{how}").as_str()]);
        assert_eq!([added, removed], [times(words); 2], "{part}");
    }
    assert_eq!(counts["field-added"], counts["field-removed"]);
    assert_eq!(counts["table-missing"] % 2, 0);
    assert_eq!(counts.len(), 9, "{counts:?}");
}

#[test]
fn each_operation_that_comes_or_goes() {
    let paths = REAL_TEXT.lines().position(|line| line == "paths:").expect("paths") + 1;
    for page in PAGES.iter() {
        let (method, path) = page.key.split_once(' ').expect("a method and a path");
        let line = page.tree.place(&join(&join("/paths", path), &method.to_lowercase())).line;
        let less = kept(|key| key != page.key);
        let of = |release: &str| {
            let less = facts(REAL, &less.replacen("version: \"9.17.1\"", &format!("version: \"{release}\""), 1));
            assert_eq!(less.operations.len(), REAL_FACTS.operations.len() - 1);
            [said(&compare(&REAL_FACTS, &less)), said(&compare(&less, &REAL_FACTS))]
        };
        let gap = |from, to| format!("gap page-missing operation @{from}/{to}");
        let gaps = [[gap(line, paths as u64)], [gap(paths as u64, line)]];
        let since = REAL_FACTS.operations[&page.key].said.introduced.as_deref().expect("a release");
        let removed = [format!("breaking operation-removed operation: since {since} -> ~ @{line}/{paths}")];
        let added = [format!("compatible operation-added operation: ~ -> since {since} @{paths}/{line}")];
        assert_eq!(of("9.18.1"), [removed.clone(), added.clone()]);
        assert_eq!(of("9.17.1"), gaps);
        assert_eq!(of("9.11.1"), gaps);
        assert_eq!(of("9.7"), [removed, added]);
    }
}
