//! Traces of requests, and what they leave out.

mod support;

use ontap_ipsec::types::IpsecPolicyModify;
use support::time::clock;
use support::{Act, UUID, Wire, json, policy, watch};

/// The lines that were traced with this in them.
fn lines(part: &str) -> Vec<String> {
    watch::traced().lines().filter(|line| line.contains(part)).map(str::to_owned).collect()
}

// One test, so that what another traces is not in the way.
#[tokio::test]
async fn a_span_for_each_operation_and_an_event_for_each_attempt() {
    let busy = json("429 Too Many Requests", r#"{"error":{"code":"262160","message":"too many"}}"#);
    let good = json("200 OK", &format!(r#"{{"uuid":"{UUID}","records":[],"num_records":0}}"#));
    let wire = Wire::doing([Act::Answer(busy), Act::Reset, Act::Answer(good)]).await;
    let client = wire.timed(&clock()).build().unwrap();

    client.policies().list().name("what-is-looked-for").page().await.unwrap();
    let span = "http.request.method=\"GET\" url.template=\"/security/ipsec/policies\" server.address=\"127.0.0.1\"";
    for part in [
        "otel.kind=\"client\" otel.name=GET /security/ipsec/policies ontap.operation=\"ipsec_policy_collection_get\"",
        span,
        "answered attempt=1 http.response.status_code=429 ontap.error.code=\"262160\" duration_ms=",
        "trying again after a pause attempt=1 pause_ms=",
        "not answered attempt=2 error.type=\"connection\" duration_ms=",
        "trying again after a pause attempt=2 pause_ms=",
        "answered attempt=3 http.response.status_code=200 duration_ms=",
    ] {
        let found = lines(part).len();
        assert!(found > 0, "{part} is not in {}", watch::traced());
    }
    assert_eq!(lines(": answered attempt=").len(), 2, "{}", watch::traced());
    // Once for the end of the span, with what came of it in the end.
    let close: Vec<_> =
        lines("http.request.resend_count=2").into_iter().filter(|line| line.contains("close")).collect();
    assert_eq!(close.len(), 1, "{}", watch::traced());

    let changes = IpsecPolicyModify::default().with_local_identity("who-it-is");
    client.policies().modify(UUID, &changes).await.unwrap();
    let _ = client.policies().create(&policy()).await;
    for shown in ["otel.name=PATCH /security/ipsec/policies/{uuid}", "otel.name=POST /security/ipsec/policies"] {
        assert!(!lines(shown).is_empty(), "{shown}");
    }
    for hidden in ["what-is-looked-for", "who-it-is", "nfs-to-hosts", "authorization", &UUID.to_string()] {
        assert_eq!(lines(hidden), Vec::<String>::new());
    }
}
