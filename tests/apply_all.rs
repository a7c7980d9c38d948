//! Many policies as described, at the cost of what differs.

use crate::support::{UUID, Wire, answer, json};
use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate, SvmReference};
use ontap_ipsec::{AppliedAll, Change, Client, Error, ErrorKind, Field, Plan, PolicyScope};
use ontap_ipsec_simulator::{ClusterState, Simulator, Svm};

const SVM: uuid::Uuid = uuid::uuid!("02c9e252-41be-11e9-81d5-00a0986138f7");

async fn simulator() -> (Simulator, Client) {
    let state =
        ClusterState::default().svm(Svm::data("svm1").with_uuid(SVM)).svm(Svm::data("svm2")).svm(Svm::data("svm|3"));
    crate::support::cluster::start(state).await
}

fn policy(name: &str, svm: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::discard(name, svm)
}

/// Returns what came of each description, in a word.
fn outcomes(applied: &AppliedAll) -> Vec<String> {
    let word = |outcome: &Result<_, Error>| match outcome {
        Ok(ontap_ipsec::Applied { change: Change::Created, .. }) => "created".to_owned(),
        Ok(ontap_ipsec::Applied { change: Change::Unchanged, .. }) => "unchanged".to_owned(),
        Ok(ontap_ipsec::Applied { change: Change::Modified(fields), .. }) => format!("{fields:?}"),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.message().to_owned(),
    };
    applied.outcomes.iter().map(word).collect()
}

