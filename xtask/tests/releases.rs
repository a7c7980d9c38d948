//! What changed between two releases of the reference: each rule both ways, how the reports look, and every single fact
//! of the real reference changed in turn.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

#[allow(dead_code)]
#[path = "../../codegen/document.rs"]
mod document;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use document::{Document, join};
use serde_json::{Map, Value, json};
use xtask::deviations;
use xtask::facts::Documented;
use xtask::place::At;
use xtask::releases::{Change, Changes, Class, Gap, Side, annotate, compare, json as as_json, markdown, text};

const OLD: &str = include_str!("pages/orchard.yaml");
const NEXT: &str = include_str!("pages/orchard-next.yaml");

/// What is changed in the older release's facts, into what; what the newer release has changed then; and what it has if
/// it is the other way round.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// Each entry reads `CLASS RULE SUBJECT: FROM -> TO @LINES/LINES`; `~` stands for nothing.
const CASES: &[Case] = &[
    // What is said of an operation as a whole.
    (
        "\"POST /orchard/trees\":\n    introduced: \"9.7\"",
        "\"POST /orchard/trees\":\n    introduced: \"9.12\"",
        &["wording operation-introduced operation: 9.7 -> 9.12 @50/50"],
        &["wording operation-introduced operation: 9.12 -> 9.7 @50/50"],
    ),
    (
        "      - \"orchard tree show\"\n",
        "      - \"orchard tree show\"\n      - \"orchard tree list\"\n",
        &["wording operation-command operation: orchard tree show -> orchard tree list, orchard tree show @9/9"],
        &["wording operation-command operation: orchard tree list, orchard tree show -> orchard tree show @9/9"],
    ),
    (
        "fingerprint: bbbbbbbbbbb4",
        "fingerprint: bbbbbbbbbbf4",
        &["wording operation-wording operation: bbbbbbbbbbb4 -> bbbbbbbbbbf4 @51/51"],
        &["wording operation-wording operation: bbbbbbbbbbf4 -> bbbbbbbbbbb4 @51/51"],
    ),
    // An optional parameter.
    (
        "      - {name: kind, in: query, type: string, required: false, limits: {minLength: 2, maxLength: 12}, fingerprint: aaaaaaaaaaa3}\n",
        "",
        &["breaking parameter-removed kind: query string, optional -> ~ @13/11"],
        &["compatible parameter-added kind: ~ -> query string, optional @11/13"],
    ),
    // A required parameter.
    (
        "    parameters:\n      - {name: full,",
        "    parameters:\n      - {name: bed, in: query, type: string, required: true}\n      - {name: full,",
        &["breaking parameter-added bed: ~ -> query string, required @54/55"],
        &["breaking parameter-removed bed: query string, required -> ~ @55/54"],
    ),
    (
        "name: full, in: query",
        "name: full, in: path",
        &["breaking parameter-location full: query -> path @55/55"],
        &["breaking parameter-location full: path -> query @55/55"],
    ),
    (
        "name: full, in: query, type: boolean",
        "name: full, in: query, type: \"array[string]\"",
        &["breaking parameter-type full: boolean -> array[string] @55/55"],
        &["breaking parameter-type full: array[string] -> boolean @55/55"],
    ),
    (
        "type: boolean, required: false",
        "type: boolean, required: true",
        &["breaking parameter-required full: optional -> required @55/55"],
        &["compatible parameter-required full: required -> optional @55/55"],
    ),
    (
        "default: 3",
        "default: 4",
        &["breaking parameter-constraint height: default 3 -> default 4 @12/12"],
        &["breaking parameter-constraint height: default 4 -> default 3 @12/12"],
    ),
    (
        "default: 3, ",
        "",
        &["breaking parameter-constraint height: default 3 -> ~ @12/12"],
        &["breaking parameter-constraint height: ~ -> default 3 @12/12"],
    ),
    (
        "minimum: 1,",
        "minimum: 2,",
        &["breaking parameter-constraint height: minimum 1 -> minimum 2 @12/12"],
        &["compatible parameter-constraint height: minimum 2 -> minimum 1 @12/12"],
    ),
    (
        "maximum: 60",
        "maximum: 50",
        &["breaking parameter-constraint height: maximum 60 -> maximum 50 @12/12"],
        &["compatible parameter-constraint height: maximum 50 -> maximum 60 @12/12"],
    ),
    (
        ", maximum: 60",
        "",
        &["compatible parameter-constraint height: maximum 60 -> ~ @12/12"],
        &["breaking parameter-constraint height: ~ -> maximum 60 @12/12"],
    ),
    (
        "minLength: 2, maxLength: 12",
        "minLength: 3, maxLength: 12",
        &["breaking parameter-constraint kind: minLength 2 -> minLength 3 @13/13"],
        &["compatible parameter-constraint kind: minLength 3 -> minLength 2 @13/13"],
    ),
    (
        "minLength: 2, maxLength: 12",
        "maxLength: 12",
        &["compatible parameter-constraint kind: minLength 2 -> ~ @13/13"],
        &["breaking parameter-constraint kind: ~ -> minLength 2 @13/13"],
    ),
    (
        "minLength: 2, maxLength: 12",
        "minLength: 2, maxLength: 13",
        &["compatible parameter-constraint kind: maxLength 12 -> maxLength 13 @13/13"],
        &["breaking parameter-constraint kind: maxLength 13 -> maxLength 12 @13/13"],
    ),
    // A length of at least nothing is said or not.
    (
        "{maxLength: 12}",
        "{minLength: 0, maxLength: 12}",
        &["wording field-constraint request kind: ~ -> minLength 0 @57/57"],
        &["wording field-constraint request kind: minLength 0 -> ~ @57/57"],
    ),
    (
        "required: false, fingerprint: bbbbbbbbbbb5",
        "required: false, introduced: \"9.10\", fingerprint: bbbbbbbbbbb5",
        &["wording parameter-introduced full: 9.7 -> 9.10 @55/55"],
        &["wording parameter-introduced full: 9.10 -> 9.7 @55/55"],
    ),
    // The release of the operation, said once more.
    (
        "required: false, fingerprint: bbbbbbbbbbb5",
        "required: false, introduced: \"9.7\", fingerprint: bbbbbbbbbbb5",
        &[],
        &[],
    ),
    (
        "fingerprint: bbbbbbbbbbb5",
        "fingerprint: bbbbbbbbbbf5",
        &["wording parameter-wording full: bbbbbbbbbbb5 -> bbbbbbbbbbf5 @55/55"],
        &["wording parameter-wording full: bbbbbbbbbbf5 -> bbbbbbbbbbb5 @55/55"],
    ),
    // A page that breaks off within the description, or has none.
    ("fingerprint: aaaaaaaaaaa4, cut: true", "fingerprint: aaaaaaaaaaf4", &[], &[]),
    (", fingerprint: bbbbbbbbbbb5", "", &[], &[]),
    // A request body.
    (
        "    request:\n      - {name: kind, type: string, limits: {maxLength: 12}, fingerprint: bbbbbbbbbbb2}\n      - {name: shed, type: \"#shed\", fingerprint: bbbbbbbbbbb6}\n",
        "",
        &["breaking request-removed request: 2 members -> ~ @56/49"],
        &["compatible request-added request: ~ -> 2 members @49/56"],
    ),
    // One whose table is left out.
    (
        "    request:\n      - {name: kind, type: string, limits: {maxLength: 12}, fingerprint: bbbbbbbbbbb2}\n      - {name: shed, type: \"#shed\", fingerprint: bbbbbbbbbbb6}\n",
        "    request: []\n",
        &["gap table-missing request @56/56"],
        &["gap table-missing request @56/56"],
    ),
    // Members of the request.
    (
        "      - {name: kind, type: string, limits: {maxLength: 12}, fingerprint: bbbbbbbbbbb2}\n",
        "",
        &["breaking field-removed request kind: string -> ~ @57/56"],
        &["compatible field-added request kind: ~ -> string @56/57"],
    ),
    (
        "{name: kind, type: string, limits: {maxLength: 12}",
        "{name: kind, type: integer, limits: {maxLength: 12}",
        &["breaking field-type request kind: string -> integer @57/57"],
        &["breaking field-type request kind: integer -> string @57/57"],
    ),
    (
        "{name: kind, type: string, limits: {maxLength: 12}",
        "{name: kind, type: string, limits: {maxLength: 11}",
        &["breaking field-constraint request kind: maxLength 12 -> maxLength 11 @57/57"],
        &["compatible field-constraint request kind: maxLength 11 -> maxLength 12 @57/57"],
    ),
    (
        "{name: kind, type: string, limits: {maxLength: 12}",
        "{name: kind, type: string, limits: {default: oak, maxLength: 12}",
        &["breaking field-constraint request kind: ~ -> default \"oak\" @57/57"],
        &["breaking field-constraint request kind: default \"oak\" -> ~ @57/57"],
    ),
    (
        "          - {name: roof, type: boolean, fingerprint: ccccccccccc1}\n",
        "",
        &["breaking field-removed request shed.roof: boolean -> ~ @74/72"],
        &["compatible field-added request shed.roof: ~ -> boolean @72/74"],
    ),
    // The answer's status, headers and codes.
    (
        "status: 201",
        "status: 202",
        &["breaking response-status response: 201 -> 202 @59/59"],
        &["breaking response-status response: 202 -> 201 @59/59"],
    ),
    (
        "    headers:\n      - {name: Location, type: string, fingerprint: bbbbbbbbbbb7}\n",
        "    headers: []\n",
        &["breaking header-removed Location: string -> ~ @62/61"],
        &["compatible header-added Location: ~ -> string @61/62"],
    ),
    (
        "{name: Location, type: string",
        "{name: Location, type: integer",
        &["breaking header-type Location: string -> integer @62/62"],
        &["breaking header-type Location: integer -> string @62/62"],
    ),
    // HTTP does not tell the two apart.
    ("{name: Location", "{name: location", &[], &[]),
    (
        "fingerprint: bbbbbbbbbbb7",
        "fingerprint: bbbbbbbbbbf7",
        &["wording header-wording Location: bbbbbbbbbbb7 -> bbbbbbbbbbf7 @62/62"],
        &["wording header-wording Location: bbbbbbbbbbf7 -> bbbbbbbbbbb7 @62/62"],
    ),
    (
        "      - {code: 9002, fingerprint: bbbbbbbbbbb9}\n",
        "",
        &["compatible error-code-removed 9002: ~ -> ~ @66/64"],
        &["compatible error-code-added 9002: ~ -> ~ @64/66"],
    ),
    (
        "fingerprint: bbbbbbbbbbb9",
        "fingerprint: bbbbbbbbbbf9",
        &["wording error-code-wording 9002: bbbbbbbbbbb9 -> bbbbbbbbbbf9 @66/66"],
        &["wording error-code-wording 9002: bbbbbbbbbbf9 -> bbbbbbbbbbb9 @66/66"],
    ),
    // A body of success.
    (
        "    status: 201\n    response: []\n",
        "    status: 201\n    response:\n      - {name: shed, type: \"#shed\"}\n",
        &["compatible response-added response: ~ -> 1 member @60/60"],
        &["breaking response-removed response: 1 member -> ~ @60/60"],
    ),
    // Members of the answer.
    (
        "          - {name: kind, type: string, fingerprint: bbbbbbbbbbb2}\n",
        "",
        &["breaking field-removed response trees[].kind: string -> ~ @47/46"],
        &["compatible field-added response trees[].kind: ~ -> string @46/47"],
    ),
    (
        "- {name: count, type: integer",
        "- {name: count, type: string",
        &["breaking field-type response count: integer -> string @18/18"],
        &["breaking field-type response count: string -> integer @18/18"],
    ),
    (
        "type: \"array[#trees]\"",
        "type: \"#trees\"",
        &["breaking field-type response trees: array[#trees] -> #trees @19/19"],
        &["breaking field-type response trees: #trees -> array[#trees] @19/19"],
    ),
    (
        "limits: {minimum: 0, maximum: 100}",
        "limits: {minimum: 0, maximum: 99}",
        &["compatible field-constraint response count: maximum 100 -> maximum 99 @18/18"],
        &["breaking field-constraint response count: maximum 99 -> maximum 100 @18/18"],
    ),
    (
        "limits: {minimum: 0, maximum: 100}",
        "limits: {minimum: 1, maximum: 100}",
        &["compatible field-constraint response count: minimum 0 -> minimum 1 @18/18"],
        &["breaking field-constraint response count: minimum 1 -> minimum 0 @18/18"],
    ),
    (
        "limits: {minimum: 0, maximum: 100}",
        "limits: {maximum: 100}",
        &["breaking field-constraint response count: minimum 0 -> ~ @18/18"],
        &["compatible field-constraint response count: ~ -> minimum 0 @18/18"],
    ),
    (
        "limits: {minimum: 0, maximum: 100}",
        "limits: {default: 0, minimum: 0, maximum: 100}",
        &["breaking field-constraint response count: ~ -> default 0 @18/18"],
        &["breaking field-constraint response count: default 0 -> ~ @18/18"],
    ),
    (
        "introduced: \"9.9\"",
        "introduced: \"9.10\"",
        &["wording field-introduced response trees[].owner.name: 9.9 -> 9.10 @43/43"],
        &["wording field-introduced response trees[].owner.name: 9.10 -> 9.9 @43/43"],
    ),
    (
        "fingerprint: aaaaaaaaaaa9",
        "fingerprint: aaaaaaaaaaf9",
        &["wording field-wording response trees[].owner.name: aaaaaaaaaaa9 -> aaaaaaaaaaf9 @43/43"],
        &["wording field-wording response trees[].owner.name: aaaaaaaaaaf9 -> aaaaaaaaaaa9 @43/43"],
    ),
    // Members of the error.
    (
        "          - {name: message, type: string, fingerprint: aaaaaaaaaaa7}\n",
        "",
        &["breaking field-removed error error.message: string -> ~ @35/33"],
        &["compatible field-added error error.message: ~ -> string @33/35"],
    ),
    (
        "    error:\n      - {name: error, type: \"#error\"}\n",
        "    error: []\n",
        &["gap table-missing error @21/21"],
        &["gap table-missing error @21/21"],
    ),
    // Definitions: the description, a table that is left out, and one that nothing leads to.
    (
        "owner:\n        fingerprint: aaaaaaaaaaa8",
        "owner:\n        fingerprint: aaaaaaaaaaf8",
        &["wording definition-wording owner: aaaaaaaaaaa8 -> aaaaaaaaaaf8 @40/40"],
        &["wording definition-wording owner: aaaaaaaaaaf8 -> aaaaaaaaaaa8 @40/40"],
    ),
    (
        "\"_links(self)\":\n        fields:\n          - {name: self, type: \"#href\"}\n",
        "\"_links(self)\":\n        fields: []\n",
        &["gap table-missing response trees[].owner._links @30/30"],
        &["gap table-missing response trees[].owner._links @30/30"],
    ),
    (
        "    definitions:\n      error:\n        fields:\n          - {name: code, type: string, fingerprint: aaaaaaaaaaa6}\n      shed:",
        "    definitions:\n      shed:",
        &[],
        &[],
    ),
];

