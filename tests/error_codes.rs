//! The error codes of the spec in the API of the crate.

use std::collections::HashSet;

use ontap_ipsec::{ErrorCode, Operation};

#[test]
fn each_documented_code_has_a_variant_a_name_a_summary_and_a_remedy() {
    let codes = ErrorCode::DOCUMENTED;
    assert_eq!(codes.len(), 57);
    let names: HashSet<_> = codes.iter().map(|code| code.name().unwrap()).collect();
    assert_eq!(names.len(), codes.len());
    for code in codes {
        assert_eq!(&ErrorCode::from(code.as_str()), code);
        assert!(code.summary().unwrap().ends_with('.'), "{code}");
        assert!(code.remedy().unwrap().ends_with('.'), "{code}");
        assert!(!code.operations().is_empty(), "{code}");
    }
    assert_eq!(ErrorCode::DuplicatePolicyName.to_string(), "66257104 duplicate-policy-name");
}

#[test]
fn each_operation_knows_its_codes() {
    let documented =
        |operation| ErrorCode::DOCUMENTED.iter().filter(|code| code.operations().contains(&operation)).count();
    let counts: Vec<_> = Operation::ALL.iter().map(|operation| (operation.id(), documented(*operation))).collect();
    assert_eq!(
        counts,
        [
            ("ipsec_get", 0),
            ("ipsec_modify", 7),
            ("ipsec_ca_certificate_collection_get", 0),
            ("ipsec_ca_certificate_create", 1),
            ("ipsec_ca_certificate_get", 0),
            ("ipsec_ca_certificate_delete", 2),
            ("ipsec_policy_collection_get", 0),
            ("ipsec_policy_create", 46),
            ("ipsec_policy_get", 0),
            ("ipsec_policy_modify", 28),
            ("ipsec_policy_delete", 1),
            ("security_association_collection_get", 0),
            ("security_association_get", 0),
        ]
    );
    assert_eq!(ErrorCode::UpdateFailed.operations(), [Operation::IpsecPolicyModify]);
}

#[test]
fn an_unknown_code_is_kept() {
    let code = ErrorCode::from("262197");
    assert_eq!(code, ErrorCode::Other("262197".into()));
    assert_eq!((code.as_str(), code.name(), code.summary(), code.remedy()), ("262197", None, None, None));
    assert_eq!(code.to_string(), "262197");
}

#[test]
fn an_operation_says_where_it_is() {
    let operation = Operation::IpsecPolicyModify;
    assert_eq!((operation.method(), operation.path()), ("PATCH", "/security/ipsec/policies/{uuid}"));
}
