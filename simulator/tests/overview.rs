//! The page for browsers. `tests/browser` checks its look.

use ontap_ipsec_simulator::{Certificate, CertificateKind, ClusterState, Fault, Recording, Svm};
use reqwest::{Method, Response};
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::rig::{CONFIG, KEY, POLICIES, Reply, Rig, psk, with};

const HOSTILE: &str = "<script>alert(\"1\")</script>&amp;'";

async fn page(rig: &Rig) -> (Response, String) {
    let response = rig.request(Method::GET, "/").send().await.unwrap();
    assert_eq!(response.status(), 200);
    let again = rig.request(Method::GET, "/").send().await.unwrap();
    (again, response.text().await.unwrap())
}

#[tokio::test]
async fn the_page_shows_cluster_policies_requests_and_faults() {
    let state = ClusterState::default()
        .name("cluster <7>")
        .svm(Svm::data("svm1").migrating())
        .svm(Svm::admin("admin-svm"))
        .certificate(Certificate::new("cert-a"))
        .policies_per_svm(77)
        .made_up_policies(60);
    let fault = Fault::unavailable(503).retry_after(9).on("PUT").path("/never/*").times(4);
    let line = fault.to_string();
    let rig = Rig::with(|builder| builder.cluster(state).fault(fault)).await;
    for number in 0..25 {
        rig.get(&format!("/request/{number}?a=%3Cb%3E&c=<d>")).await;
    }
    let (_, text) = page(&rig).await;
    for part in [
        "cluster &lt;7&gt;",
        "migrating",
        "admin-svm",
        "cert-a",
        "77",
        "The first 50 of 60",
        "policy-0050",
        "192.0.2.10/32</div><span class=\"muted\">port 2049</span>",
        "/request/24?a=%3Cb%3E",
        "/request/5?",
        "404 · 3</span>",
        &line,
        "active",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for part in ["policy-0051", "/request/4?", "<d>", "<script"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn the_page_shows_the_fault_of_each_request() {
    let faults = [Fault::error(7).on("PATCH"), Fault::reset().on("POST").always(), Fault::busy().times(2)];
    let rig = Rig::with(|builder| faults.into_iter().fold(builder, |builder, fault| builder.fault(fault))).await;
    rig.patch(POLICIES, json!({})).await.is_error(429, "7", None);
    rig.request(Method::POST, POLICIES).send().await.unwrap_err();
    rig.get(POLICIES).await;
    rig.get("/api/cluster").await;
    let (_, text) = page(&rig).await;
    let requests = rows(&text, "requests");
    // A client can repeat a request after a reset.
    assert!(requests.len() >= 4, "{requests:?}");
    assert_eq!(requests[0][1..], ["GET", "/api/cluster", "200"]);
    assert_eq!(requests[1][1..], ["GET", POLICIES, "200 fault 3"]);
    assert_eq!(requests[2][1..], ["POST", POLICIES, "no response fault 2"]);
    assert_eq!(requests.last().unwrap()[1..], ["PATCH", POLICIES, "429 · 7 fault 1"]);
    let posts = (requests.len() - 3).to_string();
    assert_eq!(
        rows(&text, "faults"),
        [
            ["1", "error, code 7, method PATCH, once", "1", "1", "used up"],
            ["2", "reset, method POST, times always", &posts, &posts, "active"],
            ["3", "busy, times 2", "1", "1", "active"],
        ]
    );
}

#[tokio::test]
async fn the_page_shows_configuration_cas_and_associations() {
    let ca = |name| Certificate::new(name).of_kind(CertificateKind::RootCa);
    let state =
        ClusterState::default().certificate(ca("one").added_to_ipsec()).certificate(ca("two")).made_up_policies(26);
    let rig = Rig::with(|builder| builder.cluster(state)).await;
    rig.patch(CONFIG, json!({"replay_window": 256})).await;
    let (_, text) = page(&rig).await;
    assert!(text.contains("<dt>IPsec replay window</dt><dd>256</dd>"), "{text}");
    let certificates = text.split("<caption>Certificates</caption>").nth(1).unwrap();
    assert_eq!((certificates.matches(">trusted<").count(), certificates.matches(">not added<").count()), (1, 1));
    assert!(text.contains("The first 50 of 52"));
    let associations = rows(&text, "associations");
    assert_eq!(associations.len(), 50);
    assert_eq!(associations[0][1..5], ["ike", "established", "192.0.2.10", "10.0.0.1"]);
    assert_eq!(associations[1][1..5], ["ipsec", "installed", "192.0.2.10", "10.0.0.1"]);
    assert!(associations[49][0].starts_with("policy-0025"));
    rig.patch(CONFIG, json!({"enabled": false})).await;
    assert!(page(&rig).await.1.contains("There are no security associations."));
}

#[tokio::test]
async fn the_time_of_a_request_has_its_date() {
    let rig = Rig::start().await;
    rig.get(POLICIES).await;
    let arrived = rig.simulator.requests()[0].arrived;
    let shown = rows(&page(&rig).await.1, "requests")[0][0].clone();
    let written = OffsetDateTime::from(arrived).format(&Rfc3339).unwrap();
    assert_eq!(shown, written[..19].replace('T', " "));
}

/// Returns the texts of the cells below the heading, row by row.
fn rows(page: &str, heading: &str) -> Vec<Vec<String>> {
    let section = page.split("<section ").find(|section| section.contains(&format!("<h2 id=\"{heading}\">"))).unwrap();
    let body = section.split("<tbody").nth(1).unwrap().split("</tbody>").next().unwrap();
    let row = |row: &str| row.split("data-label=").skip(1).map(text).collect();
    body.split("<tr").skip(1).map(row).collect()
}

/// Returns the text between tags, after the first tag.
fn text(markup: &str) -> String {
    markup.split('>').skip(1).filter_map(|part| part.split('<').next()).collect()
}

#[tokio::test]
async fn the_page_escapes_names_and_shows_no_secrets() {
    let rig = Rig::start().await;
    rig.make(with(psk("p"), json!({"name": HOSTILE, "local_identity": HOSTILE}))).await;
    rig.get(&format!("{POLICIES}?secret_key={KEY}")).await;
    let (response, text) = page(&rig).await;
    assert!(text.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;"), "{text}");
    assert!(!text.contains("<script") && !text.contains(KEY) && !text.contains("netapp1!") && !text.contains("YWRt"));
    let command = format!("curl --user 'admin' '{}{POLICIES}?fields=*'", rig.simulator.url());
    assert!(text.contains(&command.replace("'", "&#39;")) || text.contains(&command), "{text}");
    assert!(
        text.contains("NetApp is not involved") && text.contains("follows the documents of ONTAP 9.15.1"),
        "{text}"
    );
    let elsewhere = text.replace(rig.simulator.url(), "");
    assert!(elsewhere.matches("http://").count() <= 1, "only the name of SVG is outside");

    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    let nonce = policy.split_once("style-src 'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned();
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe") && !policy.contains("script"));
    assert!(!text.contains(&nonce), "each response has its own nonce");
    assert!(response.text().await.unwrap().contains(&format!("<style nonce=\"{nonce}\">")));
}

#[tokio::test]
async fn the_page_needs_sign_in_and_accepts_only_get_and_head() {
    let rig = Rig::start().await;
    let reply = Reply::of(rig.bare(Method::GET, "/")).await;
    reply.is_error(401, "6691623", None);
    assert!(reply.header("www-authenticate").starts_with("Basic "));
    let reply = Reply::of(rig.request(Method::POST, "/")).await;
    reply.is_error(405, "3", None);
    assert_eq!(reply.header("allow"), "GET, HEAD");
    let head = rig.request(Method::HEAD, "/").send().await.unwrap();
    assert_eq!(
        (head.status().as_u16(), head.headers()["content-type"].to_str().unwrap()),
        (200, "text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn the_page_is_not_recorded_and_faults_do_not_apply_to_it() {
    let rig = Rig::with(|builder| builder.fault(Fault::reset())).await;
    page(&rig).await;
    assert!(rig.simulator.requests().is_empty());
    let report = &rig.simulator.faults()[0];
    assert_eq!((report.seen, report.applied), (0, 0));
}

#[tokio::test]
async fn empty_sections_have_a_text() {
    let rig = Rig::start().await;
    let (_, text) = page(&rig).await;
    for part in ["There are no policies.", "There were no requests.", "No faults are configured."] {
        assert!(text.contains(part), "{part}");
    }
    let rig = Rig::with(|builder| builder.recording(Recording::Off)).await;
    assert!(page(&rig).await.1.contains("Requests are not recorded."));
}

#[tokio::test]
async fn the_page_shows_the_result_of_a_job_without_polls() {
    let rig = Rig::start().await;
    assert_eq!(rig.post(POLICIES, json!({"records": [psk("of-a-job")]})).await.status, 202);
    let text = rig.request(Method::GET, "/").send().await.unwrap().text().await.unwrap();
    assert!(text.contains("of-a-job"), "{text}");
}
