//! A spec that is broken fails the build with the place and the cause.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../codegen/mod.rs"]
#[allow(unreachable_pub)]
mod codegen;

const SPEC: &str = include_str!("../spec/ontap-ipsec.yaml");

/// Returns the build script's error after `from` was replaced by `to`, once.
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

/// The text of one of the files that the spec compiles to.
#[track_caller]
fn file(spec: &str, name: &str, json_schema: bool) -> String {
    let files = codegen::compile(spec, json_schema).unwrap();
    files.into_iter().find(|file| file.name == name).unwrap().text
}

#[test]
fn the_spec_compiles_to_types_and_operations() {
    for file in codegen::compile(SPEC, true).unwrap() {
        syn::parse_file(&file.text).unwrap();
    }
    let types = file(SPEC, "types.rs", true);
    assert!(types.contains("schemars::JsonSchema"));
    assert!(!file(SPEC, "types.rs", false).contains("schemars"));
    // The sentences of the spec are the docs of the items.
    assert!(types.contains("Name of the policy, unique in its SVM."));
    assert_eq!(types.matches("pub struct ").count(), types.matches("#[non_exhaustive]").count());
    assert_eq!(types.matches("::std::option::Option<").count(), types.matches("pub fn with_").count());
    let operations = file(SPEC, "operations.rs", false);
    assert!(operations.contains("Keep policies whose remote port has this value."));
    assert_eq!(operations.matches("must_use").count(), 13, "an operation's builder that is dropped gives a warning");
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
    let text = fault("  version: 9.19.1\n", "  version: 9.19.1\n  version: 9.19.2\n");
    let line = line("  version: 9.19.1") + 1;
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
    let line = place("- name: certificate.uuid");
    let line = line.split(':').next().unwrap();
    assert!(text.starts_with(&format!("{line}:")), "{text}");
    assert!(text.contains("not OpenAPI 3.0"), "{text}");
}

#[test]
fn an_operation_without_an_id_and_an_id_of_two() {
    let text = fault("      operationId: ipsec_policy_modify\n", "");
    assert!(text.starts_with(&format!("{}: ", place("patch:\n      operationId: ipsec_policy_modify"))), "{text}");
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
    let entry = place("\"66257097\":");
    for (from, to, fault_text) in [
        ("name: update-failed", "name: UpdateFailed", format!("{at}: `UpdateFailed` is not in kebab-case")),
        (
            "name: update-failed",
            "name: connection-purge-failed",
            format!("{at}: `connection-purge-failed` is already the name of 66257096"),
        ),
        ("      name: update-failed\n", "", format!("{entry}: error code 66257097 has no `name`")),
        (
            "      summary: ONTAP could not store the change to the policy.\n",
            "",
            format!("{entry}: error code 66257097 has no `summary`"),
        ),
        (
            "policy.\n      remedy: Send the change again; if it fails again, look at the event log of the cluster.\n",
            "policy.\n",
            format!("{entry}: error code 66257097 has no `remedy`"),
        ),
    ] {
        assert_eq!(fault(from, to), fault_text);
    }
    for key in ["update", "+66257097", " 66257097", "066257097", ""] {
        let text = fault("    \"66257097\":\n", &format!("    \"{key}\":\n"));
        assert_eq!(text, format!("{entry}: `{key}` is not an error code: ONTAP's are whole numbers"));
    }
}

/// `cargo xtask regenerate` adds a new code so; a person writes the words later.
#[test]
fn a_code_without_words() {
    let spec = SPEC.replace("summary: ONTAP could not store the change to the policy.", "summary: \"\"").replace(
        "remedy: Send the change again; if it fails again, look at the event log of the cluster.",
        "remedy: \"\"",
    );
    let files = codegen::compile(&spec, false).unwrap();
    let text = &files.iter().find(|file| file.text.contains("enum ErrorCode")).unwrap().text;
    // Neither a summary nor a remedy; nor does the spec say which release brought it.
    assert_eq!(text.matches("Self::UpdateFailed => None,").count(), 3, "{text}");
    assert!(text.contains("///66257097.\n"), "{text}");
}

