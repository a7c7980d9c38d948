//! The API document of a cluster: what is read out of it, and what is refused.

use serde_json::{Value, json};
use xtask::drift::compare;
use xtask::drift::deviations;
use xtask::drift::wording::Wording;
use xtask::facts::{unknown_member, write};
use xtask::finding::Finding;
use xtask::openapi::{Document, Fingerprint};
use xtask::reference::{Input, Read, ReadError, read};
use xtask::rule::Rule;

const SWAGGER: &str = include_str!("pages/swagger.yaml");

fn input(text: &str) -> Input<'_> {
    Input { path: "api/swagger.yaml", name: "swagger.yaml", text }
}

fn read_swagger(text: &str) -> Result<Read, ReadError> {
    read(&[input(text)], "9.15.1")
}

fn document() -> Value {
    read_swagger(SWAGGER).expect("it is read").document
}

/// The fingerprint of a description.
fn print(words: &str) -> Value {
    Fingerprint::of(words).expect("words").to_string().into()
}

/// The document with `from`, which it has just once, made `to`.
#[track_caller]
fn with(from: &str, to: &str) -> String {
    assert_eq!(SWAGGER.matches(from).count(), 1, "{from:?} has to be in the document once");
    SWAGGER.replace(from, to)
}

#[test]
fn an_operation() {
    let document = document();
    let get = &document["paths"]["/security/ipsec"]["get"];
    assert_eq!(get["x-ntap-introduced"], "9.8");
    assert_eq!(get["x-ontap-fingerprint"], print("Shows the well."));
    assert_eq!(get["x-ontap-commands"], json!(["well look", "well show"]));
    let deep = json!({
        "name": "deep", "in": "query", "x-ntap-introduced": "9.11", "schema": {"type": "boolean", "default": true}
    });
    let fields = json!({
        "name": "fields", "in": "query", "x-ontap-fingerprint": print("Columns wanted"),
        "schema": {"type": "array", "items": {"type": "string"}},
    });
    assert_eq!(get["parameters"], json!([deep, fields]));
    let content =
        |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let location = json!({"x-ontap-fingerprint": print("Where it is"), "schema": {"type": "string"}});
    assert_eq!(
        get["responses"],
        json!({
            "200": {"description": "", "headers": {"Location": location}, "content": content("well")},
            "202": {"description": ""},
            "default": {"description": "", "content": content("plain_error")},
        })
    );
    let codes = json!([
        {"code": 9001, "x-ontap-fingerprint": print("Too deep, that is more than sixty.")},
        {"code": 9002, "x-ontap-fingerprint": print("A bar | and a rope.")},
    ]);
    assert_eq!(get["x-ontap-error-codes"], codes);

    let patch = &document["paths"]["/security/ipsec/{name}"]["patch"];
    let name = json!([{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}]);
    assert_eq!(patch["parameters"], name);
    let body = json!({"x-ontap-fingerprint": print("The well"), "required": true, "content": content("well")});
    assert_eq!(patch["requestBody"], body);
    assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(2), "other paths are not asked for");
}

#[test]
fn a_description_with_a_list_of_properties() {
    let text = with(
        "'Shows the well.\n",
        "'Shows the well.\n\n        ### Optional properties\n\n        * `rope` - Of hemp.\n",
    );
    let document = read_swagger(&text).expect("it is read").document;
    let fingerprint = &document["paths"]["/security/ipsec"]["get"]["x-ontap-fingerprint"];
    assert_eq!(*fingerprint, print("Shows the well. Optional properties `rope` - Of hemp."));
}

