//! Each kind of difference, on a small document of the tests' own; how findings are shown; and what is allowed.

use std::sync::LazyLock;

use xtask::drift::deviations::{self, Judged, judge};
use xtask::drift::wording::Wording;
use xtask::drift::{Comparison, compare, compare_all};
use xtask::finding::{Finding, Fix};
use xtask::openapi::Document;
use xtask::rule::Rule;

const FACTS: &str = include_str!("pages/garden.yaml");
const SPEC: &str = include_str!("pages/garden-spec.yaml");

static WORDING: LazyLock<Wording> = LazyLock::new(|| {
    Wording::parse("wording.yaml", include_str!("pages/garden-wording.yaml")).expect("the list is read")
});

/// A finding: its rule, its message, its place in the document, and the lines of the facts file.
type Expected = (&'static str, &'static str, &'static str, &'static [u64]);

/// A change to the document, as two texts, and the findings.
const CASES: &[(&str, &str, &[Expected])] = &[
    (
        "delete:\n",
        "put:\n",
        &[
            (
                "operation-missing",
                "`DELETE /garden/plots/{id}` is documented (since 9.8), but not in the spec",
                "80:3",
                &[77],
            ),
            (
                "operation-undocumented",
                "`PUT /garden/plots/{id}` is in the spec (since 9.8), but not documented",
                "81:5",
                &[11],
            ),
        ],
    ),
    (
        "x-ntap-introduced: \"9.8\"",
        "x-ntap-introduced: \"9.9\"",
        &[(
            "operation-introduced",
            "`DELETE /garden/plots/{id}` has the release 9.9, but 9.8 is documented",
            "82:7",
            &[78],
        )],
    ),
    (
        "        - garden plot delete\n",
        "        - garden plot delete\n        - garden plot destroy\n",
        &[(
            "operation-constraint",
            "`DELETE /garden/plots/{id}` has the commands garden plot delete, garden plot destroy, but garden plot delete is documented",
            "83:7",
            &[79],
        )],
    ),
    (
        "        - $ref: \"#/components/parameters/fields\"\n",
        "",
        &[(
            "parameter-missing",
            "`GET /garden/plots fields` is documented (query array[string]), but not in the spec",
            "16:7",
            &[20],
        )],
    ),
    (
        "        - name: sort\n",
        "        - name: colour\n          in: query\n          schema:\n            type: string\n        - name: sort\n",
        &[(
            "parameter-undocumented",
            "`GET /garden/plots colour` is in the spec (query string), but not documented",
            "33:11",
            &[18],
        )],
    ),
    (
        "        - name: sort\n          in: query",
        "        - name: sort\n          in: header",
        &[(
            "parameter-constraint",
            "`GET /garden/plots sort` has in header, but in query is documented",
            "33:11",
            &[23],
        )],
    ),
    (
        "        - name: weedy\n          in: query\n          x-ntap-introduced: \"9.9\"\n          schema:\n            type: boolean",
        "        - name: weedy\n          in: query\n          x-ntap-introduced: \"9.9\"\n          schema:\n            type: string",
        &[(
            "parameter-type",
            "`GET /garden/plots weedy` has the type string, but boolean is documented",
            "23:11",
            &[24],
        )],
    ),
    (
        "        type: array\n        items:\n          type: string\n  responses",
        "        type: array\n        items:\n          type: integer\n  responses",
        &[(
            "parameter-type",
            "`components.parameters.fields` has the type array[integer], but array[string] is documented",
            "98:5",
            &[20],
        )],
    ),
    (
        "          in: path\n          required: true\n",
        "          in: path\n",
        &[(
            "parameter-required",
            "`DELETE /garden/plots/{id} id` is optional, but required is documented",
            "86:11",
            &[82],
        )],
    ),
    (
        "maxLength: 12",
        "maxLength: 13",
        &[(
            "parameter-constraint",
            "`GET /garden/plots crop` has maxLength 13, but maxLength 12 is documented",
            "22:13",
            &[19],
        )],
    ),
    (
        "            minLength: 2\n",
        "",
        &[(
            "parameter-constraint",
            "`GET /garden/plots crop` has nothing, but minLength 2 is documented",
            "19:11",
            &[19],
        )],
    ),
    (
        "            default: false\n",
        "            default: false\n            minimum: 0\n",
        &[(
            "parameter-constraint",
            "`POST /garden/plots full` has minimum 0, but nothing is documented",
            "58:13",
            &[50],
        )],
    ),
    (
        "      minimum: 0\n      maximum: 60\n",
        "      minimum: 1\n      maximum: 61\n",
        &[
            (
                "parameter-constraint",
                "`GET /garden/plots patience` has maximum 61, but maximum 60 is documented",
                "182:7",
                &[22],
            ),
            (
                "parameter-constraint",
                "`GET /garden/plots patience` has minimum 1, but minimum 0 is documented",
                "181:7",
                &[22],
            ),
        ],
    ),
    (
        "          default: true\n",
        "          default: false\n",
        &[(
            "parameter-constraint",
            "`/garden/plots full` has default false, but default true is documented",
            "12:11",
            &[21],
        )],
    ),
    (
        "          x-ntap-introduced: \"9.9\"\n",
        "",
        &[(
            "parameter-introduced",
            "`GET /garden/plots weedy` has the release nothing, but 9.9 is documented",
            "23:11",
            &[24],
        )],
    ),
    (
        "      requestBody:\n        content:\n",
        "      x-was:\n        content:\n",
        &[(
            "operation-type",
            "`POST /garden/plots request` has as its body nothing, but an object is documented",
            "47:5",
            &[51],
        )],
    ),
    (
        "      parameters:\n        - name: id",
        "      requestBody:\n        content:\n          application/json:\n            schema:\n              type: object\n      parameters:\n        - name: id",
        &[(
            "operation-type",
            "`DELETE /garden/plots/{id} request` has as its body an object, but nothing is documented",
            "85:7",
            &[77],
        )],
    ),
    (
        "        \"201\":\n          headers",
        "        \"202\":\n          headers",
        &[("response-constraint", "`POST /garden/plots` has the status 202, but 201 is documented", "73:9", &[60])],
    ),
    (
        "        \"201\":\n          headers",
        "        \"201\":\n          description: made\n        \"202\":\n          headers",
        &[
            ("response-undocumented", "`POST /garden/plots 202` is in the spec, but not documented", "75:9", &[60]),
            (
                "header-missing",
                "`POST /garden/plots Location` is documented (string), but not in the spec",
                "73:9",
                &[63],
            ),
        ],
    ),
    (
        "        \"200\":\n          description: It is bare ground now.\n",
        "",
        &[("response-missing", "`DELETE /garden/plots/{id} 200` is documented, but not in the spec", "91:7", &[84])],
    ),
    (
        "        \"200\":\n          description: It is bare ground now.\n",
        "        \"200\":\n          description: gone\n          content:\n            application/json:\n              schema:\n                type: object\n",
        &[(
            "response-type",
            "`DELETE /garden/plots/{id} 200` has as its body an object, but nothing is documented",
            "94:11",
            &[84],
        )],
    ),
    (
        "        \"200\":\n          description: It is bare ground now.\n        default:\n          $ref: \"#/components/responses/trouble\"\n",
        "        \"200\":\n          description: gone\n",
        &[(
            "response-missing",
            "`DELETE /garden/plots/{id} default` is documented, but not in the spec",
            "91:7",
            &[86],
        )],
    ),
    (
        "      content:\n        application/json:\n          schema:\n            type: object\n            properties:\n              error:",
        "      x-was:\n        application/json:\n          schema:\n            type: object\n            properties:\n              error:",
        &[(
            "response-type",
            "`components.responses.trouble` has as its body nothing, but an object is documented",
            "106:5",
            &[38, 66, 88],
        )],
    ),
    (
        "            Location:\n",
        "            Place:\n",
        &[
            (
                "header-missing",
                "`POST /garden/plots Location` is documented (string), but not in the spec",
                "74:11",
                &[63],
            ),
            (
                "header-undocumented",
                "`POST /garden/plots Place` is in the spec (string), but not documented",
                "75:13",
                &[62],
            ),
        ],
    ),
    (
        "            Location:\n              schema:\n                type: string",
        "            Location:\n              schema:\n                type: integer",
        &[(
            "header-type",
            "`POST /garden/plots Location` has the type integer, but string is documented",
            "75:13",
            &[63],
        )],
    ),
    (
        "        message:\n",
        "        words:\n",
        &[
            (
                "field-missing",
                "`trouble.message` is documented (string), but not in the spec",
                "173:7",
                &[101, 138, 154],
            ),
            (
                "field-undocumented",
                "`trouble.words` is in the spec (string), but not documented",
                "176:9",
                &[99, 136, 152],
            ),
        ],
    ),
    (
        "          type: boolean\n    ground:",
        "          type: string\n    ground:",
        &[("field-type", "`plot.weedy` has the type string, but boolean is documented", "140:9", &[132])],
    ),
    (
        "      properties:\n        count:\n          type: integer",
        "      properties:\n        count:\n          type: number",
        &[("field-type", "`page.count` has the type number, but integer is documented", "129:9", &[34])],
    ),
    (
        "            plots:\n              type: array\n              items:\n                $ref: \"#/components/schemas/plot\"",
        "            plots:\n              $ref: \"#/components/schemas/plot\"",
        &[(
            "field-type",
            "`page.plots` has the type schema plot, but array[definition plots] is documented",
            "122:13",
            &[35],
        )],
    ),
    (
        "            _links:\n              $ref: \"#/components/schemas/page_links\"",
        "            _links:\n              $ref: \"#/components/schemas/links\"",
        &[("field-missing", "`links.next` is documented (definition href), but not in the spec", "153:7", &[106])],
    ),
    (
        "            - $ref: \"#/components/schemas/ground\"",
        "            - $ref: \"#/components/schemas/plot\"",
        &[(
            "field-type",
            "`plot.ipspace` has the type schema plot, but definition ipspace is documented",
            "137:9",
            &[131],
        )],
    ),
    (
        "                    roof:\n                      type: boolean",
        "                    roof:\n                      type: boolean\n                    door:\n                      type: boolean",
        &[(
            "field-undocumented",
            "`POST /garden/plots request.shed.door` is in the spec (boolean), but not documented",
            "72:21",
            &[147],
        )],
    ),
    (
        "              schema:\n                $ref: \"#/components/schemas/page\"",
        "              schema:\n                type: array\n                items:\n                  $ref: \"#/components/schemas/page\"",
        &[(
            "response-type",
            "`GET /garden/plots 200` has as its body array[object], but an object is documented",
            "41:11",
            &[28],
        )],
    ),
    (
        "      x-ontap-documented-as: [trouble]\n",
        "",
        &[("definition-missing", "`trouble` is documented, but not in the spec", "114:3", &[96, 133, 149])],
    ),
    (
        "[trouble]",
        "[trouble, misery]",
        &[(
            "definition-undocumented",
            "`trouble as misery` is in the spec (schema trouble), but not documented",
            "171:40",
            &[11],
        )],
    ),
    (
        "[9001, 9002, 9003]",
        "[9001, 9003]",
        &[("error-code-missing", "`POST /garden/plots 9002` is documented, but not in the spec", "51:7", &[74])],
    ),
    (
        "[9001, 9002, 9003]",
        "[9001, 9002, 9003, 9004]",
        &[("error-code-undocumented", "`POST /garden/plots 9004` is in the spec, but not documented", "51:47", &[72])],
    ),
    (
        "    9002:\n      name: shade\n",
        "",
        &[("error-code-missing", "`catalogue 9002` is documented, but not in the spec", "189:3", &[74])],
    ),
    (
        "    9003:\n      name: season\n",
        "    9003:\n      name: season\n    9004:\n      name: frost\n",
        &[("error-code-undocumented", "`catalogue 9004` is in the spec, but not documented", "196:5", &[11])],
    ),
];

fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} has to be there once");
    text.replace(from, to)
}

fn compared(facts: &str, spec: &str) -> Comparison {
    let documented = Document::parse("facts.yaml", facts).expect("the facts are read");
    compare(&documented, &Document::parse("spec.yaml", spec).expect("the document is read"), &WORDING)
}

fn brief(finding: &Finding) -> (&'static str, String, String, Vec<u64>) {
    let [at] = finding.to_at.as_slice() else { panic!("one place in the document: {finding:?}") };
    let place = format!("{}:{}", at.line, at.column);
    let lines = finding.from_at.iter().map(|at| at.line).collect();
    (finding.rule.id(), finding.message(), place, lines)
}

fn brief_of(expected: &[Expected]) -> Vec<(&'static str, String, String, Vec<u64>)> {
    let owned =
        |(rule, message, place, lines): &Expected| (*rule, (*message).to_owned(), (*place).to_owned(), lines.to_vec());
    expected.iter().map(owned).collect()
}

#[test]
fn a_document_that_agrees() {
    let comparison = compared(FACTS, SPEC);
    assert_eq!(comparison.findings, []);
    let counts = comparison.counts;
    assert_eq!((counts.operations, counts.parameters, counts.fields), (3, 8, 18));
    assert_eq!((counts.error_codes, counts.catalogue), (3, 3));
}