#[test]
fn names_that_rust_cannot_have() {
    for (from, to, fault_text) in [
        ("[ipv4, ipv6]", "[ipv4, '4']", "`4` cannot become a Rust name"),
        ("[ipv4, ipv6]", "[ipv4, '']", "`` cannot become a Rust name"),
        ("[ipv4, ipv6]", "[ip-v4, ip_v4]", "`ip_v4` becomes the Rust name `IpV4`, as `ip-v4` does"),
        ("[ipv4, ipv6]", "[ipv4, other]", "`other` becomes the Rust name `Other`, as a variant for all others does"),
        ("name: update-failed", "name: 4-oh-4", "`4-oh-4` cannot become a Rust name"),
        (
            "name: update-failed",
            "name: other",
            "`other` becomes the Rust name `Other`, as a variant for all others does",
        ),
    ] {
        let expected = line(from);
        let text = fault(from, to);
        assert!(text.starts_with(&format!("{expected}:")) && text.ends_with(fault_text), "{text}");
    }
    let text = fault("operationId: ipsec_policy_modify", "operationId: 1modify");
    assert!(text.starts_with(&format!("{}:", line("operationId: ipsec_policy_modify"))), "{text}");
}

#[test]
fn slips_that_would_go_unnoticed() {
    for (from, to, at, cause) in [
        ("    delete:\n", "    delet:\n", "    delete:", "`delet` is not a key that can stand here"),
        ("        required: true\n", "        requird: true\n", "        required: true", "`requird` is not a key"),
        ("      properties:\n", "      propertys:\n", "      properties:\n", "`propertys` is not a key"),
        (
            "      x-ontap-error-codes:\n        - 66257096",
            "      x-ontap-error-code:\n        - 66257096",
            "      x-ontap-error-codes:\n        - 66257096",
            "`x-ontap-error-code` is not a key that can stand here",
        ),
        (
            "      x-ontap-error-codes:\n        - 66257096",
            "      x-ontap-error-codes: 66257096",
            "      x-ontap-error-codes:\n        - 66257096",
            "the error codes have to be a list",
        ),
        (
            "        - 66257097\n        - 66257099",
            "        - 66257099\n        - 66257099",
            "        - 66257099\n        - 66257100\n        - 66257101\n        - 66257110",
            "the error code stands twice in one list",
        ),
        (
            "            type: integer\n",
            "            type: intger\n",
            "            type: integer\n",
            "\"intger\" is not a type",
        ),
        (
            "          minLength: 1\n          maxLength: 64\n",
            "          minLength: 65\n          maxLength: 64\n",
            "          minLength: 1\n          maxLength: 64\n",
            "`minLength` is above",
        ),
    ] {
        let text = fault(from, to);
        assert!(text.starts_with(&format!("{}:", line(at))), "{text}");
        assert!(text.contains(cause), "{text}");
    }
}

#[test]
fn a_secret_that_would_show() {
    let property = "        secret_key:\n";
    let reference = "            - $ref: \"#/components/schemas/secret_key\"\n";
    for (from, to) in [
        ("          x-ntap-createOnly: true\n          writeOnly: true\n", "          x-ntap-createOnly: true\n"),
        ("          x-ntap-createOnly: true\n          writeOnly: true\n", "          writeOnly: true\n"),
        (reference, "            - $ref: \"#/components/schemas/network_scope\"\n"),
    ] {
        let text = fault(from, to);
        assert!(text.starts_with(&format!("{}:", line(property))), "{text}");
        assert!(text.contains("`secret_key` has to be all of"), "{text}");
    }
    // Only a schema with a name gets a type that hides the value.
    let inline = "            - type: string\n              format: password\n";
    assert!(fault(reference, inline).contains("`secret_key` has to be all of"));
    let identity = "        identity:\n          description: The identity by which both peers know the key.\n";
    let text = fault(identity, &format!("{identity}          format: password\n"));
    assert!(text.contains("`identity` has to be all of"), "{text}");
    // The name of the schema does not matter.
    let renamed = SPEC.replace("schemas/secret_key", "schemas/psk").replace("\n    secret_key:", "\n    psk:");
    let types = file(&renamed, "types.rs", false);
    assert!(types.contains("pub secret_key: ::std::option::Option<::ontap_ipsec::SecretKey>"), "{types}");
}