#[test]
fn the_definitions_that_the_operations_reach() {
    let schemas = &document()["components"]["schemas"];
    let names: Vec<_> = schemas.as_object().expect("schemas").keys().collect();
    assert_eq!(names, ["plain_error", "well"]);
    assert_eq!(schemas["plain_error"]["x-ntap-readOnly"], true);
    let code = json!({
        "x-ntap-introduced": "9.6", "x-ontap-fingerprint": print("A number"), "readOnly": true, "type": "string"
    });
    assert_eq!(schemas["plain_error"]["properties"]["code"], code);
    let well = &schemas["well"];
    assert_eq!(well["x-ontap-fingerprint"], print("A well, and its rope."));
    let reference = json!({"$ref": "#/components/schemas/plain_error"});
    assert_eq!(
        well["properties"],
        json!({
            "depth": {
                "x-ntap-introduced": "9.10", "x-ontap-fingerprint": print("How deep it is"), "type": "integer",
                "format": "int64", "default": 3, "minimum": 0, "maximum": 60, "enum": [3, 60],
            },
            "error": reference,
            "name": {
                "x-ntap-readCreate": true, "x-ntap-createOnly": true, "type": "string", "minLength": 1, "maxLength": 12
            },
            "owner": {
                "x-ntap-introduced": "9.9", "x-ontap-fingerprint": print("Whose it is"), "allOf": [reference]
            },
            "ropes": {
                "type": "array", "items": {"type": "object", "properties": {"length": {"type": "number"}}}, "maxItems": 2
            },
        })
    );
}

#[test]
fn what_is_written_can_be_read_back() {
    let document = document();
    let written = write(&document);
    assert_eq!(serde_saphyr::from_str::<Value>(&written).expect("a facts file"), document);
    let depth = "        depth: {x-ntap-introduced: \"9.10\", x-ontap-fingerprint: ";
    let ropes = "        ropes:\n          type: array\n          items:\n            type: object\n            properties:\n              length: {type: number}\n          maxItems: 2\n";
    for part in [depth, ropes] {
        assert!(written.contains(part), "{part}\nin\n{written}");
    }
}

#[test]
fn what_is_read_has_known_members_only() {
    let flags = "readOnly: true, x-ntap-readOnly: true, x-ntap-readCreate: true, x-ntap-createOnly: true, x-ntap-writeOnly: true";
    let limits = "format: a, default: b, minimum: 1, maximum: 2, minLength: 1, maxLength: 2, pattern: c, minItems: 1, \
                  maxItems: 2, uniqueItems: true, enum: [b]";
    let text = with(
        "            length:\n",
        &format!("            width: {{type: string, {flags}, {limits}}}\n            length:\n"),
    );
    let document = read_swagger(&text).expect("it is read").document;
    let width = &document["components"]["schemas"]["well"]["properties"]["ropes"]["items"]["properties"]["width"];
    assert_eq!(width.as_object().map(|members| members.len()), Some(17), "{width}");
    assert_eq!(unknown_member(&document), None);
    let mut odd = document;
    odd["components"]["schemas"]["well"]["proprties"] = json!({});
    assert_eq!(unknown_member(&odd).as_deref(), Some("/components/schemas/well/proprties"));
}

#[test]
fn each_part_has_its_line() {
    let read = read_swagger(SWAGGER).expect("it is read");
    let get = "/paths/~1security~1ipsec/get";
    for (pointer, line) in [
        (get, "    get:"),
        (&format!("{get}/x-ntap-introduced"), "      x-ntap-introduced: '9.8'"),
        (&format!("{get}/x-ontap-commands/1"), "        * `well show`"),
        (&format!("{get}/parameters/0"), "      - default: true"),
        (&format!("{get}/responses/200/headers/Location"), "            Location:"),
        (&format!("{get}/x-ontap-error-codes/1"), "            | 9002 | A bar \\| and a rope. |"),
        ("/components/schemas/well", "  well:"),
        ("/components/schemas/well/properties/ropes", "      ropes:"),
        ("/components/schemas/well/properties/ropes/items/properties/length", "            length:"),
    ] {
        let (file, number) = read.places.get(pointer).unwrap_or_else(|| panic!("{pointer} has a place"));
        assert_eq!(file, "api/swagger.yaml");
        let found = SWAGGER.lines().nth(usize::try_from(*number).expect("a line") - 1);
        // Line breaks and bars inside of a part do not count.
        assert!(found.is_some_and(|found| found.starts_with(line.trim_end())), "{pointer}: {number} is {found:?}");
    }
}

#[test]
fn extensions_that_are_not_known_are_warned_of_once() {
    let text = SWAGGER.replace("x-nullable: true", "x-nullable: true\n        x-ntap-odd: 1");
    let text = text.replace("maxItems: 2", "maxItems: 2\n        x-ntap-odd: 1");
    let read = read_swagger(&text).expect("it is read");
    let warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
    let expected = "api/swagger.yaml:15: found the member `x-ntap-odd`, expected one that is known here";
    assert_eq!(warnings, [expected]);
    assert_eq!(read_swagger(SWAGGER).expect("it is read").warnings, []);
}