#[test]
fn each_change_and_its_findings() {
    assert_eq!(CASES.len(), 39);
    for (from, to, expected) in CASES {
        let findings = compared(FACTS, &changed(SPEC, from, to)).findings;
        assert_eq!(findings.iter().map(brief).collect::<Vec<_>>(), brief_of(expected), "{from:?} to {to:?}");
    }
}

/// The page says nothing of the limits of fields so far; when it does, they count.
#[test]
fn documented_limits_of_fields() {
    let cases: [(&str, &str, Expected); 2] = [
        (
            "weedy: {x-ontap-fingerprint: c9a70b951e9a, type: boolean}",
            "weedy: {x-ontap-fingerprint: c9a70b951e9a, type: boolean, default: true}",
            ("field-constraint", "`plot.weedy` has nothing, but default true is documented", "140:9", &[132]),
        ),
        (
            "weedy: {x-ontap-fingerprint: c9a70b951e9a, ",
            "weedy: {x-ntap-introduced: \"9.9\", x-ontap-fingerprint: c9a70b951e9a, ",
            ("field-introduced", "`plot.weedy` has the release nothing, but 9.9 is documented", "140:9", &[132]),
        ),
    ];
    for (from, to, expected) in cases {
        let findings = compared(&changed(FACTS, from, to), SPEC).findings;
        assert_eq!(findings.iter().map(brief).collect::<Vec<_>>(), brief_of(&[expected]));
    }
    let with_default = changed(
        SPEC,
        "          type: boolean\n    ground:",
        "          type: boolean\n          default: true\n    ground:",
    );
    assert_eq!(compared(FACTS, &with_default).findings, []);
}

/// A page lists no values, but the API document of a cluster does: one that the spec does not know is a difference.
#[test]
fn documented_values_of_fields() {
    let crop = FACTS.lines().find(|line| line.starts_with("        crop: {")).expect("a field");
    let crop = format!("\n{crop}");
    let facts = |values: &str| {
        let listed = format!("type: string, enum: [{values}]");
        changed(FACTS, &crop, &crop.replace("type: string", &listed))
    };
    let crops = "\n        crop:\n          type: string\n";
    let spec = changed(SPEC, crops, &format!("{crops}          enum: [kale, leek, null]\n"));
    assert_eq!(compared(&facts("kale"), &spec).findings, []);
    assert_eq!(compared(&facts("kale, beet"), SPEC).findings, []);
    assert_eq!(compared(FACTS, &spec).findings, []);
    let [finding] = &compared(&facts("kale, beet, null"), &spec).findings[..] else { panic!("one finding") };
    assert_eq!(finding.message(), "`plot.crop` has enum kale, leek, but enum beet is documented");
    assert!(matches!(finding.fix, Fix::Person(_)));
}

/// Sentences that the vendor has changed since the spec's words were written: the rule, the subject, the new fingerprint,
/// and the lines of spec and facts.
const REWORDED: [(&str, &str, &str, u64, u64); 6] = [
    ("operation-wording", "GET /garden/plots", "fingerprint: ff0ecd51a6e8", 13, 13),
    ("parameter-wording", "GET /garden/plots crop", "fingerprint: \"45b6010072ff\"", 17, 19),
    ("field-wording", "plot.weedy", "fingerprint: c9a70b951e9a", 140, 132),
    ("header-wording", "POST /garden/plots Location", "fingerprint: \"823d9b6748ef\"", 75, 63),
    ("definition-wording", "plots", "fingerprint: fc9fc2d83d87", 132, 125),
    ("error-code-wording", "catalogue 9002", "fingerprint: \"144ab4fd2795\"", 192, 74),
];

