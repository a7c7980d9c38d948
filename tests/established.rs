//! Waiting for the association of a policy, and the causes if it does not come up.

use std::time::Duration;

use crate::support::time::clock;
use crate::support::{Act, UUID, Wire};
use ontap_ipsec::{Error, ErrorKind, TestClock};
use serde_json::{Value, json};

/// The state of the cluster.
#[derive(Clone)]
struct Cluster {
    policy: Value,
    is_on: bool,
    associations: Value,
    certificates: u64,
}

impl Default for Cluster {
    fn default() -> Self {
        let policy =
            json!({ "uuid": UUID, "name": "nfs", "svm": { "name": "svm1" }, "enabled": true, "action": "esp_udp" });
        Self { policy, is_on: true, associations: json!([]), certificates: 0 }
    }
}

impl Cluster {
    fn with(mut self, field: &str, value: &str) -> Self {
        self.policy[field] = serde_json::from_str(value).unwrap();
        self
    }

    fn with_association(mut self, of_type: &str, state: &str) -> Self {
        self.associations = json!([{ "type": of_type, "policy_name": "nfs", "uuid": UUID, "ike": { "state": state } }]);
        self
    }

    fn answer(&self, request: &str) -> Act {
        let target = request.split(' ').nth(1).unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let body = match path.trim_start_matches("/api/security/ipsec") {
            "" => json!({ "enabled": self.is_on }),
            "/ca-certificates" => json!({ "num_records": self.certificates }),
            "/security-associations" => {
                let is_asked = |one: &&Value| query.contains(&format!("type={}", one["type"].as_str().unwrap()));
                let records: Vec<_> = self.associations.as_array().unwrap().iter().filter(is_asked).collect();
                json!({ "num_records": records.len(), "records": records })
            }
            _ => self.policy.clone(),
        };
        Act::Answer(crate::support::json("200 OK", &body.to_string()))
    }

    async fn wire(self) -> Wire {
        Wire::doing([Act::By(Box::new(move |request| self.answer(request)))]).await
    }

    /// The error after a wait of 20 s.
    async fn error(self) -> (Error, TestClock, Wire) {
        let (wire, time) = (self.wire().await, clock());
        let client = wire.timed(&time).build().unwrap();
        let error = client.policies().established(UUID, Duration::from_secs(20)).await.unwrap_err();
        (error, time, wire)
    }
}

#[tokio::test]
async fn an_association_that_stands_is_returned_at_once() {
    let wire = Cluster::default().with_association("ipsec", "established").wire().await;
    let time = clock();
    let client = wire.timed(&time).build().unwrap();
    let association = client.policies().established(UUID, Duration::ZERO).await.unwrap();
    assert_eq!((association.id(), time.pauses().len(), wire.requests().len()), (Some(UUID), 0, 2));
    let query = "?fields=*&policy_name=nfs&svm.name=svm1&type=ipsec HTTP";
    assert!(wire.requests()[1].contains(query), "{}", wire.requests()[1]);
}

#[tokio::test]
async fn an_association_is_waited_for_with_growing_pauses() {
    let (before, after) = (Cluster::default(), Cluster::default().with_association("ipsec", "established"));
    let answers = |cluster: Cluster| Act::By(Box::new(move |request| cluster.answer(request)));
    let before = std::iter::repeat_n(before, 4).map(answers);
    let wire = Wire::doing(before.chain([answers(after)])).await;
    let time = clock();
    let client = wire.timed(&time).build().unwrap();
    client.policies().established(UUID, Duration::from_secs(60)).await.unwrap();
    assert_eq!(time.pauses(), [1, 2, 4].map(Duration::from_secs));
}

#[tokio::test]
async fn the_error_says_why_there_is_none() {
    let pki = || Cluster::default().with("authentication_method", "\"pki\"");
    for (cluster, words, is_timeout) in [
        (Cluster { is_on: false, ..Cluster::default() }, "IPsec is off for the cluster", false),
        (Cluster::default().with("enabled", "false"), "the policy is disabled", false),
        (pki(), "IPsec trusts no CA certificate", false),
        (
            Cluster { certificates: 1, ..pki() }.with_association("ike", "connecting"),
            "IKE is `connecting` for it; compare the identities and the certificates, and who signed them",
            true,
        ),
        (Cluster::default(), "IKE has not begun for it: there may have been no traffic", true),
    ] {
        let (error, time, _wire) = cluster.error().await;
        assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::NotEstablished, is_timeout), "{error}");
        assert!(
            error.message().starts_with("the policy has no IPsec association: ") && error.message().contains(words),
            "{error}"
        );
        assert_eq!(time.pauses(), [1, 2, 4, 8, 5].map(Duration::from_secs));
    }
}

#[tokio::test]
async fn a_policy_that_protects_nothing_is_not_waited_for() {
    let (error, time, wire) = Cluster::default().with("action", "\"discard\"").error().await;
    assert!(error.message().ends_with("its action is `discard`, which protects nothing"), "{error}");
    assert_eq!((error.kind(), time.pauses().len(), wire.requests().len()), (ErrorKind::NotEstablished, 0, 1));
}

/// A cluster that is cut off for a while may have one later.
#[tokio::test]
async fn a_look_that_fails_is_no_end_of_the_wait() {
    let answers = |cluster: Cluster| Act::By(Box::new(move |request| cluster.answer(request)));
    let after = Cluster::default().with_association("ipsec", "established");
    let broken = (0..4).map(|_| Act::Answer(Vec::new()));
    let acts: Vec<_> = [answers(Cluster::default())].into_iter().chain(broken).chain([answers(after)]).collect();
    let wire = Wire::doing(acts).await;
    let client = wire.timed(&clock()).build().unwrap();
    client.policies().established(UUID, Duration::from_secs(60)).await.unwrap();
    assert_eq!(wire.requests().len(), 6);
}

/// A state is a text of the cluster's.
#[tokio::test]
async fn a_state_that_repeats_a_password() {
    let (error, ..) = Cluster::default().with_association("ike", crate::support::PASSWORD).error().await;
    assert!(error.message().contains("IKE is `[redacted]` for it"), "{error}");
}

/// Associations of another policy, or of another type than the query names.
#[tokio::test]
async fn the_association_of_another_policy_is_none() {
    let mut cluster = Cluster::default().with_association("ipsec", "established");
    cluster.associations[0]["policy_name"] = json!("nfs2");
    let (error, ..) = cluster.error().await;
    assert_eq!(error.kind(), ErrorKind::NotEstablished);
}

#[tokio::test]
async fn without_such_a_policy() {
    let missing = crate::support::json("404 Not Found", r#"{"error":{"code":"4","message":"none"}}"#);
    let wire = Wire::answering([missing]).await;
    let error = wire.client().policies().established(UUID, Duration::ZERO).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