/// Returns the facts on policies of real pages, under the release of the sample.
fn pages() -> Value {
    let mut facts: Value =
        serde_saphyr::from_str(include_str!("../../spec/documented/9.17.1.yaml")).expect("the facts are read");
    facts["info"]["version"] = "9.15.1".into();
    facts["paths"].as_object_mut().expect("paths").retain(|path, _| path.contains("/policies"));
    let schemas = facts["components"]["schemas"].as_object_mut().expect("schemas");
    schemas.retain(|name, _| name.contains(".policies"));
    facts
}

#[test]
fn pages_and_the_document_of_a_cluster_together() {
    let facts = pages();
    let page = crate::printed::text(&facts);
    let page = Input { path: "page.txt", name: "page.txt", text: &page };
    let swagger =
        with("/security/ipsec/{name}:", "/security/ipsec/policies/{uuid}:").replace("name: name", "name: uuid");
    let alone = read(&[input(&swagger)], "9.15.1").expect("it is read");
    let both = read(&[input(&swagger), page], "9.15.1").expect("both are read");
    let page = read(&[page], "9.15.1").expect("the page is read");

    let (other, places) = both.other.expect("the second reading");
    assert_eq!((other, places), (alone.document.clone(), alone.places));
    assert!(alone.other.is_none() && page.other.is_none());

    let (document, pages) = (both.document, page.document);
    let sources = document["info"]["x-ontap-sources"].as_array().expect("sources");
    assert_eq!(sources.iter().map(|source| &source["file"]).collect::<Vec<_>>(), ["page.txt", "swagger.yaml"]);
    for (path, operations) in pages["paths"].as_object().expect("paths") {
        assert_eq!(document["paths"][path], *operations, "the page wins");
    }
    assert_eq!(document["paths"]["/security/ipsec"], alone.document["paths"]["/security/ipsec"]);
    let schemas = |document: &Value| document["components"]["schemas"].as_object().expect("schemas").len();
    assert_eq!(schemas(&document), schemas(&pages) + 2);
    assert_eq!(both.places["/components/schemas/well"].0, "api/swagger.yaml");
}

/// Pages can be left out; a cluster's own document has all operations of its paths.
#[test]
fn the_document_of_a_cluster_tells_what_cannot_be_deleted() {
    let mut facts = pages();
    let policy = &mut facts["paths"]["/security/ipsec/policies/{uuid}"];
    policy.as_object_mut().expect("operations").shift_remove("delete");
    let schemas = facts["components"]["schemas"].as_object_mut().expect("schemas");
    schemas.retain(|name, _| !name.starts_with("DELETE.security.ipsec.policies.uuid."));
    let page = crate::printed::text(&facts);
    let page = Input { path: "page.txt", name: "page.txt", text: &page };
    let undeleted = |inputs: &[Input<'_>]| {
        let warnings = read(inputs, "9.15.1").expect("it is read").warnings;
        warnings
            .into_iter()
            .map(|warning| warning.expected)
            .filter(|text| text.contains("`DELETE "))
            .collect::<Vec<_>>()
    };
    let alone = undeleted(&[page]);
    assert!(alone.len() == 1 && alone[0].contains("`DELETE /security/ipsec/policies/{uuid}`"), "{alone:?}");
    let swagger =
        with("/security/ipsec/{name}:", "/security/ipsec/policies/{uuid}:").replace("name: name", "name: uuid");
    assert_eq!(undeleted(&[input(&swagger), page]), [""; 0]);
}