fn undeclared(applied: &AppliedAll) -> Vec<&str> {
    let mut names: Vec<&str> = applied.undeclared.iter().filter_map(|policy| policy.name.as_deref()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_cost_is_that_of_what_differs() {
    let (simulator, client) = simulator().await;
    let mut policies: Vec<_> = (0..1000).map(|number| policy(&format!("policy-{number:04}"), "svm1")).collect();
    let applied = client.policies().apply_all(&policies).await.unwrap();
    assert_eq!(outcomes(&applied), vec!["created"; 1000]);

    for policy in policies.iter_mut().step_by(100) {
        policy.enabled = Some(false);
    }
    let expected: Vec<_> =
        (0..1000).map(|number| if number % 100 == 0 { "[Enabled]" } else { "unchanged" }.to_owned()).collect();
    let before = simulator.requests().len();
    let planned = client.policies().plan_all(&policies).await.unwrap();
    let changes =
        |plan: &Result<Plan, Error>| matches!(plan, Ok(Plan::Modify { fields, .. }) if *fields == [Field::Enabled]);
    assert_eq!(
        planned.plans.iter().map(changes).collect::<Vec<_>>(),
        (0..1000).map(|n| n % 100 == 0).collect::<Vec<_>>()
    );
    let reads = simulator.requests().len() - before;
    assert!(reads <= 3, "{reads}");

    let before = simulator.requests().len();
    let applied = client.policies().apply_all(&policies).await.unwrap();
    assert_eq!(outcomes(&applied), expected);
    let requests = simulator.requests().len() - before;
    assert!(requests <= 13, "{requests}");
    assert!(applied.undeclared.is_empty());
}

#[tokio::test]
async fn policies_of_several_svms_and_of_the_cluster() {
    let (simulator, client) = simulator().await;
    for (name, svm) in [("of nobody", "svm1"), ("elsewhere", "svm2"), ("b", "svm|3")] {
        client.policies().create(&policy(name, svm)).await.unwrap();
    }
    let of_cluster = IpsecPolicyCreate::discard("a", PolicyScope::cluster());
    let mut by_uuid = policy("by uuid", "svm1");
    by_uuid.svm = Some(SvmReference::default().with_uuid(SVM.to_string().to_uppercase()));
    let policies = [policy("a", "svm1"), of_cluster, by_uuid, policy("b", "svm|3"), policy("c", "svm|3")];
    let applied = client.policies().apply_all(&policies).await.unwrap();
    assert_eq!(outcomes(&applied), ["created", "created", "created", "unchanged", "created"]);
    // Policies of an SVM that no description names are not reported.
    assert_eq!(undeclared(&applied), ["of nobody"]);

    let before = simulator.requests().len();
    let applied = client.policies().apply_all(&policies).await.unwrap();
    assert_eq!(outcomes(&applied), vec!["unchanged"; 5]);
    assert_eq!(undeclared(&applied), ["of nobody"]);
    // One list by name, one by UUID, and one for the cluster.
    assert_eq!(simulator.requests().len() - before, 3);
    let nothing = client.policies().apply_all(&[]).await.unwrap();
    assert!(nothing.outcomes.is_empty() && nothing.undeclared.is_empty());
    assert_eq!(simulator.requests().len() - before, 3);
}

#[tokio::test]
async fn one_that_fails_stops_no_other() {
    let (_simulator, client) = simulator().await;
    let mut by_uuid = policy("a", "svm1");
    by_uuid.svm = Some(SvmReference::default().with_uuid(SVM.to_string()));
    client.policies().create(&policy("a", "svm1")).await.unwrap();
    let mut other = policy("fixed", "svm1");
    client.policies().create(&other).await.unwrap();
    other.action = Some(ontap_ipsec::values::IpsecAction::Bypass);
    let policies = [
        policy("", "svm1"),
        policy("a", "svm1"),
        policy("a", "svm1"),
        by_uuid,
        other,
        policy("b", "no such SVM"),
        policy("c", "svm1"),
    ];
    let applied = client.policies().apply_all(&policies).await.unwrap();
    let kinds: Vec<_> = applied.outcomes.iter().map(|outcome| outcome.as_ref().err().map(Error::kind)).collect();
    let refused = Some(ErrorKind::InvalidRequest);
    assert_eq!(kinds, [refused, None, refused, refused, Some(ErrorKind::FixedAtCreate), Some(ErrorKind::Api), None]);
    assert_eq!(
        outcomes(&applied)[2],
        "the policy `a` is described twice for its SVM; the second description was not used"
    );
    assert_eq!(outcomes(&applied)[1], "unchanged");
    assert!(applied.undeclared.is_empty(), "{:?}", undeclared(&applied));
}

/// A busy cluster can leave a policy out of a list, and others can create it in between.
#[tokio::test]
async fn a_policy_that_the_list_lacks_is_looked_up() {
    let record = format!(
        r#"{{"uuid":"{UUID}","name":"a","svm":{{"name":"svm1"}},"action":"discard","authentication_method":"none","enabled":true}}"#
    );
    let wire = Wire::answering([
        json("200 OK", r#"{"records":[],"num_records":0}"#),
        json("409 Conflict", r#"{"error":{"code":"66257104","message":"duplicate"}}"#),
        json("200 OK", &format!(r#"{{"records":[{record}],"num_records":1}}"#)),
    ])
    .await;
    let client = wire.client();
    let applied = client.policies().apply_all(&[policy("a", "svm1")]).await.unwrap();
    assert_eq!(outcomes(&applied), ["unchanged"]);
    assert_eq!(wire.requests().len(), 3);
}

#[tokio::test]
async fn nothing_is_written_if_the_policies_cannot_be_read() {
    let wire = Wire::answering([answer("403 Forbidden", &[], "")]).await;
    let client = wire.client();
    let error = client.policies().apply_all(&[policy("a", "svm1")]).await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(wire.requests().len(), 1);
    // A record without its SVM could be anybody's.
    let wire = Wire::answering([json("200 OK", r#"{"records":[{"name":"a"}],"num_records":1}"#)]).await;
    let client = wire.client();
    let error = client.policies().apply_all(&[policy("a", "svm1")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(wire.requests().len(), 1);
}

fn by_uuid(name: &str, uuid: &str) -> IpsecPolicyCreate {
    let mut policy = policy(name, "svm1");
    policy.svm = Some(SvmReference::default().with_uuid(uuid));
    policy
}

#[tokio::test]
async fn a_description_that_is_refused_still_declares_its_policy() {
    let (_simulator, client) = simulator().await;
    client.policies().create(&policy("a", "svm1")).await.unwrap();
    let mut no_address = policy("a", "svm1");
    no_address.local_endpoint = Some(IpsecEndpoint::default().with_netmask("32"));
    let applied = client.policies().apply_all(&[no_address, policy("b", "svm1")]).await.unwrap();
    assert_eq!(applied.outcomes[0].as_ref().unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(applied.undeclared.is_empty(), "{:?}", undeclared(&applied));
}

#[tokio::test]
async fn one_policy_described_by_name_and_by_uuid_of_its_svm_is_created_once() {
    let (simulator, client) = simulator().await;
    let twice = [policy("a", "svm1"), by_uuid("a", &SVM.to_string())];
    // No policy tells which UUID svm1 has.
    let applied = client.policies().apply_all(&twice).await.unwrap();
    assert_eq!(outcomes(&applied)[0], "created");
    let message = &outcomes(&applied)[1];
    assert!(message.contains("`a`") && message.contains("by its UUID"), "{message}");
    assert_eq!(simulator.policies().len(), 1);

    // Once the records tell the UUID, only the same SVM is refused.
    let elsewhere = client.policies().create(&policy("other", "svm2")).await.unwrap();
    let svm2 = client.policies().get(elsewhere).await.unwrap().svm.unwrap().uuid.unwrap();
    let other_svm = [policy("b", "svm1"), by_uuid("b", &svm2), by_uuid("b", &SVM.to_string())];
    let applied = client.policies().apply_all(&other_svm).await.unwrap();
    assert_eq!(outcomes(&applied)[..2], ["created", "created"]);
    assert!(applied.outcomes[2].is_err());
}

#[tokio::test]
async fn an_svm_that_cannot_exist_fails_its_own_descriptions_alone() {
    let (_simulator, client) = simulator().await;
    let policies = [by_uuid("a", "svm1"), policy("b", &"x".repeat(5000)), policy("c", "svm1")];
    let applied = client.policies().apply_all(&policies).await.unwrap();
    let [uuid, name, last] = &outcomes(&applied)[..] else { panic!("{applied:?}") };
    assert!(uuid.contains("`svm.uuid`") && uuid.contains("`svm1`"), "{uuid}");
    assert!(name.contains("`svm.name`") && name.contains("5000 characters"), "{name}");
    assert_eq!(last, "created");
}

#[tokio::test]
async fn records_without_a_uuid_are_not_one_policy() {
    let record = |name: &str, svm: &str| format!(r#"{{"name":"{name}","svm":{{"name":"{svm}"}}}}"#);
    let records =
        [record("b", "svm2"), record("a", "svm1"), record("c", "svm1"), record("a", "svm2"), record("b", "svm1")];
    let page = format!(r#"{{"records":[{}],"num_records":5}}"#, records.join(","));
    let wire = Wire::answering([json("200 OK", &page)]).await;
    let client = wire.client();
    let planned = client.policies().plan_all(&[policy("a", "svm1"), policy("a", "svm2")]).await.unwrap();
    let messages: Vec<_> = planned.plans.iter().map(|plan| plan.as_ref().unwrap_err().message()).collect();
    assert_eq!(messages, ["a policy in the list has no UUID"; 2]);
    // Sorted by SVM, then by name.
    let left: Vec<_> = planned
        .undeclared
        .iter()
        .map(|policy| (policy.svm.as_ref().unwrap().name.as_deref().unwrap(), policy.name.as_deref().unwrap()))
        .collect();
    assert_eq!(left, [("svm1", "b"), ("svm1", "c"), ("svm2", "b")]);
}