fn facts(file: &str, text: &str) -> Documented {
    Documented::parse(file, text).expect("the facts are read")
}

/// The same facts, of a later release.
fn later(text: &str) -> String {
    text.replacen("release: \"9.11.1\"", "release: \"9.15.1\"", 1)
}

fn between(from: &str, to: &str) -> Changes {
    compare(&facts("old.yaml", from), &facts("new.yaml", to))
}

fn lines(places: &[At]) -> String {
    let lines: Vec<String> = places.iter().map(|at| at.line.to_string()).collect();
    lines.join(",")
}

fn change_said(change: &Change) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "~".to_owned());
    format!(
        "{} {} {}: {} -> {} @{}/{}",
        change.class.name(),
        change.rule,
        change.subject,
        value(&change.from),
        value(&change.to),
        lines(&change.from_at),
        lines(&change.to_at)
    )
}

fn gap_said(gap: &Gap) -> String {
    format!("gap {} {} @{}/{}", gap.absence.name(), gap.subject, lines(&gap.from_at), lines(&gap.to_at))
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

#[test]
fn nothing_changes_between_equals() {
    let changes = between(OLD, &later(OLD));
    assert_eq!(said(&changes), [""; 0]);
    assert!(changes.clean());
}

/// The operation that one side lacks is there since `introduced`; the sides are of the releases `from` and `to`.
#[track_caller]
fn with_one_operation_less(introduced: &str, from: &str, to: &str) -> [Vec<String>; 2] {
    let of = |text: &str, release: &str| {
        text.replacen("release: \"9.11.1\"", &format!("release: \"{release}\""), 1)
            .replace("introduced: \"9.7\"", &format!("introduced: \"{introduced}\""))
    };
    let start = OLD.find("  \"GET /orchard/trees\":").expect("an operation");
    let end = OLD.find("  \"POST /orchard/trees\":").expect("the next one");
    let less = format!("{}{}", &OLD[..start], &OLD[end..]);
    [said(&between(&of(&less, from), &of(OLD, to))), said(&between(&of(OLD, from), &of(&less, to)))]
}

#[test]
fn an_operation_comes_or_goes_or_its_page_is_missing() {
    let added = |release: &str| vec![format!("compatible operation-added operation: ~ -> since {release} @5/6")];
    let removed = |release: &str| vec![format!("breaking operation-removed operation: since {release} -> ~ @6/5")];
    let (gap_in_from, gap_in_to) =
        (vec!["gap page-missing operation @5/6".to_owned()], vec!["gap page-missing operation @6/5".to_owned()]);

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
    // What is no release tells nothing.
    assert_eq!(with_one_operation_less("soon", "9.11.1", "9.15.1"), [added("soon"), removed("soon")]);
    assert_eq!(with_one_operation_less("9.8", "early", "late"), [added("9.8"), removed("9.8")]);
}

#[test]
fn the_side_without_the_page_is_named() {
    let changes = between(OLD, NEXT);
    let sides: Vec<Option<Side>> = changes.gaps.iter().map(|gap| gap.absence.side()).collect();
    assert_eq!(sides, [Some(Side::From), Some(Side::From)]);
}

#[test]
fn a_definition_by_another_name_is_only_worded_differently() {
    let renamed = OLD.replace("#trees", "#records").replace("      trees:\n", "      records:\n");
    let expected = ["wording definition-name records: trees -> records @44/44"];
    assert_eq!(said(&between(OLD, &later(&renamed))), expected);
    // The marks that tell namesakes apart are no names.
    let marked = OLD.replace("_links(self)", "_links(me)");
    assert_eq!(said(&between(OLD, &later(&marked))), [""; 0]);
}

/// A shed has an inner shed; each two definitions are compared once, under the shortest path.
#[test]
fn a_definition_may_contain_itself() {
    let edited = OLD.replacen("name: roof, type: boolean", "name: roof, type: string", 1);
    let expected = ["breaking field-type request shed.roof: boolean -> string @74/74"];
    assert_eq!(said(&between(OLD, &later(&edited))), expected);
}

#[test]
fn what_several_operations_share_is_one_change() {
    let both = OLD.replace("introduced: \"9.7\"", "introduced: \"9.8\"");
    let changes = between(OLD, &later(&both));
    assert_eq!(said(&changes), ["wording operation-introduced operation: 9.7 -> 9.8 @7,50/7,50"]);
    assert_eq!(changes.changes[0].operations, ["GET /orchard/trees", "POST /orchard/trees"]);

    let one = OLD.replacen("introduced: \"9.7\"", "introduced: \"9.8\"", 1);
    assert_eq!(between(OLD, &later(&one)).changes[0].operations, ["GET /orchard/trees"]);
}

/// Two rows may have one name, if only in a file that was made by hand.
#[test]
fn namesakes_are_told_apart_by_their_order() {
    let row = "      - {name: full, in: query, type: boolean, required: false, fingerprint: bbbbbbbbbbb5}\n";
    let twice = OLD.replacen(row, &format!("{row}{row}"), 1);
    let expected = ["breaking parameter-removed full: query boolean, optional -> ~ @56/54"];
    assert_eq!(said(&between(&twice, &later(OLD))), expected);
    // One in the query and one in the path are two parameters, neither of which has moved.
    let path = row.replacen("query", "path", 1);
    let two = OLD.replacen(row, &format!("{path}{row}"), 1);
    let expected = ["breaking parameter-removed full: path boolean, optional -> ~ @55/54"];
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
            Value::Object(map) => map.values_mut().for_each(reversed),
            _ => {}
        }
    }
    let turned = |text: &str| {
        let mut documented = facts("turned.yaml", text);
        let mut value = Document::parse(text).expect("YAML").value;
        reversed(&mut value);
        documented.facts = serde_json::from_value(value).expect("facts");
        documented
    };
    let without_places = |mut changes: Changes| {
        for change in &mut changes.changes {
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
    let forward = "breaking parameter-constraint height: default 3 -> default 1 @12/28".to_owned();
    assert_eq!(noted(annotated(between(OLD, NEXT))), [(forward, reason.clone())]);
    let backward = "breaking parameter-constraint height: default 1 -> default 3 @28/12".to_owned();
    assert_eq!(noted(annotated(between(NEXT, OLD))), [(backward, reason)]);
}

#[test]
fn as_text() {
    assert_eq!(text::render(&annotated(between(OLD, NEXT))), include_str!("pages/orchard.out"));
    assert_eq!(
        text::render(&between(OLD, &later(OLD))),
        "from 9.11.1 (old.yaml) to 9.15.1 (new.yaml): 0 breaking, 0 compatible, 0 wording, 0 not compared\n\
         in both: operations 2, parameters 4, fields 18, headers 1, error codes 2; descriptions not compared: 1\n"
    );
}

#[test]
fn as_markdown() {
    assert_eq!(markdown::render(&annotated(between(OLD, NEXT))), include_str!("pages/orchard.md"));
    assert_eq!(markdown::render(&between(OLD, &later(OLD))), "## From 9.11.1 to 9.15.1\n\nNo changes.\n");
}

#[test]
fn as_a_json_document() {
    assert_eq!(as_json::render(&annotated(between(OLD, NEXT))), include_str!("pages/orchard.json"));
    let schema = schemars::schema_for!(as_json::Report);
    let report: Value = serde_json::from_str(&as_json::render(&between(OLD, NEXT))).expect("JSON");
    let members: Vec<&String> = report.as_object().expect("an object").keys().collect();
    let described: Vec<&String> = schema.as_value()["properties"].as_object().expect("properties").keys().collect();
    assert_eq!(members, described);
}

/// A file that was made by hand may hold anything.
#[test]
fn names_cannot_steer_a_terminal_or_break_a_table() {
    let row = "      - {name: full, in: query";
    let odd = OLD.replacen(row, "      - {name: \"\\e[2Ja\\\\|b`\\n<i>\", in: query", 1);
    let changes = between(OLD, &later(&odd));
    let shown = text::render(&changes);
    assert!(shown.contains("\\u{1b}[2Ja\\|b`"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
    let table = markdown::render(&changes);
    assert!(table.contains("| <code> &#91;2Ja&#92;&#124;b&#96; &#60;i&#62;</code> |"), "{table}");
    let bars: Vec<usize> =
        table.lines().filter(|line| line.starts_with('|')).map(|line| line.matches('|').count()).collect();
    assert_eq!(bars, [6; 6]);
}

/// A release with one operation, of the given response and definitions. Made without a file, since reading one takes
/// longer than comparing; its places are those of an empty one.
fn made(release: &str, response: Value, definitions: Map<String, Value>) -> Documented {
    let mut made = facts("made.yaml", &format!("{{release: \"{release}\", pages: [], operations: {{}}}}"));
    let operation = json!({
        "introduced": "9.7", "commands": [], "parameters": [], "status": 200, "response": response, "headers": [],
        "error": [], "error_codes": [], "definitions": definitions,
    });
    made.facts.operations.insert("GET /x".to_owned(), serde_json::from_value(operation).expect("an operation"));
    made
}

/// `count` definitions, each with the next one in it and the last one with `last`.
fn chain(release: &str, count: usize, last: Value) -> Documented {
    let next = |index: usize| json!({"name": "d", "type": format!("#d{index}")});
    let fields = |index: usize| if index + 1 == count { last.clone() } else { next(index + 1) };
    let definitions = (0..count).map(|index| (format!("d{index}"), json!({"fields": [fields(index)]})));
    made(release, json!([next(0)]), definitions.collect())
}

fn end(of: &str) -> Value {
    json!({"name": "end", "type": of})
}

/// Many times what a release has, in seconds; were the time to grow with the square, it would be hours.
#[test]
fn large_releases_take_no_longer_than_their_size() {
    let fields =
        |name: &str| (0..20_000).map(|index| json!({"name": format!("{name}{index}"), "type": "string"})).collect();
    let (old, new) = (made("9.11.1", fields("a"), Map::new()), made("9.15.1", fields("b"), Map::new()));
    let (deep, deeper) = (chain("9.11.1", 20_000, end("string")), chain("9.15.1", 20_000, end("integer")));
    // Two circles without a common divisor: each definition would meet each.
    let circle = |release, count| chain(release, count, json!({"name": "d", "type": "#d0"}));
    let (circle, another) = (circle("9.11.1", 2_000), circle("9.15.1", 1_999));

    let start = Instant::now();
    assert_eq!(compare(&old, &new).changes.len(), 40_000);

    let changes = compare(&deep, &deeper);
    assert_eq!(changes.counts.fields, 20_001);
    // The path to the end would be as long as all the rest.
    assert_eq!(said(&changes), ["breaking field-type response #d19999.end: string -> integer @1/1"]);

    let changes = compare(&circle, &another);
    assert_eq!(changes.counts.fields, 2_000 * 16 + 1);
    assert_eq!(changes.changes.iter().filter(|change| change.class != Class::Wording).count(), 0);
    assert_eq!(changes.gaps.iter().map(|gap| gap.absence.name()).collect::<Vec<_>>(), ["counterpart-unclear"]);
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

const REAL: &str = "spec/documented/9.15.1.yaml";

static REAL_TEXT: LazyLock<String> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace");
    std::fs::read_to_string(root.join(REAL)).expect(REAL)
});
static REAL_DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::parse(&REAL_TEXT).expect("the facts are YAML"));
static REAL_FACTS: LazyLock<Documented> = LazyLock::new(|| facts(REAL, &REAL_TEXT));

thread_local! {
    /// The same once more, to be changed: reading it takes longer than comparing.
    static OTHER: RefCell<Documented> = RefCell::new(facts(REAL, &REAL_TEXT));
}

/// The changes if the facts become what `value` holds, and if they were that before. Places stay those of the file.
fn compared(value: Value) -> [Changes; 2] {
    OTHER.with_borrow_mut(|other| {
        other.facts = serde_json::from_value(value).expect("facts");
        [compare(&REAL_FACTS, other), compare(other, &REAL_FACTS)]
    })
}

/// A mapping of the real facts: an operation, a definition or a row.
struct Part {
    pointer: String,
    /// The operation, and the list or the definition.
    steps: Vec<String>,
}

impl Part {
    fn all() -> Vec<Self> {
        fn collect(value: &Value, pointer: &str, steps: &[String], parts: &mut Vec<Part>) {
            let mut below = |step: String, value: &Value| {
                collect(value, &join(pointer, &step), &[steps, &[step]].concat(), parts);
            };
            match value {
                Value::Object(map) => map.iter().for_each(|(key, value)| below(key.clone(), value)),
                Value::Array(items) => {
                    items.iter().enumerate().for_each(|(index, value)| below(index.to_string(), value));
                }
                _ => {}
            }
            if value.is_object() {
                parts.push(Part { pointer: pointer.to_owned(), steps: steps.to_vec() });
            }
        }
        let mut parts = Vec::new();
        let operations = &REAL_DOCUMENT.value["operations"];
        for (key, value) in operations.as_object().expect("operations") {
            collect(value, &join("/operations", key), std::slice::from_ref(key), &mut parts);
        }
        parts
    }

    /// All that have a line of their own.
    fn rows() -> Vec<Self> {
        let is_row = |part: &Self| part.value().get("name").or(part.value().get("code")).is_some();
        Self::all().into_iter().filter(is_row).collect()
    }

    fn value(&self) -> &Value {
        REAL_DOCUMENT.value.pointer(&self.pointer).expect("a part")
    }

    fn line(&self, member: &str) -> u64 {
        REAL_DOCUMENT.place(&join(&self.pointer, member)).line
    }

    /// Whether a body leads to it. The pages print a request body once more, under its title.
    fn reached(&self) -> bool {
        !self.steps.contains(&"ipsec_policy".to_owned())
    }

    fn is_parameter(&self) -> bool {
        self.steps[1] == "parameters"
    }

    /// The changes if this part becomes what `edit` makes of it, and if it was that before. None if it makes nothing of
    /// it. The places stay right, since no row comes or goes.
    fn edited(&self, edit: impl Fn(&mut Map<String, Value>) -> Option<()>) -> Option<[Changes; 2]> {
        let mut value = REAL_DOCUMENT.value.clone();
        edit(value.pointer_mut(&self.pointer).and_then(Value::as_object_mut).expect("a mapping"))?;
        Some(compared(value))
    }

    /// One change for each body that leads to the part, in its class and with its line on both sides.
    #[track_caller]
    fn is_one(&self, member: &str, changes: &Changes, rule: &str, class: impl Fn(&Change) -> Class) -> usize {
        let line = self.line(member);
        assert_eq!(changes.gaps, [], "line {line}");
        let mut bodies = BTreeMap::new();
        for change in &changes.changes {
            assert!(change.rule.to_string().ends_with(rule), "line {line}: {change:?}");
            assert_eq!(change.class, class(change), "line {line}: {change:?}");
            assert_eq!(change.operations, [self.steps[0].clone()], "line {line}: {change:?}");
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
fn body(change: &Change) -> &str {
    let is_field = change.rule.to_string().starts_with("field-");
    change.subject.split_once(' ').filter(|_| is_field).map_or("", |(body, _)| body)
}

fn is_request(change: &Change) -> bool {
    !["response", "error"].contains(&body(change))
}

#[test]
fn the_real_reference_has_not_changed_since_itself() {
    let changes = compare(&REAL_FACTS, &REAL_FACTS);
    assert_eq!(said(&changes), [""; 0]);
    assert_eq!(changes.counts.operations, 5);
    assert_eq!(changes.counts.parameters, 33);
    assert_eq!(changes.counts.headers, 1);
    assert_eq!(changes.counts.error_codes, 71);
    // That of order_by, which its page cuts.
    assert_eq!(changes.counts.wordings_skipped, 1);
}

#[test]
fn each_type() {
    let (mut rows, mut found) = (0, 0);
    for part in Part::rows() {
        let Some(both) = part.edited(|row| {
            let of = row.get_mut("type")?;
            let other = match of.as_str()? {
                "string" => "integer".to_owned(),
                "integer" | "boolean" | "array[string]" => "string".to_owned(),
                array if array.starts_with("array[") => array["array[".len()..array.len() - 1].to_owned(),
                definition => format!("array[{definition}]"),
            };
            *of = other.into();
            Some(())
        }) else {
            continue;
        };
        rows += 1;
        found += both.map(|changes| part.is_one("type", &changes, "-type", |_| Class::Breaking))[0];
    }
    assert_eq!(rows, REAL_TEXT.matches("type: ").count());
    // Without the 30 under the titles of request bodies, and with 23 that two bodies lead to.
    assert_eq!((rows, found), (268, 268 - 30 + 23));
}

#[test]
fn each_description() {
    let (mut rows, mut found) = (0, 0);
    for part in Part::all() {
        let Some(both) = part.edited(|row| {
            *row.get_mut("fingerprint")? = "000000000000".into();
            Some(())
        }) else {
            continue;
        };
        rows += 1;
        if part.value()["cut"] == true {
            assert_eq!(both.each_ref().map(|changes| said(changes).len()), [0, 0]);
            continue;
        }
        found += both.map(|changes| part.is_one("fingerprint", &changes, "-wording", |_| Class::Wording))[0];
    }
    assert_eq!(rows, REAL_TEXT.matches("fingerprint: ").count());
    // Without the one that is cut and those under titles; some are said in two bodies.
    assert_eq!((rows, found), (333, 318));
}

#[test]
fn each_requirement_release_command_and_status() {
    let mut counts = [0; 4];
    for part in Part::all() {
        if let Some([forward, backward]) = part.edited(|row| {
            let required = row.get_mut("required")?;
            *required = (!required.as_bool()?).into();
            Some(())
        }) {
            let classes = [Class::Breaking, Class::Compatible];
            let [now, then] = if part.value()["required"] == true { [1, 0] } else { [0, 1] };
            part.is_one("required", &forward, "parameter-required", |_| classes[now]);
            part.is_one("required", &backward, "parameter-required", |_| classes[then]);
            counts[0] += 1;
        }
        if let Some(both) = part.edited(|row| {
            *row.get_mut("introduced")? = "9.9".into();
            Some(())
        }) {
            both.iter().for_each(|changes| {
                assert_eq!(part.is_one("introduced", changes, "-introduced", |_| Class::Wording), 1)
            });
            counts[1] += 1;
        }
        if let Some(both) = part.edited(|row| {
            *row.get_mut("commands")? = Value::from(vec!["another"]);
            Some(())
        }) {
            both.iter().for_each(|changes| {
                assert_eq!(part.is_one("commands", changes, "operation-command", |_| Class::Wording), 1)
            });
            counts[2] += 1;
        }
        if let Some(both) = part.edited(|row| {
            *row.get_mut("status")? = 299.into();
            Some(())
        }) {
            both.iter().for_each(|changes| {
                assert_eq!(part.is_one("status", changes, "response-status", |_| Class::Breaking), 1)
            });
            counts[3] += 1;
        }
    }
    // Parameters; operations and four parameters; operations; operations.
    assert_eq!(counts, [33, 9, 5, 5]);
}

/// Each limit that is documented, and each that could be, in both directions.
#[test]
fn each_limit() {
    let mut found = BTreeMap::new();
    for part in Part::rows().iter().filter(|part| part.value()["type"].is_string() && part.steps[1] != "headers") {
        for limit in xtask::spec::LIMITS {
            let documented = part.value()["limits"].get(limit);
            let [forward, backward] = part
                .edited(|row| {
                    let limits = row.entry("limits").or_insert_with(|| Map::new().into()).as_object_mut()?;
                    let value = match limits.get(limit) {
                        Some(Value::Bool(flag)) => (!flag).into(),
                        Some(value) => (value.as_i64()? + 1).into(),
                        None => 1.into(),
                    };
                    limits.insert(limit.to_owned(), value);
                    Some(())
                })
                .expect("each row can have limits");
            // One more than before lets less through from below, and more from above; a new limit lets less through.
            let tighter = documented.is_none() || limit.starts_with("min");
            let class = |request_breaks: bool| {
                move |change: &Change| match limit {
                    "default" => Class::Breaking,
                    _ if is_request(change) == request_breaks => Class::Breaking,
                    _ => Class::Compatible,
                }
            };
            *found.entry((limit, documented.is_some(), part.is_parameter())).or_insert(0) +=
                part.is_one("limits", &forward, "-constraint", class(tighter));
            part.is_one("limits", &backward, "-constraint", class(!tighter));
        }
    }
    let of = |documented: bool, parameter: bool| -> Vec<usize> {
        xtask::spec::LIMITS.map(|limit| found.get(&(limit, documented, parameter)).copied().unwrap_or_default()).into()
    };
    assert_eq!(xtask::spec::LIMITS, ["default", "minimum", "maximum", "minLength", "maxLength"]);
    assert_eq!((of(true, true), of(true, false)), (vec![3, 1, 1, 1, 1], vec![0; 5]));
    assert_eq!((of(false, true), of(false, false)), (vec![30, 32, 32, 32, 32], vec![227; 5]));
}

#[test]
fn each_row_that_comes_or_goes() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for part in Part::rows() {
        let line = part.line("");
        let (list, index) = part.pointer.rsplit_once('/').expect("a row in a list");
        let mut less = REAL_DOCUMENT.value.clone();
        let rows = less.pointer_mut(list).and_then(Value::as_array_mut).expect("a list");
        rows.remove(index.parse().expect("an index"));
        for (changes, goes) in compared(less).iter().zip([true, false]) {
            let mut count = |what: String| *counts.entry(what).or_insert(0) += 1;
            for change in &changes.changes {
                let class = match (change.rule.to_string().as_str(), goes) {
                    ("error-code-removed", true) | ("error-code-added", false) => Class::Compatible,
                    ("parameter-removed" | "field-removed" | "header-removed", true) => Class::Breaking,
                    ("parameter-added", false) if part.value()["required"] == true => Class::Breaking,
                    ("parameter-added" | "field-added" | "header-added", false) => Class::Compatible,
                    _ => panic!("line {line}: {change:?}"),
                };
                assert_eq!(change.class, class, "line {line}: {change:?}");
                let at = if goes { &change.from_at } else { &change.to_at };
                assert_eq!(at.iter().map(|at| at.line).collect::<Vec<_>>(), [line], "line {line}: {change:?}");
                count(change.rule.to_string());
            }
            // The last row of a table: the page seems to have left it out.
            for gap in &changes.gaps {
                let (at, side) = if goes { (&gap.from_at, Side::To) } else { (&gap.to_at, Side::From) };
                assert_eq!(at.iter().map(|at| at.line).collect::<Vec<_>>(), [line - 1], "line {line}: {gap:?}");
                assert_eq!(gap.absence.side(), Some(side));
                count(gap.absence.name().to_owned());
            }
            let said = changes.changes.len() + changes.gaps.len();
            let mut bodies: Vec<&str> = changes.changes.iter().map(body).collect();
            bodies.dedup();
            assert_eq!(bodies.len(), changes.changes.len(), "line {line}: {changes:#?}");
            assert_eq!(said > 0, part.reached(), "line {line}: {changes:#?}");
        }
    }
    let counts: Vec<(&str, usize)> = counts.iter().map(|(what, count)| (what.as_str(), *count)).collect();
    // Fields, each of one body: 212 and the 15 that are all of their table.
    let expected = [
        ("error-code-added", 71),
        ("error-code-removed", 71),
        ("field-added", 212),
        ("field-removed", 212),
        ("header-added", 1),
        ("header-removed", 1),
        ("parameter-added", 33),
        ("parameter-removed", 33),
        ("table-missing", 2 * 15),
    ];
    assert_eq!(counts, expected);
}

#[test]
fn each_operation_that_comes_or_goes() {
    let operations = REAL_DOCUMENT.value["operations"].as_object().expect("operations");
    for key in operations.keys() {
        let mut less = facts(REAL, &REAL_TEXT);
        less.facts.operations.remove(key);
        let line = REAL_DOCUMENT.place(&join("/operations", key)).line;
        let mut of = |release: &str| {
            less.facts.release = release.to_owned();
            [said(&compare(&REAL_FACTS, &less)), said(&compare(&less, &REAL_FACTS))]
        };
        let gap = format!("gap page-missing operation @{line}/{line}");
        let removed = format!("breaking operation-removed operation: since 9.8 -> ~ @{line}/{line}");
        let added = format!("compatible operation-added operation: ~ -> since 9.8 @{line}/{line}");
        assert_eq!(of("9.16.1"), [[removed.clone()], [added.clone()]]);
        assert_eq!(of("9.15.1"), [[gap.clone()], [gap.clone()]]);
        assert_eq!(of("9.11.1"), [[gap.clone()], [gap]]);
        assert_eq!(of("9.7"), [[removed], [added]]);
    }
    assert_eq!(operations.len(), 5);
}