/// The text that is changed, the text in its place, and the error.
const CASES: &[(&str, &str, &str)] = &[
    (
        "x-ntap-hol-version: '9.15'",
        "x-ntap-hol-version: '9.11'",
        "149: found a document about ONTAP 9.11, expected one about 9.15.1",
    ),
    (
        "  /security/ipsec/{name}:",
        "   /security/ipsec/{name}:",
        "123: found the path `/security/ipsec/{name}` with another indentation, expected 2 spaces, as other paths have",
    ),
    (
        "  /security/ipsecurity:",
        "  /security/ipsec:",
        "146: found `/security/ipsec` twice in `paths`, expected each name once",
    ),
    ("  far_off:", "  well:", "17: found `well` twice in `definitions`, expected each name once"),
    (
        "        $ref: '#/definitions/plain_error'\n      name:",
        "        $ref: '#/definitions/gone'\n      name:",
        "35: found a reference to `gone`, expected one of the `definitions`",
    ),
    (
        "        $ref: '#/definitions/plain_error'\n      name:",
        "        $ref: '#/parameters/gone'\n      name:",
        "35: found `$ref` with the value `\"#/parameters/gone\"`, expected `#/definitions/` and a name",
    ),
    (
        "      ropes:\n",
        "      ropes:\n        pattern_of: x\n",
        "47: found the member `pattern_of`, expected one that is known here",
    ),
    (
        "              type: number",
        "              type: decimal",
        "50: found `type` with the value `\"decimal\"`, expected a type",
    ),
    (
        "              type: number",
        "              maximum: 3",
        "49: found a schema without a type, expected `type`, `properties` or `$ref`",
    ),
    (
        "x-ntap-introduced: '9.10'",
        "x-ntap-introduced: 9.10",
        "33: found `x-ntap-introduced` with the value `9.1`, expected a text, in quotes if it could be something else",
    ),
    (
        "x-ntap-introduced: '9.10'",
        "x-ntap-introduced: soon",
        "33: found `x-ntap-introduced` with the value `\"soon\"`, expected a release such as '9.10'",
    ),
    (
        "      - description: The well\n",
        "      - in: body\n        name: more\n        schema:\n          type: string\n      - description: The well\n",
        "135: found a second body of `PATCH /security/ipsec/{name}`, expected one",
    ),
    (
        "collectionFormat: csv",
        "collectionFormat: multi",
        "76: found a list that is not joined by commas, expected `collectionFormat: csv`",
    ),
    (
        "- in: path",
        "- in: form",
        "127: found the parameter \"name\" in \"form\", expected a name, and query, path, header or body",
    ),
    (
        "        name: name\n",
        "        name: id\n",
        "124: found `{name}` in the path, expected a path parameter `name` in the table",
    ),
    (
        "| 9002 | A bar",
        "9002 | A bar",
        "111: found the text `9002 | A bar \\| and a rope. |` beside error codes, expected a row of a table, with `|` in front",
    ),
    ("| 9002 | A bar", "| nine | A bar", "111: found the error code `nine`, expected a whole number"),
    ("| 9002 | A bar", "| 9002 | 400 | A bar", "111: found a row of 3 cells, expected 2: Error Code, Description"),
    (
        "| Error Code | Description |",
        "| Code | Meaning |",
        "103: found a table with the header Code, Meaning, expected one of: Name, Type, In, Required, Description; Name, Type, Description; Error Code, Description",
    ),
    (
        "        * `well show`",
        "        * well show",
        "69: found the list item `well show`, expected a command between backticks",
    ),
    ("    patch:", "    patched:", "124: found the member `patched`, expected one that is known here"),
    (
        "        type: array\n        x-ntap-introduced: DO",
        "        type: [array\n        x-ntap-introduced: DO",
        "83: found YAML that cannot be read: illegal placement of ':' indicator, expected a part that can",
    ),
];

