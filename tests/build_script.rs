//! A spec that is broken fails the build with the place and the cause.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[path = "../codegen/mod.rs"]
#[allow(unreachable_pub)]
mod codegen;

const SPEC: &str = include_str!("../spec/ontap-ipsec.yaml");

/// What the build says of the spec after `from` was replaced by `to`, once.
#[track_caller]
fn fault(from: &str, to: &str) -> String {
    assert!(SPEC.contains(from), "{from}");
    complaint(&SPEC.replacen(from, to, 1))
}

#[track_caller]
fn complaint(spec: &str) -> String {
    match codegen::compile(spec, false) {
        Ok(_) => panic!("the spec was taken"),
        Err(fault) => fault.to_string(),
    }
}

/// The line of the first occurrence of `text`.
#[track_caller]
fn line(text: &str) -> usize {
    SPEC[..SPEC.find(text).unwrap()].matches('\n').count() + 1
}

/// Its line and column.
#[track_caller]
fn place(text: &str) -> String {
    let at = SPEC.find(text).unwrap();
    let start = SPEC[..at].rfind('\n').map_or(0, |newline| newline + 1);
    format!("{}:{}", line(text), at - start + 1)
}

#[test]
fn the_spec_compiles_to_four_files() {
    let files = codegen::compile(SPEC, true).unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name).collect();
    assert_eq!(names, ["client.rs", "error_codes.rs", "open_enums.rs", "requests.rs"]);
    for file in &files {
        syn::parse_file(&file.text).unwrap();
    }
    assert!(files[0].text.contains("schemars::JsonSchema"));
    // The sentences of the spec are the docs of the items.
    assert!(files[0].text.contains("Name of the policy, unique in its SVM."));
    assert!(!files[0].text.contains("pub fn new(baseurl"), "the constructor that follows redirects is gone");
    assert_eq!(files[0].text.matches("must_use").count(), 5, "an operation's builder that is dropped gives a warning");
    assert!(!files[0].text.contains("```ignore"), "no doctest is left out");
    assert!(!codegen::compile(SPEC, false).unwrap()[0].text.contains("schemars"));
}

#[test]
fn broken_yaml() {
    let entry = "        - 66257097\n";
    let text = fault(entry, &format!("{entry}       oops\n"));
    let line = line(entry);
    assert!(text.starts_with(&format!("{}:8: ", line + 1)), "{text}");
    assert!(!text.contains("at line"), "the place stands once: {text}");
    let text = fault("openapi: 3.0.3\n", "openapi: [3.0.3\n");
    assert!(text.starts_with(&format!("{}:", self::line("openapi: 3.0.3") + 1)), "{text}");
}

#[test]
fn a_key_that_stands_twice() {
    let text = fault("  version: 9.15.1\n", "  version: 9.15.1\n  version: 9.15.2\n");
    let line = line("  version: 9.15.1") + 1;
    assert_eq!(text, format!("{line}:3: the key `version` stands twice in one mapping"));
}

#[test]
fn a_reference_to_nothing() {
    let text = fault("\"#/components/schemas/link\"", "\"#/components/schemas/lnk\"");
    let at = place("$ref: \"#/components/schemas/link\"");
    assert_eq!(text, format!("{at}: `#/components/schemas/lnk` is not in this document"));
}

#[test]
fn a_type_that_openapi_lacks() {
    let from = "          type: boolean\n          nullable: true\n";
    let text = fault(from, "          type: bool\n          nullable: true\n");
    let at = place(from.trim_start());
    assert_eq!(
        text,
        format!("{at}: \"bool\" is not a type of OpenAPI 3.0 (string, number, integer, boolean, object, array)")
    );
}

#[test]
fn a_parameter_without_a_place() {
    let text = fault("          in: query\n", "");
    let line = place("- name: remote_endpoint.port");
    let line = line.split(':').next().unwrap();
    assert!(text.starts_with(&format!("{line}:")), "{text}");
    assert!(text.contains("not OpenAPI 3.0"), "{text}");
}

#[test]
fn an_operation_without_an_id_and_an_id_of_two() {
    let text = fault("      operationId: ipsec_policy_modify\n", "");
    assert!(text.starts_with(&format!("{}: ", place("patch:\n"))), "{text}");
    assert!(text.contains("operationId"), "{text}");

    let text = fault("operationId: ipsec_policy_modify", "operationId: ipsec_policy_get");
    let at = place("operationId: ipsec_policy_modify");
    assert_eq!(
        text,
        format!("{at}: `ipsec_policy_get` is already the operationId of `get /security/ipsec/policies/{{uuid}}`")
    );
}

#[test]
fn a_code_that_is_not_in_the_catalogue() {
    let text = fault("        - 66257096\n", "        - 66257098\n");
    let at = place("66257096\n");
    assert_eq!(text, format!("{at}: error code 66257098 is not in the catalogue, components.x-ontap-error-codes"));
    let text = fault("        - 66257096\n", "        - many\n");
    assert_eq!(text, format!("{at}: an error code has to be a whole number"));
}

#[test]
fn a_catalogue_entry_that_is_incomplete_or_ambiguous() {
    let at = place("name: update-failed");
    let entry = place("66257097:");
    for (from, to, fault_text) in [
        ("name: update-failed", "name: UpdateFailed", format!("{at}: `UpdateFailed` is not in kebab-case")),
        (
            "name: update-failed",
            "name: connection-purge-failed",
            format!("{at}: `connection-purge-failed` is already the name of 66257096"),
        ),
        ("      name: update-failed\n", "", format!("{entry}: error code 66257097 has no `name`")),
    ] {
        assert_eq!(fault(from, to), fault_text);
    }
    let text = fault("    66257097:\n", "    update:\n");
    assert_eq!(text, format!("{entry}: `update` is not an error code: ONTAP's are whole numbers"));
}

#[test]
fn two_kinds_of_success() {
    let from = "        \"200\":\n          description: The policy is gone.";
    let text = fault(
        from,
        &from.replace("        \"200\":", "        \"204\":\n          description: Gone.\n        \"200\":"),
    );
    assert!(text.contains("`ipsec_policy_delete` needs one response of success"), "{text}");
}

#[test]
fn what_the_generator_cannot_do_is_told_in_words() {
    // A header parameter whose schema is an object is an assertion in the generator.
    let text = fault("          in: query\n", "          in: cookie\n");
    assert!(text.contains("beyond the generator"), "{text}");
    for empty in ["", "{}", "openapi: 3.0.3"] {
        assert!(!complaint(empty).is_empty());
    }
}
