//! Jobs: work after the response.

use std::time::Duration;

use ontap_ipsec_simulator::Fault;
use reqwest::Method;
use serde_json::json;

use crate::rig::{ASSOCIATIONS, AUTHORITIES, CONFIG, NOBODY, POLICIES, Reply, Rig, psk};

/// Returns the path of the job in a response.
fn job(reply: &Reply) -> String {
    assert_eq!(reply.status, 202, "{}", reply.text);
    let job = &reply.body["job"];
    let path = job["_links"]["self"]["href"].as_str().unwrap();
    assert_eq!(path, format!("/api/cluster/jobs/{}", job["uuid"].as_str().unwrap()));
    path.to_owned()
}

#[tokio::test]
async fn a_job_ends_after_its_number_of_polls() {
    let rig = Rig::with(|builder| builder.fault(Fault::job().polls(2))).await;
    let accepted = rig.post(POLICIES, psk("p")).await;
    let (job, policy) = (job(&accepted), accepted.header("location").to_owned());
    for state in ["queued", "running"] {
        let reply = rig.get(&job).await;
        assert_eq!((reply.status.as_u16(), &reply.body["state"]), (200, &json!(state)));
        assert_eq!(reply.body["description"], "POST /api/security/ipsec/policies");
        assert!(reply.body["start_time"].as_str().unwrap().ends_with('Z'));
        assert!(reply.body.get("end_time").is_none() && reply.body.get("error").is_none());
        rig.get(&policy).await.is_error(404, "4", Some("uuid"));
    }
    let done = rig.get(&job).await;
    assert_eq!(done.body["state"], "success");
    assert_eq!(done.body["code"], 0);
    assert!(done.body["end_time"].as_str().unwrap() >= done.body["start_time"].as_str().unwrap());
    assert_eq!(rig.get(&policy).await.body["name"], "p");
    assert_eq!(rig.get(&job).await.body, done.body, "it stays as it is");
}

#[tokio::test]
async fn a_job_fails_as_its_request_would_have() {
    let rig = Rig::start().await;
    rig.make(psk("p")).await;
    rig.simulator.inject(Fault::job().polls(0)).unwrap();
    let job = job(&rig.post(POLICIES, psk("p")).await);
    let failed = rig.get(&job).await;
    assert_eq!(failed.status, 200);
    assert_eq!(failed.body["state"], "failure");
    assert_eq!(failed.body["code"], 66_257_104);
    assert_eq!(failed.body["error"]["code"], "66257104");
    assert_eq!(failed.body["error"]["target"], "name");
    assert_eq!(failed.body["error"]["message"], failed.body["message"]);
    assert_eq!(rig.names("").await, ["p"]);
}

#[tokio::test]
async fn a_fault_can_make_a_job_fail() {
    let rig = Rig::start().await;
    let policy = rig.make(psk("p")).await;
    let fault = Fault::job().polls(0).failing(66_257_097).target("enabled").message("no room");
    rig.simulator.inject(fault.on("DELETE")).unwrap();
    let job = job(&rig.delete(&policy).await);
    let failed = rig.get(&job).await;
    assert_eq!(
        failed.body["error"],
        json!({"code": "66257097", "message": "no room", "target": "enabled"}),
        "{}",
        failed.text
    );
    assert_eq!(rig.get(&policy).await.status, 200, "nothing was done");
}

#[tokio::test(start_paused = true)]
async fn a_job_ends_after_its_time_without_polls() {
    let rig = Rig::with(|builder| builder.fault(Fault::job().time(Duration::from_secs(20)))).await;
    let job = job(&rig.post(POLICIES, psk("p")).await);
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(rig.names("").await, ["p"], "although nobody asked about the job");
    assert_eq!(rig.get(&job).await.body["state"], "success");
}

#[tokio::test(start_paused = true)]
async fn a_job_does_not_end_before_its_time() {
    let day = Duration::from_secs(24 * 60 * 60);
    let rig = Rig::with(|builder| builder.fault(Fault::job().time(day))).await;
    let job = job(&rig.post(POLICIES, psk("p")).await);
    assert_eq!(rig.get(&job).await.body["state"], "queued");
    tokio::time::advance(day / 2).await;
    assert_eq!(rig.get(&job).await.body["state"], "running");
    assert!(rig.names("").await.is_empty());
    tokio::time::advance(day / 2).await;
    assert_eq!(rig.get(&job).await.body["state"], "success");
    assert_eq!(rig.names("").await, ["p"]);
}

#[tokio::test]
async fn the_oldest_jobs_are_done_before_they_are_removed() {
    let day = Duration::from_secs(24 * 60 * 60);
    let faults = [Fault::job().time(day), Fault::job().polls(0), Fault::job().polls(1).always()];
    let rig = Rig::with(|builder| faults.into_iter().fold(builder, ontap_ipsec_simulator::Builder::fault)).await;
    let waiting = job(&rig.post(POLICIES, psk("p")).await);
    let finished = job(&rig.post(POLICIES, psk("q")).await);
    for _ in 2..100 {
        job(&rig.post(POLICIES, psk("r")).await);
    }
    assert_eq!(rig.get(&waiting).await.body["state"], "queued");
    assert_eq!(rig.names("").await, ["q"]);
    job(&rig.post(POLICIES, psk("r")).await);
    rig.get(&waiting).await.is_error(404, "4", Some("uuid"));
    assert_eq!(rig.names("").await, ["q", "p"], "its work is done before it goes");
    assert_eq!(rig.get(&finished).await.status, 200);
}

