//! Sign-in.

use reqwest::Method;

use crate::rig::{POLICIES, Reply, Rig};

#[tokio::test]
async fn a_request_without_credentials_is_refused() {
    let rig = Rig::start().await;
    for path in [POLICIES, "/api/cluster", "/api/nothing/here"] {
        let reply = Reply::of(rig.bare(Method::GET, path)).await;
        reply.is_error(401, "6691623", None);
        assert!(reply.header("www-authenticate").starts_with("Basic realm="));
        assert_eq!(reply.header("content-type"), "application/hal+json");
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let rig = Rig::start().await;
    for (user, password) in
        [("admin", Some("netapp1")), ("admin", Some("netapp1!!")), ("admin", None), ("root", Some("netapp1!"))]
    {
        let reply = Reply::of(rig.bare(Method::GET, POLICIES).basic_auth(user, password)).await;
        reply.is_error(401, "6691623", None);
    }
    for header in [
        "Bearer abc",
        "Bearer",
        "Bearer ",
        "Bearer YWRtaW46bmV0YXBwMSE=",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic bm9jb2xvbg==",
        "Basic YWRtaW46bmV0YXBwMSE",
        "Basic YWRtaW46bmV0YXBwMSE==",
        "Basic YWRtaW46bmV0YXBwMSE=x",
        "Basic YWRtaW46bmV0YXBwMSE=, Basic YWRtaW46bmV0YXBwMSE=",
        "Basic =YWRtaW46bmV0YXBwMSE=",
        "Basic YWRtaW46 bmV0YXBwMSE=",
        "Basic\tYWRtaW46bmV0YXBwMSE=",
        "BasicYWRtaW46bmV0YXBwMSE=",
        "YWRtaW46bmV0YXBwMSE=",
        "Basic admin:netapp1!",
        "Basic QWRtaW46bmV0YXBwMSE=",
        "Basic YWRtaW46bmV0YXBwMSEK",
        "Basic YWRtaW46bmV0YXBwMSEA",
        "Basic YWRtaW4AOm5ldGFwcDEh",
        "Basic Og==",
        "Basic YWRtaW46",
        "Basic Om5ldGFwcDEh",
        "Basic YWRtaW4=",
        "Digest username=\"admin\"",
        "Negotiate YWRtaW46bmV0YXBwMSE=",
        "Basic é",
        "",
    ] {
        let reply = Reply::of(rig.bare(Method::GET, POLICIES).header("authorization", header)).await;
        reply.is_error(401, "6691623", None);
    }
}

#[tokio::test]
async fn the_account_can_be_chosen() {
    let rig = Rig::with(|builder| builder.user("operator", "with:colon and ünïcode")).await;
    let status = |user, password| {
        let request = rig.bare(Method::GET, POLICIES).basic_auth(user, Some(password));
        async { Reply::of(request).await.status.as_u16() }
    };
    assert_eq!(status("operator", "with:colon and ünïcode").await, 200);
    assert_eq!(status("admin", "netapp1!").await, 401);
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let rig = Rig::start().await;
    let request = rig.bare(Method::GET, POLICIES).header("authorization", "bAsIc YWRtaW46bmV0YXBwMSE=");
    assert_eq!(Reply::of(request).await.status, 200);
}

#[tokio::test]
async fn refused_requests_change_nothing() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    let listed = rig.get(POLICIES).await;
    let path = format!("{POLICIES}/{}", listed.body["records"][0]["uuid"].as_str().unwrap());
    Reply::of(rig.bare(Method::DELETE, &path)).await.is_error(401, "6691623", None);
    assert_eq!(rig.get(&path).await.status, 200);
}

#[test]
fn settings_do_not_show_the_password() {
    let builder = ontap_ipsec_simulator::Simulator::builder().user("admin", "do-not-show");
    assert!(!format!("{builder:?}").contains("do-not-show"));
}