/// In an object of a body, too.
#[test]
fn secrets_are_found_wherever_they_stand() {
    let types = file(SPEC, "types.rs", false);
    for member in ["secret_key", "shared_key"] {
        assert!(types.contains(&format!("pub {member}: ::std::option::Option<::ontap_ipsec::SecretKey>")), "{member}");
    }
    let requests = file(SPEC, "requests.rs", false);
    assert!(requests.contains(r#"const SECRETS: &[&str] = &["secret_key", "shared_key"];"#), "{requests}");
    assert!(requests.contains("self.ppk.as_ref().and_then(|part| part.shared_key.as_ref())"), "{requests}");
}

/// progenitor would make a type of them that takes no other value.
#[test]
fn numbers_of_a_list_are_checked_in_requests_only() {
    let types = file(SPEC, "types.rs", false);
    assert_eq!(types.matches("pub replay_window: ::std::option::Option<i64>").count(), 2);
    let requests = file(SPEC, "requests.rs", false);
    let requests: String = requests.split_whitespace().collect();
    let check = r#"one_of("replay_window",*value,&[0i64,64i64,128i64,256i64,512i64,1024i64],)?;"#;
    assert!(requests.contains(check), "{requests}");
    let listed = "enum: [0, 64, 128, 256, 512, 1024]";
    let text = fault(listed, "enum: [0, many]");
    assert_eq!(text, format!("{}: the values of an integer have to be whole numbers", place(listed)));
}

/// Each collection has a list of its own, with the setters of its operation.
#[test]
fn lists_of_the_blocking_client() {
    let lists = file(SPEC, "blocking.rs", false);
    for list in ["IpsecCaCertificate", "IpsecPolicy", "SecurityAssociation"] {
        assert!(lists.contains(&format!("impl List<operations::{list}CollectionGet>")), "{lists}");
    }
    // A word of Rust's, and a number that is a field of the records, which ONTAP's operators work for.
    assert!(lists.contains("pub fn type_(mut self, type_: impl Into<Filter>)"), "{lists}");
    assert!(lists.contains("pub fn ipsec_outbound_bytes("), "{lists}");
    assert!(!lists.contains("ipsec_outbound_bytes: u64") && lists.contains("max_records: u64"), "{lists}");
}

#[test]
fn a_list_that_would_not_be_joined() {
    let list = "      schema:\n        type: array\n";
    let text = fault(&format!("      explode: false\n{list}"), list);
    assert!(
        text.contains("the list `fields` has to be joined by commas: `style: form` and `explode: false`"),
        "{text}"
    );
}

#[test]
fn a_path_that_could_lead_elsewhere() {
    let text = fault(
        "        type: string\n        format: uuid\n      example: 7c",
        "        type: string\n      example: 7c",
    );
    assert!(text.contains("the path parameter \"uuid\" needs a `format`"), "{text}");
    let text = fault("  /security/ipsec/policies/{uuid}:", "  /security/ipsec/policies/{id}:");
    assert!(text.contains("has to be both in the path and a path parameter"), "{text}");
    let twice = "        - $ref: \"#/components/parameters/uuid\"\n";
    let text = fault(twice, &twice.repeat(2));
    assert!(text.starts_with(&format!("{}:", line(twice) + 1)), "{text}");
    assert!(text.contains("the \"path\" parameter \"uuid\" stands twice"), "{text}");
}

#[test]
fn media_types_with_different_schemas() {
    let hal = "            application/hal+json:\n              schema:\n                $ref: \"#/components/schemas/ipsec_policy\"\n";
    let text = fault(hal, &hal.replace("ipsec_policy", "error"));
    assert_eq!(text, format!("{}:13: its schema has to be that of application/json", line(hal)));
}

#[test]
fn a_schema_that_is_made_of_itself() {
    let text = fault(
        "      description: A link to another resource.\n      x-ontap-documented-as: [href]\n",
        "      description: A link to another resource.\n      allOf:\n        - $ref: \"#/components/schemas/link\"\n",
    );
    assert!(text.contains("`#/components/schemas/link` refers to itself"), "{text}");
}

#[test]
fn an_operation_without_words_for_errors() {
    let from = "        default:\n          $ref: \"#/components/responses/error\"\n    post:";
    assert!(fault(from, "    post:").contains("needs a `default` response, for its errors"));
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
fn what_the_generators_cannot_do_is_told_in_words() {
    for place in ["cookie", "header"] {
        let text = fault("          in: query\n", &format!("          in: {place}\n"));
        let line = line("- name: certificate.uuid");
        let words = "the parameter `certificate.uuid` is neither in the path nor in the query";
        assert!(text.starts_with(&format!("{line}:")) && text.ends_with(words), "{text}");
    }
    let href = "        href:\n";
    let text = fault(href, &format!("{href}          not: {{ type: integer }}\n"));
    assert!(text.contains("the generator of the types does not support this"), "{text}");
    for empty in ["", "{}", "openapi: 3.0.3"] {
        assert!(!complaint(empty).is_empty());
    }
}

#[test]
fn fields_without_an_end() {
    let family = "          anyOf:\n            - $ref: \"#/components/schemas/ip_address_family\"\n            - { type: string, nullable: true, enum: [null] }";
    let text = fault(family, "          $ref: \"#/components/schemas/ipsec_endpoint\"");
    assert!(text.ends_with("`ipsec_endpoint` contains itself, so that its fields have no end"), "{text}");
    assert!(text.starts_with(&format!("{}: ", place("family:\n          description: The family"))), "{text}");
}

/// OpenAPI 3.0 has no type for null, and the generator none for such a choice.
#[test]
fn an_enum_or_null_is_a_field_that_may_be_missing() {
    let null = "            - { type: string, nullable: true, enum: [null] }\n";
    let reference = "            - $ref: \"#/components/schemas/ipsec_action\"\n";
    let files = |spec: &str| -> Vec<String> {
        codegen::compile(spec, false).unwrap().into_iter().map(|file| file.text).collect()
    };
    let as_it_is = files(SPEC);
    let action = "pub action: ::std::option::Option<::ontap_ipsec::values::IpsecAction>";
    assert!(as_it_is.iter().any(|text| text.contains(action)));
    let choice = format!("anyOf:\n{reference}{null}");
    assert!(SPEC.contains(&choice));
    assert!(as_it_is == files(&SPEC.replacen(&choice, &format!("anyOf:\n{null}{reference}"), 1)));
    assert!(as_it_is == files(&SPEC.replacen(&choice, &format!("allOf:\n{reference}"), 1)));
}

/// The first description and the earliest release hold.
#[test]
fn a_field_of_several_kinds_of_records() {
    let fields = file(SPEC, "fields.rs", false);
    assert_eq!(fields.matches("    SvmName,").count(), 1, "{fields}");
    assert!(fields.contains("///`enabled`: Whether IPsec is on for the cluster.\n"), "{fields}");
    assert!(fields.contains("\"svm.name\" => Some(Release::new(9u8, 8u8, 0u8))"), "{fields}");
    // The records of CA certificates have it since there are CA certificates.
    assert!(fields.contains("(\"svm.name\", Release::new(9u8, 10u8, 0u8))"), "{fields}");
}

#[test]
fn a_code_for_lengths_that_is_unknown_or_has_no_limits() {
    let mark = "          x-ontap-length-error-code: 66257148\n";
    let text = fault(mark, "          x-ontap-length-error-code: 66257147\n");
    assert_eq!(text, format!("{}: error code 66257147 is not in the catalogue", place(mark.trim_start())));
    let limits = "          minLength: 1\n          maxLength: 64\n          x-ontap";
    let text = fault(limits, "          x-ontap");
    assert!(text.ends_with("a code for lengths needs `minLength` or `maxLength` beside it"), "{text}");
}

/// `apply` compares what is described with what is there, of one resource.
#[test]
fn none_or_two_resources_to_compare() {
    let modify = "    patch:\n      operationId: ipsec_policy_modify";
    let certificate = "    delete:\n      operationId: ipsec_ca_certificate_delete\n";
    let body = "      requestBody:\n        content:\n          application/json:\n            schema:\n              \
                $ref: \"#/components/schemas/ipsec_ca_certificate_create\"\n";
    for (from, to) in
        [(modify, modify.replace("patch", "put")), (certificate, certificate.replace("delete", "patch") + body)]
    {
        let text = fault(from, &to);
        assert!(text.contains("one resource has to have both a `post` and, at a path of its own, a `patch`"), "{text}");
    }
}

/// Legal, and no reason to go on without end; but fields of records have to have one.
#[test]
fn a_schema_that_holds_itself() {
    for (schema, property, is_legal) in [
        ("ipsec_policy_create", "action", true),
        ("ipsec_policy_modify", "certificate", true),
        ("error", "target", true),
        ("collection_links", "next", true),
        ("ipsec_policy", "action", false),
        ("ipsec_endpoint", "address", false),
        ("svm_reference", "_links", false),
    ] {
        let reference = format!("$ref: \"#/components/schemas/{schema}\"");
        for itself in [format!("allOf:\n            - {reference}"), reference] {
            let start = SPEC.find(&format!("\n    {schema}:\n")).unwrap();
            let at = start + SPEC[start..].find(&format!("\n        {property}:\n")).unwrap();
            let spec = format!("{}\n        itself:\n          {itself}{}", &SPEC[..at], &SPEC[at..]);
            match codegen::compile(&spec, false) {
                Ok(_) => assert!(is_legal, "{schema}"),
                Err(fault) => assert!(!is_legal && fault.to_string().contains("contains itself"), "{schema}: {fault}"),
            }
        }
    }
}