#[test]
fn sentences_that_nobody_has_read() {
    for (rule, subject, fingerprint, line, documented) in REWORDED {
        let findings = compared(&changed(FACTS, fingerprint, "fingerprint: \"000000000000\""), SPEC).findings;
        let [finding] = findings.as_slice() else { panic!("{subject}: {findings:?}") };
        let lines: Vec<u64> = finding.from_at.iter().map(|at| at.line).collect();
        assert_eq!((finding.rule.id(), finding.subject.as_str()), (rule, subject));
        assert_eq!((finding.to_at[0].line, lines), (line, vec![documented]), "{subject}");
        assert_eq!(finding.from.as_deref(), Some("000000000000"));
        assert_eq!(
            finding.message(),
            format!("`{subject}` is described in other words than when the spec's were written")
        );
        assert_eq!(finding.fix, Fix::Accept);
    }
}

/// One operation's sentence is new; those of the others were read.
#[test]
fn one_sentence_of_several() {
    let facts = FACTS.replacen(
        "message: {x-ontap-fingerprint: \"0a8be89a52a8\"",
        "message: {x-ontap-fingerprint: \"000000000000\"",
        1,
    );
    let findings = compared(&facts, SPEC).findings;
    let said: Vec<_> = findings.iter().map(|finding| (finding.subject.as_str(), finding.from_at[0].line)).collect();
    assert_eq!(said, [("trouble.message", 101)]);
    assert_eq!(findings[0].operations, ["DELETE /garden/plots/{id}"]);
    assert_eq!(findings[0].from.as_deref(), Some("000000000000 or 0a8be89a52a8"));
}

#[test]
fn words_that_are_still_to_be_written() {
    for (from, to, subject, place) in [
        (
            "          description: It is bare ground now.\n",
            "          description: \"\"\n",
            "DELETE /garden/plots/{id} 200",
            "93:11",
        ),
        (
            "        crop:\n          type: string\n        ipspace",
            "        crop:\n          description: \" \"\n          type: string\n        ipspace",
            "plot.crop",
            "136:11",
        ),
        (
            "    9002:\n      name: shade\n",
            "    9002:\n      name: shade\n      summary: \"\"\n",
            "catalogue 9002",
            "194:7",
        ),
        (
            "    9002:\n      name: shade\n",
            "    9002:\n      name: shade\n      summary: It is dark.\n      remedy: \"\"\n",
            "catalogue 9002",
            "195:7",
        ),
        ("    9002:\n      name: shade\n", "    9002:\n      name: code-9002\n", "catalogue 9002", "193:7"),
        (
            "    9002:\n      name: shade\n",
            "    9002:\n      name: code-9002\n      summary: \"\"\n",
            "catalogue 9002",
            "193:7",
        ),
    ] {
        let findings = compared(FACTS, &changed(SPEC, from, to)).findings;
        let expected = ("summary-missing", format!("`{subject}` has no words yet"), place.to_owned(), Vec::new());
        assert_eq!(findings.iter().map(brief).collect::<Vec<_>>(), [expected]);
    }
}

/// Every rule is seen at work in this file.
#[test]
fn no_rule_is_forgotten() {
    let mut seen: Vec<&str> =
        CASES.iter().flat_map(|(_, _, findings)| findings.iter().map(|finding| finding.0)).collect();
    seen.extend(["field-constraint", "field-introduced", "deviation-stale", "summary-missing"]);
    seen.extend(REWORDED.map(|(rule, ..)| rule));
    for &rule in Rule::ALL.iter().filter(|rule| rule.is_drift()) {
        assert!(seen.contains(&rule.id()), "{rule}");
        assert_eq!(Rule::named(rule.id()), Some(rule));
    }
}

/// Moving parts of the document about is no difference.
#[test]
fn the_order_of_parts_makes_no_difference() {
    let sort = "        - name: sort\n          in: query\n          schema:\n            type: array\n            items:\n              type: string\n";
    let moved = changed(&changed(SPEC, sort, ""), "        - name: crop\n", &format!("{sort}        - name: crop\n"));
    assert_ne!(moved, SPEC);
    assert_eq!(compared(FACTS, &moved).findings, []);
    assert_eq!(compared(FACTS, &changed(SPEC, "[9001, 9002, 9003]", "[9003, 9001, 9002]")).findings, []);
}

/// A schema that only a missing part led to says nothing on top.
#[test]
fn what_is_behind_a_missing_part_is_not_compared() {
    let damaged = changed(SPEC, "        message:\n          type: string\n", "");
    let damaged = changed(
        &damaged,
        "              error:\n                $ref: \"#/components/schemas/trouble\"\n",
        "              {}\n",
    );
    let findings = compared(FACTS, &damaged).findings;
    let said: Vec<(&str, &str)> =
        findings.iter().map(|finding| (finding.rule.id(), finding.subject.as_str())).collect();
    assert_eq!(said, [("field-missing", "components.responses.trouble.error")]);
}

/// Other operations that share the schema document the field still.
#[test]
fn a_field_that_one_operation_documents_no_more() {
    let facts = FACTS.replacen("        message: {x-ontap-fingerprint: \"0a8be89a52a8\", type: string}\n", "", 1);
    let findings = compared(&facts, SPEC).findings;
    let expected: &[Expected] =
        &[("field-undocumented", "`trouble.message` is in the spec (string), but not documented", "176:9", &[99])];
    assert_eq!(findings.iter().map(brief).collect::<Vec<_>>(), brief_of(expected));
    assert_eq!(findings[0].operations, ["DELETE /garden/plots/{id}"]);
    assert!(matches!(findings[0].fix, Fix::Person(_)), "{:?}", findings[0].fix);
}

