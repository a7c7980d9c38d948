//! The error as a record for a log.

use std::{error, fmt};

use crate::support::{KEY, PASSWORD, UUID, Wire, json, policy};
use ontap_ipsec::{Credentials, RetryPolicy};

#[tokio::test]
async fn it_has_all_that_the_methods_give() {
    let body = format!(
        r#"{{"error":{{"code":"66257104","message":"{KEY} is taken","target":"name",
            "arguments":[{{"code":"name","message":"n"}}]}}}}"#
    );
    let wire = Wire::answering([json("409 Conflict", &body)]).await;
    let error = wire.client().policies().create(&policy()).await.unwrap_err();
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        serde_json::json!({
            "error": error.to_string(),
            "kind": "api",
            "operation": "ipsec_policy_create",
            "host": wire.host(),
            "status": 409,
            "code": "66257104",
            "name": "duplicate-policy-name",
            "message": "[redacted] is taken",
            "target": "name",
            "arguments": [{ "code": "name", "message": "n" }],
            "attempts": 1,
            "retryable": false,
            "timeout": false,
            "retry_after": null,
            "causes": [],
        })
    );
}

#[tokio::test]
async fn causes_are_listed_and_secrets_are_not() {
    let wire = Wire::answering([Vec::new()]).await;
    let error = wire.client().policies().get(UUID).await.unwrap_err();
    let record = serde_json::to_value(&error).unwrap();
    assert_eq!(
        (&record["kind"], &record["status"], &record["retryable"]),
        (&"transport".into(), &().into(), &true.into())
    );
    assert!(record["causes"].as_array().unwrap().len() > 1, "{record}");
    assert!(!record.to_string().contains(PASSWORD));
}

/// An error whose source is itself.
#[derive(Debug)]
struct Circle;

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("round and round")
    }
}

impl error::Error for Circle {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&Self)
    }
}

#[tokio::test]
async fn a_circle_of_causes_has_an_end() {
    let wire = Wire::answering([Vec::new()]).await;
    let credentials = Credentials::bearer_from(async || Err::<String, _>(Circle));
    let client = wire.builder().credentials(credentials).retry(RetryPolicy::off()).build().unwrap();
    let error = client.policies().get(UUID).await.unwrap_err();
    let record = serde_json::to_value(&error).unwrap();
    assert_eq!(record["causes"].as_array().unwrap().len(), 15, "{record}");
}