#[test]
fn each_damage_is_an_error_with_its_line() {
    let mut wrong = Vec::new();
    for (from, to, expected) in CASES {
        let found = read_swagger(&with(from, to)).map_or_else(|error| error.to_string(), |_| "success".to_owned());
        if found != format!("api/swagger.yaml:{expected}") {
            wrong.push(format!("{from:?} to {to:?}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_document_without_ipsec() {
    let error = read_swagger(&SWAGGER.replace("/security/ipsec", "/security/keys")).expect_err("nothing is in it");
    let expected = "found an API document without operations of IPsec, expected one with paths below `/security/ipsec`, such as `/security/ipsec/policies`";
    assert_eq!(error.to_string(), format!("api/swagger.yaml:1: {expected}"));
}

/// The sign of the form stands at the end, so that a document that breaks off has lost it.
#[test]
fn a_document_that_breaks_off_anywhere() {
    let end = SWAGGER.find("swagger: '2.0'").expect("the sign");
    for (index, _) in SWAGGER[..end].match_indices('\n') {
        assert!(read_swagger(&SWAGGER[..=index]).is_err());
    }
}

/// A line of the part that is read can only get lost without an error or another document if it says nothing.
#[test]
fn a_document_that_loses_a_line() {
    let whole = document();
    let lines: Vec<&str> = SWAGGER.split_inclusive('\n').collect();
    let mut unheard = Vec::new();
    for index in 0..lines.len() {
        let mut fewer = lines.clone();
        let lost = fewer.remove(index);
        if let Ok(read) = read_swagger(&fewer.concat()) {
            let same = write(&read.document).lines().skip(10).eq(write(&whole).lines().skip(10));
            if same {
                unheard.push(lost.trim());
            }
        }
    }
    unheard.sort_unstable();
    unheard.dedup();
    // Empty lines between the rows of a table, what is passed over by its name, and other parts of the document.
    let expected = [
        "",
        "- Wells",
        "More elsewhere.",
        "basePath: /api",
        "description: \"Wells.\\n\"",
        "description: Error",
        "description: OK",
        "description: Words.",
        "end\"}",
        "example: '4'",
        "get: {nonsense: \"it does not",
        "get: {}",
        "info:",
        "name: info",
        "operationId: well_get",
        "properties:",
        "self: [not, a, schema",
        "type: object",
        "version: v1",
        "x-go-name: well",
        "x-ntap-hol-version: '9.15'",
        "x-ntap-introduced: DO_NOT_DISPLAY",
        "x-nullable: true",
        "|",
        "| ---------- | ----------- |",
    ];
    assert_eq!(unheard, expected);
}

/// The differences of the document with `spec`, without sentences and with the deviations of `list` taken out.
fn differences(spec: &str, list: &str) -> Vec<(&'static str, String)> {
    let documented = Document::parse("facts.yaml", &write(&document())).expect("facts");
    let curated = Document::parse("spec.yaml", spec).expect("a spec");
    let comparison = compare(&documented, &curated, &Wording::default());
    let list = deviations::parse("deviations.yaml", list).expect("a list");
    let drift = deviations::judge(comparison, &list).drift.into_iter();
    let differences = drift.filter(|finding| !finding.rule.is_wording() && finding.rule != Rule::SummaryMissing);
    let catalogue = |finding: &Finding| finding.subject.starts_with("catalogue ");
    differences.filter(|finding| !catalogue(finding)).map(|finding| (finding.rule.id(), finding.subject)).collect()
}

/// Its operations share schemas, and mark which fields go which way and since when. A page prints the fields of each
/// operation, and only the marks that say more than the operation's.
#[test]
fn a_spec_is_compared_with_what_each_operation_sends_and_returns() {
    let spec = write(&document());
    let without = |part: &str| {
        assert_eq!(spec.matches(part).count(), 1, "{part:?}\n{spec}");
        spec.replace(part, "")
    };
    let of = |text: &str| differences(text, "[]");
    assert_eq!(of(&spec), []);
    // A part cannot be older than its operation.
    assert_eq!(of(&without("x-ntap-introduced: \"9.6\", ")), []);
    assert_eq!(of(&without("x-ntap-introduced: \"9.10\", ")), [("field-introduced", "well.depth".to_owned())]);
    // The limits are those of create, and no operation here creates.
    assert_eq!(of(&without(", maximum: 60")), []);
    assert_eq!(of(&without(", minLength: 1, maxLength: 12")), []);
    // It is given at create, and neither returned nor changed.
    let field = |name: &str| {
        let start = format!("        {name}: ");
        let line = spec.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{name}\n{spec}"));
        format!("{line}\n")
    };
    assert_eq!(of(&without(&field("name"))), []);
    assert_eq!(of(&without(&field("owner"))), [("field-missing", "well.owner".to_owned())]);
    // Deviations are about pages, and need not match it.
    let list = "[{rule: field-type, subject: well.owner, documented: a, curated: b, operations: [], reason: Odd.}]";
    assert_eq!(differences(&spec, list), []);
}