#[tokio::test]
async fn the_fault_job_applies_to_changes_only() {
    let rig = Rig::with(|builder| builder.fault(Fault::job().always().polls(0))).await;
    assert_eq!(rig.get(POLICIES).await.status, 200);
    let policy = rig.post(POLICIES, psk("p")).await.header("location").to_owned();
    let patched = rig.patch(&policy, json!({"enabled": false})).await;
    job(&patched);
    assert!(!patched.headers.contains_key("location"));
    assert_eq!(rig.get(&policy).await.body["enabled"], false);
    job(&rig.delete(&policy).await);
    assert_eq!(rig.get(&policy).await.status, 404);
}

#[tokio::test]
async fn an_unknown_path_or_method_starts_no_job() {
    let rig = Rig::with(|builder| builder.fault(Fault::job().path("*").always().polls(0))).await;
    let associations = rig.post(ASSOCIATIONS, json!({})).await;
    associations.is_error(405, "3", None);
    assert_eq!(associations.header("allow"), "GET, HEAD, OPTIONS");
    rig.delete(AUTHORITIES).await.is_error(405, "3", None);
    assert_eq!(rig.post("/api/security/nothing", json!({})).await.status, 404);
    job(&rig.patch(CONFIG, json!({"enabled": false})).await);
}

#[tokio::test]
async fn fields_of_a_job_can_be_selected() {
    let rig = Rig::with(|builder| builder.fault(Fault::job().polls(0).failing(8))).await;
    let job = job(&rig.post(POLICIES, psk("p")).await);
    let selected = rig.get(&format!("{job}?fields=state,error.code")).await;
    let uuid = job.rsplit('/').next().unwrap();
    assert_eq!(selected.body, json!({"uuid": uuid, "state": "failure", "error": {"code": "8"}}));
    rig.get(&format!("{job}?fields=colour")).await.is_error(400, "262197", Some("fields"));
    let linked = rig.get_hal(&format!("{job}?fields=state")).await;
    assert_eq!(linked.body["_links"]["self"]["href"], job);
}

#[tokio::test]
async fn an_unknown_job_is_not_found() {
    let rig = Rig::start().await;
    rig.get(&format!("/api/cluster/jobs/{NOBODY}")).await.is_error(404, "4", Some("uuid"));
    rig.get("/api/cluster/jobs/1").await.is_error(400, "2", Some("uuid"));
    let reply = Reply::of(rig.request(Method::DELETE, &format!("/api/cluster/jobs/{NOBODY}"))).await;
    reply.is_error(405, "3", None);
    assert_eq!(reply.header("allow"), "GET, HEAD, OPTIONS");
}

#[tokio::test]
async fn a_job_about_what_a_query_finds_fails_with_its_policies() {
    let rig = Rig::start().await;
    rig.make(psk("p")).await;
    rig.simulator.inject(Fault::job().polls(0)).unwrap();
    let job = job(&rig.patch(&format!("{POLICIES}?name=*"), json!({"certificate": {"name": "cert"}})).await);
    let failed = rig.get(&job).await;
    assert_eq!((&failed.body["state"], &failed.body["code"]), (&json!("failure"), &json!(66_257_136)));
    assert_eq!(failed.body["error"]["target"], "certificate");
}

#[tokio::test]
async fn a_job_about_records_ends_as_the_fault_says() {
    let rig = Rig::with(|builder| builder.fault(Fault::job().polls(1))).await;
    let accepted = rig.post(POLICIES, json!({"records": [psk("p")]})).await;
    let (job, results) = (job(&accepted), accepted.header("location").to_owned());
    assert_eq!(accepted.body["job"]["_links"]["results"]["href"], results);
    assert_eq!(rig.get(&job).await.body["state"], "queued");
    assert!(rig.names("").await.is_empty());
    rig.get(&results).await.is_error(400, "262293", Some("job_results_uuid"));
    assert_eq!(rig.get(&job).await.body["state"], "success");
    assert_eq!(rig.get(&results).await.names(), ["p"]);

    rig.simulator.inject(Fault::job().polls(0)).unwrap();
    let accepted = rig.post(POLICIES, json!({"records": [psk("p")]})).await;
    assert_eq!(rig.get(&self::job(&accepted)).await.body["state"], "failure");
    assert_eq!(rig.get(accepted.header("location")).await.body["errors"][0]["code"], "66257104");

    rig.simulator.inject(Fault::job().polls(0).failing(66_257_097)).unwrap();
    let accepted = rig.post(POLICIES, json!({"records": [psk("q")]})).await;
    assert_eq!(rig.get(&self::job(&accepted)).await.body["error"]["code"], "66257097");
    let results = rig.get(accepted.header("location")).await;
    assert_eq!((&results.body["num_records"], &results.body["errors"][0]["code"]), (&json!(0), &json!("66257097")));
    assert_eq!(rig.names("").await, ["p"], "nothing was done");
}
