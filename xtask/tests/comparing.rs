//! Each kind of difference, on a small document of the tests' own; how findings are shown; and what is allowed.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

use std::sync::LazyLock;

use xtask::compare::{Comparison, compare};
use xtask::deviations::{self, Judged, judge};
use xtask::facts::Documented;
use xtask::finding::{Finding, Fix};
use xtask::render::Report;
use xtask::render::text::render;
use xtask::rule::Rule;
use xtask::spec::Spec;
use xtask::wording::Wording;

const FACTS: &str = include_str!("pages/garden.yaml");
const SPEC: &str = include_str!("pages/garden-spec.yaml");

static WORDING: LazyLock<Wording> = LazyLock::new(|| {
    Wording::parse("wording.yaml", include_str!("pages/garden-wording.yaml")).expect("the list is read")
});

/// A finding: its rule, its message, its place in the document, and the lines of the facts file.
type Expected = (&'static str, &'static str, &'static str, &'static [u64]);

/// What is changed in the document, into what, and the findings.
const CASES: &[(&str, &str, &[Expected])] = &[
    (
        "delete:\n",
        "put:\n",
        &[
            (
                "operation-missing",
                "`DELETE /garden/plots/{id}` is documented (since 9.8), but not in the spec",
                "80:3",
                &[9],
            ),
            (
                "operation-undocumented",
                "`PUT /garden/plots/{id}` is in the spec (since 9.8), but not documented",
                "81:5",
                &[8],
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
            &[10],
        )],
    ),
    (
        "        - garden plot delete\n",
        "        - garden plot delete\n        - garden plot destroy\n",
        &[(
            "operation-constraint",
            "`DELETE /garden/plots/{id}` has the commands garden plot delete, garden plot destroy, but garden plot delete is documented",
            "83:7",
            &[11],
        )],
    ),
    (
        "        - $ref: \"#/components/parameters/fields\"\n",
        "",
        &[(
            "parameter-missing",
            "`GET /garden/plots fields` is documented (query array[string]), but not in the spec",
            "16:7",
            &[33],
        )],
    ),
    (
        "        - name: sort\n",
        "        - name: colour\n          in: query\n          schema:\n            type: string\n        - name: sort\n",
        &[(
            "parameter-undocumented",
            "`GET /garden/plots colour` is in the spec (query string), but not documented",
            "33:11",
            &[31],
        )],
    ),
    (
        "        - name: sort\n          in: query",
        "        - name: sort\n          in: header",
        &[(
            "parameter-constraint",
            "`GET /garden/plots sort` has in header, but in query is documented",
            "33:11",
            &[36],
        )],
    ),
    (
        "        - name: weedy\n          in: query\n          x-ntap-introduced: \"9.9\"\n          schema:\n            type: boolean",
        "        - name: weedy\n          in: query\n          x-ntap-introduced: \"9.9\"\n          schema:\n            type: string",
        &[(
            "parameter-type",
            "`GET /garden/plots weedy` has the type string, but boolean is documented",
            "23:11",
            &[37],
        )],
    ),
    (
        "        type: array\n        items:\n          type: string\n  responses",
        "        type: array\n        items:\n          type: integer\n  responses",
        &[(
            "parameter-type",
            "`components.parameters.fields` has the type array[integer], but array[string] is documented",
            "98:5",
            &[33],
        )],
    ),
    (
        "          in: path\n          required: true\n",
        "          in: path\n",
        &[(
            "parameter-required",
            "`DELETE /garden/plots/{id} id` is optional, but required is documented",
            "86:11",
            &[14],
        )],
    ),
    (
        "maxLength: 12",
        "maxLength: 13",
        &[(
            "parameter-constraint",
            "`GET /garden/plots crop` has maxLength 13, but maxLength 12 is documented",
            "22:13",
            &[32],
        )],
    ),
    (
        "            minLength: 2\n",
        "",
        &[(
            "parameter-constraint",
            "`GET /garden/plots crop` has nothing, but minLength 2 is documented",
            "19:11",
            &[32],
        )],
    ),
    (
        "            default: false\n",
        "            default: false\n            minimum: 0\n",
        &[(
            "parameter-constraint",
            "`POST /garden/plots full` has minimum 0, but nothing is documented",
            "58:13",
            &[79],
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
                &[35],
            ),
            (
                "parameter-constraint",
                "`GET /garden/plots patience` has minimum 1, but minimum 0 is documented",
                "181:7",
                &[35],
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
            &[34],
        )],
    ),
    (
        "          x-ntap-introduced: \"9.9\"\n",
        "",
        &[(
            "parameter-introduced",
            "`GET /garden/plots weedy` has the release nothing, but 9.9 is documented",
            "23:11",
            &[37],
        )],
    ),
    (
        "      requestBody:\n        content:\n",
        "      x-was:\n        content:\n",
        &[(
            "operation-type",
            "`POST /garden/plots request` has as its body nothing, but an object is documented",
            "47:5",
            &[80],
        )],
    ),
    (
        "      parameters:\n        - name: id",
        "      requestBody:\n        content:\n          application/json:\n            schema:\n              type: object\n      parameters:\n        - name: id",
        &[(
            "operation-type",
            "`DELETE /garden/plots/{id} request` has as its body an object, but nothing is documented",
            "85:7",
            &[9],
        )],
    ),
    (
        "        \"201\":\n          headers",
        "        \"202\":\n          headers",
        &[("response-constraint", "`POST /garden/plots` has the status 202, but 201 is documented", "73:9", &[83])],
    ),
    (
        "        \"201\":\n          headers",
        "        \"201\":\n          description: made\n        \"202\":\n          headers",
        &[
            ("response-undocumented", "`POST /garden/plots 202` is in the spec, but not documented", "75:9", &[83]),
            (
                "header-missing",
                "`POST /garden/plots Location` is documented (string), but not in the spec",
                "73:9",
                &[86],
            ),
        ],
    ),
    (
        "        \"200\":\n          description: It is bare ground now.\n",
        "",
        &[("response-missing", "`DELETE /garden/plots/{id} 200` is documented, but not in the spec", "91:7", &[15])],
    ),
    (
        "        \"200\":\n          description: It is bare ground now.\n",
        "        \"200\":\n          description: gone\n          content:\n            application/json:\n              schema:\n                type: object\n",
        &[(
            "response-type",
            "`DELETE /garden/plots/{id} 200` has as its body an object, but nothing is documented",
            "94:11",
            &[16],
        )],
    ),
    (
        "        \"200\":\n          description: It is bare ground now.\n        default:\n          $ref: \"#/components/responses/trouble\"\n",
        "        \"200\":\n          description: gone\n",
        &[(
            "response-missing",
            "`DELETE /garden/plots/{id} default` is documented, but not in the spec",
            "91:7",
            &[18],
        )],
    ),
    (
        "      content:\n        application/json:\n          schema:\n            type: object\n            properties:\n              error:",
        "      x-was:\n        application/json:\n          schema:\n            type: object\n            properties:\n              error:",
        &[(
            "response-type",
            "`components.responses.trouble` has as its body nothing, but an object is documented",
            "106:5",
            &[18, 44, 87],
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
                &[86],
            ),
            (
                "header-undocumented",
                "`POST /garden/plots Place` is in the spec (string), but not documented",
                "75:13",
                &[85],
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
            &[86],
        )],
    ),
    (
        "        message:\n",
        "        words:\n",
        &[
            ("field-missing", "`trouble.message` is documented (string), but not in the spec", "173:7", &[25, 72, 103]),
            (
                "field-undocumented",
                "`trouble.words` is in the spec (string), but not documented",
                "176:9",
                &[23, 70, 101],
            ),
        ],
    ),
    (
        "          type: boolean\n    ground:",
        "          type: string\n    ground:",
        &[("field-type", "`plot.weedy` has the type string, but boolean is documented", "140:9", &[68])],
    ),
    (
        "      properties:\n        count:\n          type: integer",
        "      properties:\n        count:\n          type: number",
        &[("field-type", "`page.count` has the type number, but integer is documented", "129:9", &[41])],
    ),
    (
        "            plots:\n              type: array\n              items:\n                $ref: \"#/components/schemas/plot\"",
        "            plots:\n              $ref: \"#/components/schemas/plot\"",
        &[(
            "field-type",
            "`page.plots` has the type schema plot, but array[definition plots] is documented",
            "122:13",
            &[42],
        )],
    ),
    (
        "            _links:\n              $ref: \"#/components/schemas/page_links\"",
        "            _links:\n              $ref: \"#/components/schemas/links\"",
        &[("field-missing", "`links.next` is documented (definition href), but not in the spec", "153:7", &[50])],
    ),
    (
        "            - $ref: \"#/components/schemas/ground\"",
        "            - $ref: \"#/components/schemas/plot\"",
        &[(
            "field-type",
            "`plot.ipspace` has the type schema plot, but definition ipspace is documented",
            "137:9",
            &[67],
        )],
    ),
    (
        "                    roof:\n                      type: boolean",
        "                    roof:\n                      type: boolean\n                    door:\n                      type: boolean",
        &[(
            "field-undocumented",
            "`POST /garden/plots request.shed.door` is in the spec (boolean), but not documented",
            "72:21",
            &[98],
        )],
    ),
    (
        "              schema:\n                $ref: \"#/components/schemas/page\"",
        "              schema:\n                type: array\n                items:\n                  $ref: \"#/components/schemas/page\"",
        &[(
            "response-type",
            "`GET /garden/plots 200` has as its body array[object], but an object is documented",
            "41:11",
            &[39],
        )],
    ),
    (
        "      x-ontap-documented-as: [trouble]\n",
        "",
        &[("definition-missing", "`trouble` is documented, but not in the spec", "114:3", &[22, 69, 100])],
    ),
    (
        "[trouble]",
        "[trouble, misery]",
        &[(
            "definition-undocumented",
            "`trouble as misery` is in the spec (schema trouble), but not documented",
            "171:40",
            &[8],
        )],
    ),
    (
        "[9001, 9002, 9003]",
        "[9001, 9003]",
        &[("error-code-missing", "`POST /garden/plots 9002` is documented, but not in the spec", "51:7", &[91])],
    ),
    (
        "[9001, 9002, 9003]",
        "[9001, 9002, 9003, 9004]",
        &[("error-code-undocumented", "`POST /garden/plots 9004` is in the spec, but not documented", "51:47", &[89])],
    ),
    (
        "    9002:\n      name: shade\n",
        "",
        &[("error-code-missing", "`catalogue 9002` is documented, but not in the spec", "189:3", &[91])],
    ),
    (
        "    9003:\n      name: season\n",
        "    9003:\n      name: season\n    9004:\n      name: frost\n",
        &[("error-code-undocumented", "`catalogue 9004` is in the spec, but not documented", "196:5", &[8])],
    ),
];

fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} has to be there once");
    text.replace(from, to)
}

fn compared(facts: &str, spec: &str) -> Comparison {
    let documented = Documented::parse("facts.yaml", facts).expect("the facts are read");
    compare(&documented, &Spec::parse("spec.yaml", spec).expect("the document is read"), &WORDING)
}

fn brief(finding: &Finding) -> (&'static str, String, String, Vec<u64>) {
    let place = format!("{}:{}", finding.at.line, finding.at.column);
    let lines = finding.documented_at.iter().map(|at| at.line).collect();
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
            "{name: weedy, type: boolean, fingerprint",
            "{name: weedy, type: boolean, limits: {default: true}, fingerprint",
            ("field-constraint", "`plot.weedy` has nothing, but default true is documented", "140:9", &[68]),
        ),
        (
            "{name: weedy, type: boolean, fingerprint",
            "{name: weedy, type: boolean, introduced: \"9.9\", fingerprint",
            ("field-introduced", "`plot.weedy` has the release nothing, but 9.9 is documented", "140:9", &[68]),
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

/// What the vendor says otherwise than when the spec's own words were written: the rule, the subject, the fingerprint that
/// the page has then, and the lines of the spec and of the facts.
const REWORDED: [(&str, &str, &str, u64, u64); 6] = [
    ("operation-wording", "GET /garden/plots", "fingerprint: ff0ecd51a6e8", 13, 26),
    ("parameter-wording", "GET /garden/plots crop", "fingerprint: \"45b6010072ff\"", 17, 32),
    ("field-wording", "plot.weedy", "fingerprint: c9a70b951e9a", 140, 68),
    ("header-wording", "POST /garden/plots Location", "fingerprint: \"823d9b6748ef\"", 75, 86),
    ("definition-wording", "plots", "fingerprint: fc9fc2d83d87", 132, 63),
    ("error-code-wording", "catalogue 9002", "fingerprint: \"144ab4fd2795\"", 192, 91),
];

#[test]
fn sentences_that_nobody_has_read() {
    for (rule, subject, fingerprint, line, documented) in REWORDED {
        let findings = compared(&changed(FACTS, fingerprint, "fingerprint: \"000000000000\""), SPEC).findings;
        let [finding] = findings.as_slice() else { panic!("{subject}: {findings:?}") };
        let lines: Vec<u64> = finding.documented_at.iter().map(|at| at.line).collect();
        assert_eq!((finding.rule.id(), finding.subject.as_str()), (rule, subject));
        assert_eq!((finding.at.line, lines), (line, vec![documented]), "{subject}");
        assert_eq!(finding.documented.as_deref(), Some("000000000000"));
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
        "{name: message, type: string, fingerprint: \"0a8be89a52a8\"}",
        "{name: message, type: string, fingerprint: \"000000000000\"}",
        1,
    );
    let findings = compared(&facts, SPEC).findings;
    let said: Vec<_> =
        findings.iter().map(|finding| (finding.subject.as_str(), finding.documented_at[0].line)).collect();
    assert_eq!(said, [("trouble.message", 25)]);
    assert_eq!(findings[0].operations, ["DELETE /garden/plots/{id}"]);
    assert_eq!(findings[0].documented.as_deref(), Some("000000000000 or 0a8be89a52a8"));
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
    for &rule in Rule::ALL {
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
    let error = Spec::parse("spec.yaml", &back).expect_err("a circle").to_string();
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
        let error = Spec::parse("spec.yaml", &changed(SPEC, from, to)).expect_err("a circle").to_string();
        assert_eq!(error, format!("spec.yaml:{place}: a schema that is made of itself"));
    }
}

mod shown {
    use super::*;

    fn shown(spec: &str, deviations: &str) -> String {
        let comparison = compared(FACTS, spec);
        let counts = comparison.counts;
        let judged = judge(comparison, &deviations::parse("deviations.yaml", deviations).expect("the list is read"));
        let (spec, deviations) = (("spec.yaml", spec), ("deviations.yaml", deviations));
        render(&Report {
            judged: &judged,
            counts,
            spec,
            facts: "facts.yaml",
            sources: &[("facts.yaml", FACTS)],
            deviations,
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
        assert_eq!(
            judged.allowed.iter().map(|allowed| allowed.finding.subject.as_str()).collect::<Vec<_>>(),
            ["plot.weedy"]
        );
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
            assert_eq!(judged.drift[0].at.to_string(), "deviations.yaml:1:3");
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
                "4:3: unknown field `curate`, expected one of `rule`, `subject`, `documented`, `curated`, `operations`, `reason`",
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
            let error = Spec::parse("spec.yaml", &changed(SPEC, from, to)).expect_err(expected).to_string();
            assert_eq!(error, format!("spec.yaml:{expected}"));
        }
    }

    /// What stands after the end of a document would be lost without a word.
    #[test]
    fn text_after_the_end() {
        for text in ["  paths: {}\ninfo: {}\n", "{paths: {}}\ninfo: {}\n", "paths: {}\n---\ninfo: {}\n"] {
            let error = Spec::parse("spec.yaml", text).expect_err(text);
            assert_eq!(error.at.line, text.lines().count() as u64, "{error}");
        }
    }

    #[test]
    fn a_key_that_stands_twice() {
        let twice = changed(SPEC, "openapi: 3.0.3\n", "openapi: 3.0.3\nopenapi: 3.0.3\n");
        let error = Spec::parse("spec.yaml", &twice).expect_err("the key is there twice");
        assert_eq!(error.at.to_string(), "spec.yaml:2:1");
        assert!(error.cause.contains("openapi"), "{error}");
    }

    #[test]
    fn facts() {
        let cases = [
            (
                "{name: id, in: path, type: string,",
                "{name: id, in: path, type: text,",
                "14:30: `text` is not a type: expected boolean, integer, string, #DEFINITION or array[...]",
            ),
            ("type: \"array[#plots]\"", "type: \"array[#beds]\"", "42:9: `GET /garden/plots` has no definition `beds`"),
            (
                "fingerprint: d57d6c46871c}\n          - {name: ipspace",
                "fingerprint: some}\n          - {name: ipspace",
                "66:40: `some` is not 12 hexadecimal digits",
            ),
            (
                "status: 201",
                "state: 201",
                "83:5: unknown field `state`, expected one of `introduced`, `fingerprint`, `commands`, `parameters`, `request`, `status`, `response`, `headers`, `error`, `error_codes`, `definitions`",
            ),
        ];
        for (from, to, expected) in cases {
            let error = Documented::parse("facts.yaml", &changed(FACTS, from, to)).expect_err(expected).to_string();
            assert_eq!(error, format!("facts.yaml:{expected}"));
        }
    }
}
