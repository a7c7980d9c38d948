//! Secrets do not show.

use std::fmt::Debug;

use crate::support::{KEY, PASSWORD, Wire, answer, json};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ontap_ipsec::types::{IpsecPolicyCreate, PpkCreate};
use ontap_ipsec::{Authentication, Client, Credentials, SecretKey};

/// The password as the header of HTTP basic authentication has it.
const ENCODED: &str = "YWRtaW46cGE1NXdvcmQtb2Ytbm8tdXNl";

/// A post-quantum key, which stands in an object of the body.
const SHARED: &str = "post-quantum key of no use";

/// A policy with both keys.
fn policy() -> IpsecPolicyCreate {
    with_shared(SHARED)
}

fn with_shared(key: &str) -> IpsecPolicyCreate {
    crate::support::policy().with_ppk(PpkCreate::default().with_identity("site-a-to-b").with_shared_key(key))
}

#[track_caller]
fn shows_no_secret(text: &str) {
    for secret in [KEY, SHARED, PASSWORD, ENCODED] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[track_caller]
fn debugs_without_secret(value: &impl Debug) -> String {
    let text = format!("{value:?} {value:#?}");
    shows_no_secret(&text);
    text
}

#[tokio::test]
async fn debug_of_all_that_holds_one() {
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    let client = wire.client();
    let model = debugs_without_secret(&policy());
    assert!(model.contains("nfs-to-hosts"), "the search would find nothing in an empty text: {model}");
    debugs_without_secret(&IpsecPolicyCreate::default().with_secret_key(KEY));
    debugs_without_secret(&Authentication::psk(KEY).with_post_quantum_key("site-a-to-b", SHARED));
    debugs_without_secret(&client.operations().ipsec_policy_create(policy()));
    debugs_without_secret(&client);
    debugs_without_secret(&client.operations());
    debugs_without_secret(
        &client.with_header("X-A", KEY).unwrap().operations().ipsec_policy_get(crate::support::UUID).into_request(),
    );
    debugs_without_secret(&Credentials::basic("admin", PASSWORD));
    let url = format!("https://admin:{PASSWORD}@cluster.example.com");
    debugs_without_secret(&Client::builder(url).credentials(Credentials::basic("admin", PASSWORD)));
}

#[tokio::test]
async fn errors_that_repeat_one() {
    let echo = format!(
        r#"{{"error":{{"code":"262197","message":"invalid value \"{KEY}\" of {PASSWORD}, {SHARED}","target":"{KEY}",
            "arguments":[{{"code":"value","message":"{KEY}"}},{{"code":"{KEY}","message":"Basic {ENCODED}"}}]}}}}"#
    );
    let as_code = format!(r#"{{"error":{{"code":"{PASSWORD}","message":"m"}}}}"#);
    let page = format!("<html>{KEY} {PASSWORD} {SHARED}</html>");
    for answer in [
        json("400 Bad Request", &echo),
        json("200 OK", &echo),
        json("400 Bad Request", &as_code),
        answer("502 Bad Gateway", &[("Content-Type", ENCODED)], &page),
        answer("502 Bad Gateway", &[("Content-Type", "text/html"), ("X-Echo", KEY)], &page),
        answer("500 Internal Server Error", &[("Content-Type", KEY)], &page),
        json("200 OK", &format!(r#"{{"records":"{KEY}"}}"#)),
        json("200 OK", &page),
        answer("307 Temporary Redirect", &[("Location", &format!("https://x/{PASSWORD}"))], &page),
        Vec::new(),
    ] {
        let wire = Wire::answering([answer]).await;
        let error = wire.client().policies().create(&policy()).await.unwrap_err();
        assert!(wire.request().contains(KEY) && wire.request().contains(SHARED), "the keys have to have been sent");
        let mut texts = format!("{error} {error:?} {error:#?} {:?} {:?}", error.message(), error.target());
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            texts += &format!("{cause} {cause:?}");
            source = cause.source();
        }
        shows_no_secret(&texts);
    }
}

#[tokio::test]
async fn a_short_password_leaves_the_code_alone() {
    let wire = Wire::answering([json("404 Not Found", r#"{"error":{"code":"4","message":"none of 4"}}"#)]).await;
    let client = Client::builder(wire.url()).allow_plain_http().credentials(Credentials::basic("admin", "4"));
    let error = client.build().unwrap().policies().get(crate::support::UUID).await.unwrap_err();
    assert_eq!((error.code().unwrap().as_str(), error.message()), ("4", "none of [redacted]"));
}

#[tokio::test]
async fn an_error_of_a_single_operation_that_repeats_one() {
    let echo = format!(r#"{{"error":{{"code":"262197","message":"invalid value {KEY} {SHARED}"}}}}"#);
    let wire = Wire::answering([json("400 Bad Request", &echo)]).await;
    let error = wire.client().operations().ipsec_policy_create(policy()).send().await.unwrap_err();
    shows_no_secret(&format!("{error} {error:?}"));
}

#[test]
fn a_key_is_compared_and_serialized_whole() {
    let key = SecretKey::from(KEY);
    assert_eq!(key, SecretKey::from(KEY.to_owned()));
    assert_ne!(key, SecretKey::from(&KEY[1..]));
    assert_ne!(key, SecretKey::from("pre-shared key of no usf"));
    assert_eq!(serde_json::to_value(&key).unwrap(), KEY);
    assert_eq!(serde_json::from_value::<SecretKey>(KEY.into()).unwrap(), key);
}

type Encode = fn(&str) -> String;

/// As a server or a gateway may write it.
fn encodings() -> Vec<(&'static str, Encode)> {
    fn each(secret: &str, encode: impl Fn(char) -> String) -> String {
        secret.chars().map(encode).collect()
    }
    fn percent(secret: &str, upper: bool) -> String {
        secret.bytes().map(|byte| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }).collect()
    }
    vec![
        ("as it is", str::to_owned),
        ("JSON", |secret| serde_json::to_string(secret).unwrap().trim_matches('"').to_owned()),
        ("JSON in ASCII", |secret| secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()),
        ("JSON, twice", |secret| {
            let once = serde_json::to_string(secret).unwrap();
            serde_json::to_string(once.trim_matches('"')).unwrap().trim_matches('"').to_owned()
        }),
        ("a URL in HTML", |secret| percent(secret, true).replace('%', "&percnt;")),
        ("percent, twice", |secret| percent(secret, true).replace('%', "%25")),
        ("HTML by numbers", |secret| each(secret, |c| format!("&#x{:06x};", u32::from(c)))),
        ("JSON with slashes", |secret| secret.replace('\\', "\\\\").replace('"', "\\\"").replace('/', "\\/")),
        ("percent, upper case", |secret| percent(secret, true)),
        ("percent, lower case", |secret| percent(secret, false)),
        ("a form", |secret| each(secret, |c| if c == ' ' { "+".to_owned() } else { percent(&c.to_string(), true) })),
        ("HTML", |secret| {
            let secret = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            secret.replace('"', "&quot;").replace('\'', "&#39;").replace('/', "&#x2F;")
        }),
        ("Base64", |secret| STANDARD_NO_PAD.encode(secret)),
        ("Base64 for URLs", |secret| URL_SAFE_NO_PAD.encode(secret)),
        ("Base64 after a byte", |secret| STANDARD.encode(format!("x{secret}y"))),
        ("Base64 after two bytes", |secret| STANDARD.encode(format!("xx{secret}yy"))),
    ]
}

/// No eight characters of a secret in a row come through in any encoding, cut off or not.
#[tokio::test]
async fn errors_that_repeat_one_in_an_encoding_or_in_part() {
    const SECRET: &str = "pa\\5\"w <&> o'r/d+\u{e9}%20\u{1f511}-and-more";
    let key = format!("{SECRET} of a key");
    let shared = SECRET.chars().rev().collect::<String>();
    for (name, encode) in encodings() {
        for secret in [SECRET, key.as_str(), shared.as_str()] {
            let encoded = encode(secret);
            let cut = &encoded[..(0..=encoded.len() * 2 / 3).rev().find(|end| encoded.is_char_boundary(*end)).unwrap()];
            let message = format!("before|{encoded}|between|{cut}|after");
            let body = serde_json::json!({ "error": { "code": "4", "message": message, "target": encoded } });
            let wire = Wire::answering([
                json("400 Bad Request", &body.to_string()),
                answer("502 Bad Gateway", &[("Content-Type", &encoded.replace(|c: char| !c.is_ascii(), ""))], "x"),
            ])
            .await;
            let client = wire.builder().credentials(Credentials::basic("admin", SECRET));
            let client = client.retry(ontap_ipsec::RetryPolicy::off()).build().unwrap();
            for _ in 0..2 {
                let error =
                    client.policies().create(&with_shared(&shared).with_secret_key(key.as_str())).await.unwrap_err();
                let texts = format!("{error} {} {:?}", error.message(), error.target());
                let characters: Vec<_> = secret.chars().collect();
                for part in characters.windows(8) {
                    let part = encode(&part.iter().collect::<String>());
                    // The ends of a part in Base64 depend on its neighbours.
                    let part = if name.starts_with("Base64") { part[2..part.len() - 2].to_owned() } else { part };
                    assert!(!texts.contains(&part), "{name}: `{part}` in {texts}");
                }
                if error.code().is_some() {
                    // The rest of an escape that is cut stands, and the letters of Base64 at both ends.
                    let kept = if name.starts_with("Base64") {
                        ["before|", "[redacted]", "|after"]
                    } else {
                        ["before|[redacted]|", "between|[redacted]", "|after"]
                    };
                    assert!(kept.iter().all(|part| texts.contains(part)), "{name}: {texts}");
                }
            }
        }
    }
}

#[test]
fn a_key_that_is_no_text_is_not_quoted() {
    for key in ["123456789012345678", "-123456789012345678", "1234567.5", "true", "[\"secret\"]", "{\"secret\":1}"] {
        let of_policy = [format!(r#"{{"secret_key":{key}}}"#), format!(r#"{{"ppk":{{"shared_key":{key}}}}}"#)];
        for text in of_policy.into_iter().chain([key.to_owned()]) {
            let error = match text == key {
                true => serde_json::from_str::<SecretKey>(&text).unwrap_err(),
                false => serde_json::from_str::<IpsecPolicyCreate>(&text).map(|_| ()).unwrap_err(),
            };
            assert!(!error.to_string().contains("1234567") && !error.to_string().contains("secret\""), "{error}");
        }
    }
}

#[tokio::test]
async fn a_short_password_in_base64() {
    for (user, password) in [("admin", "hunter2"), ("administrator", "hunter2"), ("root", "h2nter")] {
        let header = STANDARD.encode(format!("x{user}:{password}"));
        let body = serde_json::json!({ "error": { "code": "4", "message": format!("sent {header}") } });
        let wire = Wire::answering([json("400 Bad Request", &body.to_string())]).await;
        let client = wire.builder().credentials(Credentials::basic(user, password)).build().unwrap();
        let error = client.policies().get(crate::support::UUID).await.unwrap_err();
        let end = &header.trim_end_matches('=')[header.trim_end_matches('=').len() - 6..];
        assert!(error.message().contains("[redacted]") && !error.message().contains(end), "{error}");
    }
}

/// A record's values are the cluster's, too.
#[tokio::test]
async fn the_fields_that_cannot_be_changed() {
    for value in [format!("x {PASSWORD} y"), format!("x {KEY} {SHARED} y"), "x".repeat(1_000_000)] {
        let record = serde_json::json!({
            "uuid": crate::support::UUID, "name": "nfs-to-hosts", "svm": { "name": "svm1" }, "action": value,
        });
        let body = serde_json::json!({ "records": [record], "num_records": 1 });
        let wire = Wire::answering([json("200 OK", &body.to_string())]).await;
        let description = policy().with_action("esp_transport").with_authentication_method("psk");
        let error = wire.client().policies().apply(&description).await.unwrap_err();
        let texts = format!("{error} {error:?}");
        assert!(texts.contains("`action` is x") && texts.len() < 20_000, "{} bytes", texts.len());
        shows_no_secret(&texts);
    }
}

/// Text of a server's must not keep a task from being polled.
#[tokio::test]
async fn a_long_header_takes_no_long_time() {
    let wire = Wire::answering([answer("502 Bad Gateway", &[("Content-Type", &"&".repeat(300_000))], "{}")]).await;
    let started = std::time::Instant::now();
    let error = wire.client().policies().get(crate::support::UUID).await.unwrap_err();
    assert!(started.elapsed() < std::time::Duration::from_secs(2), "{:?}", started.elapsed());
    assert!(error.message().len() < 3000, "{}", error.message().len());
}
