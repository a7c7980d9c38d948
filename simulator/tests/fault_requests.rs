//! The requests that a fault applies to.

use ontap_ipsec_simulator::Fault;
use reqwest::Method;
use serde_json::json;

use crate::{
    faults::{applied, applied_by, statuses},
    rig::{POLICIES, Rig, psk},
};

#[tokio::test]
async fn patterns_narrow_down() {
    let rig = Rig::start().await;
    let policy = rig.make(psk("p")).await;
    rig.simulator.inject(Fault::error(8).on(Method::PATCH).path("*/policies/*").always()).unwrap();
    rig.simulator.inject(Fault::error(4).query("name=a b").always()).unwrap();
    assert_eq!(rig.get(&policy).await.status, 200);
    assert_eq!(rig.patch(&policy, json!({"enabled": false})).await.status, 409);
    assert_eq!(rig.get(&format!("{POLICIES}?name=a%20b")).await.status, 404);
    assert_eq!(rig.get(&format!("{POLICIES}?name=a")).await.status, 200);
}

/// Tells whether this fault applies to a request for this target.
async fn applies_to(rig: &Rig, fault: Fault, target: &str) -> bool {
    let fault = rig.simulator.inject(fault.always()).unwrap();
    let status = rig.request(Method::GET, target).send().await.unwrap().status();
    assert!(rig.simulator.remove_fault(fault));
    status == 599
}

#[tokio::test]
async fn paths_are_matched_whole() {
    let rig = Rig::start().await;
    for (glob, matching, others) in [
        ("/api/cluster", &["/api/cluster"][..], &["/api/cluster/", "/api/clusters", "/API/cluster"][..]),
        ("/api/*", &["/api/", "/api/a/b"], &["/api", "/other/api/"]),
        ("*/policies", &["/policies", "/a/policies"], &["/policies/a"]),
        ("/a*b", &["/ab", "/a/b", "/abb"], &["/a", "/b", "/abc"]),
        ("/a*a", &["/aa"], &["/a"]),
        ("/a*b*c*d", &["/abcd", "/a-b-c-d", "/abbccdd"], &["/acbd", "/abc", "/abcde"]),
        ("*", &["/a", "/a/b"], &[]),
        ("**", &["/a"], &[]),
        (&format!("/{}", "a*".repeat(10_000)), &[&format!("/{}", "a".repeat(20_000))], &["/a"]),
        (&format!("/{}b", "a*".repeat(10_000)), &[], &[&format!("/{}", "a".repeat(20_000))]),
    ] {
        for (paths, expected) in [(matching, true), (others, false)] {
            for path in paths {
                let fault = Fault::unavailable(599).path(glob);
                assert_eq!(applies_to(&rig, fault, path).await, expected, "{glob} {path}");
            }
        }
    }
}

#[tokio::test]
async fn the_query_of_a_fault_matches_encoded_and_decoded() {
    let rig = Rig::start().await;
    let target = format!("{POLICIES}?name=a%2Ab&max_records=2");
    for (part, found) in [("max_records=2", true), ("name=a*b", true), ("a%2Ab", true), ("a*c", false)] {
        assert_eq!(applies_to(&rig, Fault::unavailable(599).query(part), &target).await, found, "{part}");
    }
    assert!(!applies_to(&rig, Fault::unavailable(599).query("a"), POLICIES).await, "there is no query");
}

#[tokio::test]
async fn requests_are_counted() {
    for (fault, expected) in [
        (Fault::error(8).always(), &[1, 2, 3, 4, 5, 6, 7, 8, 9][..]),
        (Fault::error(8), &[1]),
        (Fault::error(8).times(2), &[1, 2]),
        (Fault::error(8).skip(2).times(1), &[3]),
        (Fault::error(8).every(3), &[3, 6, 9]),
        (Fault::error(8).skip(1).every(2).times(2), &[3, 5]),
        (Fault::error(8).probability(0.0, 1), &[]),
        (Fault::error(8).probability(1.0, 1).times(3), &[1, 2, 3]),
    ] {
        let rig = applied_by(fault.clone()).await;
        let statuses = statuses(&rig, 9).await;
        let applied: Vec<_> =
            (1..).zip(statuses).filter(|(_, status)| *status != 200).map(|(number, _)| number).collect();
        assert_eq!(applied, expected, "{fault}");
    }
}

#[tokio::test]
async fn faults_apply_in_their_order() {
    let rig = Rig::with(|builder| {
        builder
            .fault(Fault::unavailable(503).times(2))
            .fault(Fault::unavailable(502))
            .fault(Fault::error(8).skip(1).times(1))
    })
    .await;
    assert_eq!(statuses(&rig, 6).await, [503, 503, 502, 200, 409, 200]);
    let reports = rig.simulator.faults();
    let counts: Vec<_> = reports.iter().map(|report| (report.seen, report.applied, report.used_up)).collect();
    assert_eq!(counts, [(2, 2, true), (1, 1, true), (2, 1, true)]);
}

#[tokio::test]
async fn every_and_probability_have_no_limit() {
    let rig = applied_by(Fault::error(8).every(2)).await;
    assert_eq!(statuses(&rig, 5).await, [200, 409, 200, 409, 200]);

    let with_seed = async |seed| {
        let rig = applied_by(Fault::unavailable(503).probability(0.5, seed)).await;
        statuses(&rig, 40).await
    };
    let (one, again, other) = (with_seed(1).await, with_seed(1).await, with_seed(2).await);
    assert_eq!(one, again);
    assert_ne!(one, other);
    assert!(one.contains(&200) && one.contains(&503));

    let rig = applied_by(Fault::unavailable(503).probability(0.3, 7)).await;
    statuses(&rig, 300).await;
    assert!((60..120).contains(&applied(&rig)[0]));
}

#[tokio::test]
async fn faults_can_be_removed() {
    let rig = Rig::start().await;
    let first = rig.simulator.inject(Fault::unavailable(503).always()).unwrap();
    assert_eq!(first.to_string(), "1");
    rig.simulator.inject(Fault::unavailable(502).always()).unwrap();
    assert_eq!(statuses(&rig, 1).await, [503]);
    assert!(rig.simulator.remove_fault(first) && !rig.simulator.remove_fault(first));
    assert_eq!(statuses(&rig, 1).await, [502]);
    rig.simulator.clear_faults();
    assert_eq!(statuses(&rig, 1).await, [200]);
    assert_eq!(rig.simulator.faults(), []);
}