/// A page prints a definition that no body of its operation leads to, but a body of the document does.
#[test]
fn a_definition_that_only_the_document_leads_to() {
    let table = "          content:
            application/json:
              schema:
                type: object
                properties:
                  error: {$ref: \"#/components/schemas/POST.garden.plots.trouble\"}
";
    let facts = changed(FACTS, table, "");
    assert_eq!(compared(&facts, SPEC).findings, []);
    let start = facts.find("    POST.garden.plots.trouble:").expect("the definition");
    let facts = format!("{}{}", &facts[..start], facts[start..].replace("type: string", "type: integer"));
    let expected: &[Expected] = &[
        ("field-type", "`trouble.code` has the type string, but integer is documented", "174:9", &[147]),
        ("field-type", "`trouble.message` has the type string, but integer is documented", "176:9", &[148]),
    ];
    let findings = compared(&facts, SPEC).findings;
    assert_eq!(findings.iter().map(brief).collect::<Vec<_>>(), brief_of(expected));

    // No body of the document's operation leads to the schema that stands for this one.
    assert_eq!(compared(&changed(FACTS, "nothing: {type: string}", "nothing: {type: integer}"), SPEC).findings, []);
}

/// The API document of a cluster has several, or none.
#[test]
fn several_statuses_of_success() {
    let of = |facts: &str, spec: &str| {
        let (documented, curated) = ("        \"201\":\n          description: \"\"\n", "        \"201\":\n");
        let findings =
            compared(&changed(FACTS, documented, &format!("{facts}{documented}")), &changed(SPEC, curated, spec))
                .findings;
        findings.iter().map(brief).collect::<Vec<_>>()
    };
    let accepted = "        \"202\":\n          description: \"\"\n";
    let one = "        \"201\":\n";
    let two = format!("        \"202\":\n          description: It is being dug.\n{one}");
    assert_eq!(of(accepted, &two), []);
    let missing: Expected =
        ("response-missing", "`POST /garden/plots 202` is documented, but not in the spec", "72:7", &[60]);
    assert_eq!(of(accepted, one), brief_of(&[missing]));
    let undocumented: Expected =
        ("response-undocumented", "`POST /garden/plots 202` is in the spec, but not documented", "73:9", &[60]);
    assert_eq!(of("", &two), brief_of(&[undocumented]));

    let facts = changed(FACTS, "        \"200\":\n          description: \"\"\n        default", "        default");
    let findings = compared(&facts, SPEC).findings;
    let undocumented: Expected =
        ("response-undocumented", "`DELETE /garden/plots/{id} 200` is in the spec, but not documented", "92:9", &[83]);
    assert_eq!(findings.iter().map(brief).collect::<Vec<_>>(), brief_of(&[undocumented]));
}

/// A part that both sides lack is no difference.
#[test]
fn no_response_for_errors() {
    let start = FACTS.rfind("        default:\n").expect("a response");
    let facts = format!("{}{}", &FACTS[..start], &FACTS[FACTS.find("components:").expect("components")..]);
    assert_eq!(compared(&facts, SPEC).findings, []);
    let own = "        \"200\":\n          description: It is bare ground now.\n";
    let spec =
        changed(SPEC, &format!("{own}        default:\n          $ref: \"#/components/responses/trouble\"\n"), own);
    assert_eq!(compared(&facts, &spec).findings, []);
}

/// The newest facts can be older than the document, which then has parts that they cannot have.
#[test]
fn a_mark_that_is_later_than_all_facts() {
    let row = "        - $ref: \"#/components/parameters/fields\"\n";
    let field = "                crop:\n                  type: string\n                shed:";
    let put = "    put:\n      x-ntap-introduced: \"9.8\"\n      responses: { \"200\": { description: It is dug. } }\n    delete:\n";
    let cases = [
        (
            "parameter-undocumented",
            row,
            format!(
                "        - {{ name: mulch, in: query, x-ntap-introduced: \"9.8\", schema: {{ type: boolean }} }}\n{row}"
            ),
        ),
        (
            "field-undocumented",
            field,
            field.replacen("crop:", "mulch: { x-ntap-introduced: \"9.8\", type: boolean }\n                crop:", 1),
        ),
        ("operation-undocumented", "    delete:\n", put.to_owned()),
    ];
    for (rule, part, new) in cases {
        let spec = changed(SPEC, part, &new);
        let found = |spec: &str| compared(FACTS, spec).findings.iter().map(|one| one.rule.id()).collect::<Vec<_>>();
        assert_eq!(found(&spec), [rule]);
        let later = spec.replace(&new, &new.replacen("\"9.8\"", "\"9.18\"", 1));
        assert_eq!(found(&later), [""; 0], "{rule}");
    }
}

/// Older releases were not read as a whole. A missing page of the newest release is a finding.
#[test]
fn a_path_that_only_older_facts_have_no_page_of() {
    let found = |newest: &str, older: &str| {
        let facts = |text: &str| Document::parse("facts.yaml", text).expect("the facts are read");
        let spec = Document::parse("spec.yaml", SPEC).expect("the document is read");
        let documented = [facts(newest), facts(&changed(older, "version: \"9.15.1\"", "version: \"9.11.1\""))];
        let all = compare_all(&documented, &[], &spec, &WORDING);
        let of = |one: &Comparison| one.findings.iter().map(Finding::message).collect::<Vec<_>>();
        all.iter().map(of).collect::<Vec<_>>()
    };
    let start = FACTS.find("  /garden/plots/{id}:\n").expect("a path");
    let end = FACTS.find("components:\n").expect("components");
    let without_path = format!("{}{}", &FACTS[..start], &FACTS[end..]);
    let post = FACTS.find("    post:\n").expect("an operation");
    let without_operation = format!("{}{}", &FACTS[..post], &FACTS[start..]);
    let missing = |key: &str| {
        format!(
            "`{key}` is in the spec (since {}), but not documented",
            if key.starts_with('D') { "9.8" } else { "9.7" }
        )
    };

    assert_eq!(found(FACTS, &without_path), [[""; 0], [""; 0]]);
    let newest = found(&without_path, FACTS);
    assert!(newest[0].contains(&missing("DELETE /garden/plots/{id}")) && newest[1].is_empty(), "{newest:?}");
    let older = found(FACTS, &without_operation);
    assert!(older[1].contains(&missing("POST /garden/plots")) && older[0].is_empty(), "{older:?}");
}

/// The names of its definitions start with those of an operation on a path below.
#[test]
fn a_definition_of_an_operation_on_a_path_below() {
    let facts = changed(FACTS, "    delete:\n", "    get:\n").replace("DELETE.garden", "GET.garden");
    let name = "    GET.garden.plots.id.trouble:\n";
    let facts = changed(&facts, name, &format!("{name}      x-ontap-fingerprint: \"000000000000\"\n"));
    let findings = compared(&facts, &changed(SPEC, "    delete:\n", "    get:\n")).findings;
    let finding = findings.iter().find(|finding| finding.rule == Rule::DefinitionWording).expect("a finding");
    assert_eq!((finding.subject.as_str(), finding.from.as_deref()), ("trouble", Some("000000000000")));
    assert_eq!(finding.operations, ["GET /garden/plots/{id}"]);
}

/// OpenAPI 3.0 has no type for null, so that an enum or null is a choice; a choice between two values is another matter.
#[test]
fn a_choice_of_null_makes_no_difference() {
    let one = "          allOf:\n            - $ref: \"#/components/schemas/ground\"\n";
    let of = |first: &str, second: &str| {
        let choice = format!("          anyOf:\n            - {first}\n            - {second}\n");
        let findings = compared(FACTS, &changed(SPEC, one, &choice)).findings;
        findings.iter().map(|finding| finding.rule.id()).collect::<Vec<_>>()
    };
    let (ground, null) = ("$ref: \"#/components/schemas/ground\"", "{ type: string, nullable: true, enum: [null] }");
    assert_eq!(of(ground, null), [""; 0]);
    assert_eq!(of(null, ground), [""; 0]);
    assert_eq!(of("type: string", null), ["field-type"]);
    for (first, second) in
        [(ground, ground), (null, null), (ground, "{ type: string, nullable: true, enum: [no, null] }")]
    {
        assert_eq!(of(first, second), ["field-type"], "{first} {second}");
    }
}

/// A schema can hold itself, and a reference can lead back to itself; neither takes forever.
#[test]
fn circles() {
    let holds_itself = changed(
        SPEC,
        "          type: boolean\n    ground:",
        "          type: boolean\n        beside:\n          $ref: \"#/components/schemas/plot\"\n    ground:",
    );
    let findings = compared(FACTS, &holds_itself).findings;
    assert_eq!(
        findings.iter().map(Finding::message).collect::<Vec<_>>(),
        ["`plot.beside` is in the spec (schema plot), but not documented"]
    );

    let back = changed(
        SPEC,
        "    patience:\n      type: integer\n      default: 3\n",
        "    patience:\n      $ref: \"#/components/schemas/patience\"\n      default: 3\n",
    );
    let error = Document::parse("spec.yaml", &back).expect_err("a circle").to_string();
    assert_eq!(error, "spec.yaml:178:5: a reference that leads back to itself");

    for (from, to, place) in [
        (
            "    counted:\n      type: object\n",
            "    counted:\n      type: object\n      allOf:\n        - $ref: \"#/components/schemas/counted\"\n",
            "129:11",
        ),
        (
            "      type: integer\n      default: 3\n",
            "      type: array\n      items:\n        $ref: \"#/components/schemas/patience\"\n      default: 3\n",
            "180:7",
        ),
        (
            "      type: integer\n      default: 3\n",
            "      allOf:\n        - allOf:\n            - $ref: \"#/components/schemas/patience\"\n      default: 3\n",
            "180:11",
        ),
    ] {
        let error = Document::parse("spec.yaml", &changed(SPEC, from, to)).expect_err("a circle").to_string();
        assert_eq!(error, format!("spec.yaml:{place}: a schema that refers to itself"));
    }
}

mod shown {
    use super::*;
    use xtask::render::{Drift, text};

    fn shown(spec: &str, deviations: &str) -> String {
        let comparison = compared(FACTS, spec);
        let counts = comparison.counts;
        let judged = judge(comparison, &deviations::parse("deviations.yaml", deviations).expect("the list is read"));
        text::drift(&Drift {
            facts: "facts.yaml",
            spec: "spec.yaml",
            deviations: "deviations.yaml",
            judged: &judged,
            counts,
            texts: &[("spec.yaml", spec), ("facts.yaml", FACTS), ("deviations.yaml", deviations)],
            arguments: "",
        })
    }

    #[test]
    fn no_drift() {
        let expected = "no drift between spec.yaml and facts.yaml in 3 operations, 8 parameters, 18 fields, 3 error codes \
                        in operations and 3 in the catalogue; deviations.yaml allows 0\n";
        assert_eq!(shown(SPEC, "[]"), expected);
    }

    #[test]
    fn drift() {
        let spec = changed(SPEC, "[9001, 9002, 9003]", "[9001, 9003, 9004]");
        let spec = changed(&spec, "        message:\n          type: string\n", "");
        assert_eq!(shown(&spec, "[]"), include_str!("pages/drift.out"));
    }

    #[test]
    fn a_stale_deviation() {
        let list = "- rule: field-type\n  subject: plot.weedy\n  documented: boolean\n  curated: string\n  operations: []\n  reason: Once it was.\n";
        assert_eq!(shown(SPEC, list), include_str!("pages/stale.out"));
    }
}

mod allowed {
    use super::*;

    const LIST: &str = "\
- rule: field-type
  subject: plot.weedy
  documented: boolean
  curated: string
  reason: Some weeds have names.
  operations: [GET /garden/plots]
";

    fn judged(spec: &str, list: &str) -> Judged {
        let list = deviations::parse("deviations.yaml", list).expect("the list is read");
        judge(compared(FACTS, spec), &list)
    }

    fn names_weeds() -> String {
        changed(SPEC, "          type: boolean\n    ground:", "          type: string\n    ground:")
    }

    #[test]
    fn a_difference_that_is_listed() {
        let judged = judged(&names_weeds(), LIST);
        assert_eq!(judged.drift, []);
        assert_eq!(judged.allowed.iter().map(|allowed| allowed.subject.as_str()).collect::<Vec<_>>(), ["plot.weedy"]);
    }

    #[test]
    fn only_with_the_same_rule_subject_and_values() {
        for (from, to) in [
            ("field-type", "field-constraint"),
            ("plot.weedy", "plot.crop"),
            ("documented: boolean", "documented: integer"),
            ("documented: boolean", "documented: null"),
            ("curated: string", "curated: integer"),
            ("operations: [", "operations: [] # "),
        ] {
            let judged = judged(&names_weeds(), &changed(LIST, from, to));
            let rules: Vec<&str> = judged.drift.iter().map(|finding| finding.rule.id()).collect();
            assert_eq!(rules, ["deviation-stale", "field-type"], "{to}");
            assert_eq!(judged.drift[0].to_at[0].to_string(), "deviations.yaml:1:3");
            assert_eq!(judged.allowed, []);
        }
    }

    #[test]
    fn a_deviation_is_not_stale_when_its_subject_is_missing() {
        let spec = changed(SPEC, "        weedy:\n          type: boolean\n    ground:", "    ground:");
        let messages: Vec<String> = judged(&spec, LIST).drift.iter().map(Finding::message).collect();
        assert_eq!(messages, ["`plot.weedy` is documented (boolean), but not in the spec"]);
    }

    #[test]
    fn a_deviation_is_not_stale_when_nothing_leads_to_its_subject() {
        let spec = changed(
            SPEC,
            "            plots:\n              type: array\n              items:\n                $ref: \"#/components/schemas/plot\"\n",
            "",
        );
        let messages: Vec<String> = judged(&spec, LIST).drift.iter().map(Finding::message).collect();
        assert_eq!(messages, ["`page.plots` is documented (array[definition plots]), but not in the spec"]);
    }

    #[test]
    fn a_deviation_from_a_schema_that_does_not_exist_is_stale() {
        let list = changed(LIST, "plot.weedy", "plott.weedy");
        let messages: Vec<String> = judged(SPEC, &list).drift.iter().map(Finding::message).collect();
        assert_eq!(messages, ["`field-type plott.weedy` is listed as a deviation, but there is no such difference"]);
    }

    #[test]
    fn lists_that_are_refused() {
        let rest = "  documented: null\n  curated: null\n";
        for (list, expected) in [
            (changed(LIST, "Some weeds have names.", "\" \""), "5:3: a deviation needs a reason"),
            (changed(LIST, "field-type", "field-odd"), "1:3: `field-odd` is not a rule that can be departed from"),
            (
                changed(LIST, "field-type", "deviation-stale"),
                "1:3: `deviation-stale` is not a rule that can be departed from",
            ),
            (
                changed(LIST, "field-type", "field-wording"),
                "1:3: `field-wording` is not a rule that can be departed from",
            ),
            (changed(LIST, "  reason: Some weeds have names.\n", ""), "1:3: missing field `reason`"),
            (changed(LIST, "  curated: string\n", ""), "1:3: missing field `curated`"),
            (
                changed(LIST, "curated", "curate"),
                "4:3: unknown field `curate`, expected one of `rule`, `subject`, `documented`, `curated`, `operations`, `releases`, `reason`",
            ),
            (changed(LIST, "curated: string", "curated: [a]"), "4:3: expected a value as findings show it, or null"),
            (format!("{LIST}{LIST}"), "7:3: the same deviation is already in line 1"),
            (format!("- rule: field-type\n{rest}"), "1:3: missing field `subject`"),
            ("rules: none\n".to_owned(), "1:1: invalid type: map, expected a sequence"),
        ] {
            let error = deviations::parse("deviations.yaml", &list).expect_err(expected).to_string();
            assert_eq!(error, format!("deviations.yaml:{expected}"));
        }
    }

    #[test]
    fn no_list_at_all() {
        assert!(deviations::parse("deviations.yaml", "# nothing yet\n").expect("an empty list").is_empty());
        assert!(deviations::parse("deviations.yaml", "[]\n").expect("an empty list").is_empty());
    }
}

mod refused {
    use super::*;

    #[test]
    fn documents() {
        let cases = [
            (
                "#/components/schemas/page\"",
                "#/components/schemas/pages\"",
                "44:17: \"#/components/schemas/pages\" is not in this document",
            ),
            (
                "#/components/parameters/fields",
                "other.yaml#/fields",
                "28:11: \"other.yaml#/fields\" is not in this document",
            ),
            ("    9003:\n", "    9003.5:\n", "194:5: `9003.5` is not an error code"),
            ("    9003:\n", "    \"+9003\":\n", "194:5: `+9003` is not an error code"),
            ("    9003:\n", "    \"09002\":\n", "194:5: the error code 9002 stands twice"),
            ("[9001, 9002, 9003]", "[9001, 9002, 9002]", "51:41: the error code 9002 is listed twice"),
            ("[9001, 9002, 9003]", "[9001, many]", "51:35: expected an error code, a whole number"),
            ("[9001, 9002, 9003]", "9001", "51:7: expected a list"),
            (
                "x-ntap-introduced: \"9.8\"",
                "x-ntap-introduced: 9.8",
                "82:7: expected text; put it in quotes if it looks like a number",
            ),
            ("          required: true\n", "          required: maybe\n", "88:11: expected `true` or `false`"),
            (
                "        - name: weedy\n          in: query\n",
                "        - name: weedy\n",
                "23:11: a parameter without `in`",
            ),
            ("        - name: weedy\n", "        - name: crop\n", "23:11: the parameter `crop` is listed twice"),
            ("paths:\n", "paths: none\nx-was:\n", "5:1: expected a mapping"),
            ("        count:\n          type: integer\n", "        count: integer\n", "129:9: expected a schema"),
        ];
        for (from, to, expected) in cases {
            let error = Document::parse("spec.yaml", &changed(SPEC, from, to)).expect_err(expected).to_string();
            assert_eq!(error, format!("spec.yaml:{expected}"));
        }
    }

    /// Nothing would be compared: all members of an OpenAPI document that are compared can be left out.
    #[test]
    fn files_of_another_form() {
        for text in ["", "[1]\n", "swagger: \"2.0\"\npaths: {}\n", "release: \"9.15.1\"\npages: []\noperations: {}\n"] {
            let error = Document::parse("facts.yaml", text).expect_err(text).to_string();
            let expected =
                "facts.yaml:1:1: expected an OpenAPI document, found no `openapi` with its version, such as 3.0.3";
            assert_eq!(error, expected, "{text}");
        }
    }

    /// Text after the end of a document is an error: a reader would drop it silently.
    #[test]
    fn text_after_the_end() {
        for text in ["  paths: {}\ninfo: {}\n", "{paths: {}}\ninfo: {}\n", "paths: {}\n---\ninfo: {}\n"] {
            let error = Document::parse("spec.yaml", text).expect_err(text);
            assert_eq!(error.at.line, text.lines().count() as u64, "{error}");
        }
    }

    #[test]
    fn a_key_that_stands_twice() {
        let twice = changed(SPEC, "openapi: 3.0.3\n", "openapi: 3.0.3\nopenapi: 3.0.3\n");
        let error = Document::parse("spec.yaml", &twice).expect_err("the key is there twice");
        assert_eq!(error.at.to_string(), "spec.yaml:2:1");
        assert!(error.cause.contains("openapi"), "{error}");
    }

    #[test]
    fn facts() {
        let cases = [
            (
                "schemas/GET.garden.plots.plots\"}}",
                "schemas/GET.garden.plots.beds\"}}",
                "35:48: \"#/components/schemas/GET.garden.plots.beds\" is not in this document",
            ),
            (
                "crop: {x-ontap-fingerprint: d57d6c46871c, type: string}\n        ipspace",
                "crop: {x-ontap-fingerprint: some, type: string}\n        ipspace",
                "130:16: `some` is not 12 hexadecimal digits",
            ),
            (
                "          headers:\n            Location: {",
                "          headers:\n            Location: none #{",
                "63:13: expected a schema",
            ),
            (
                "schema: {type: array, items: {type: string}}}\n        - {name: full",
                "schema: {type: array, items: {type: text}}}\n        - {name: full",
                "20:104: `text` is not a type: expected boolean, integer, number, string, array or object",
            ),
            (
                ", type: boolean}\n    GET.garden.plots.trouble",
                ", type: array}\n    GET.garden.plots.trouble",
                "132:9: expected a schema",
            ),
            ("schema: {type: boolean, default: false}}", "type: boolean, default: false}", "50:11: expected a schema"),
            ("{code: 9002, ", "{", "74:11: expected an error code, a whole number"),
            ("{code: 9002, ", "{code: 9001, ", "74:11: the error code 9001 is listed twice"),
            ("x-ontap-cut: true", "x-ontap-cut: 1", "23:72: expected `true` or `false`"),
            (
                "    GET.garden.plots.href:\n",
                "    GET.garden.plots._links.self:\n",
                "113:5: the key `GET.garden.plots._links.self` stands twice in one mapping",
            ),
            (
                "  version: \"9.15.1\"\n",
                "  version: 9.15\n",
                "8:3: expected text; put it in quotes if it looks like a number",
            ),
            (
                "  version: \"9.15.1\"\n",
                "",
                "6:1: expected an OpenAPI document, found no `info.version`, such as 9.15.1",
            ),
        ];
        for (from, to, expected) in cases {
            let error = Document::parse("facts.yaml", &changed(FACTS, from, to)).expect_err(expected).to_string();
            assert_eq!(error, format!("facts.yaml:{expected}"));
        }
    }
}
