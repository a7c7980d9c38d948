//! The server's responses, prepared before any request.
//!
//! Policies have all their fields, in the form that ONTAP uses for `Accept: application/json`: without links, except to
//! the next page. One in three has a key, one a certificate, and one belongs to the cluster. The same few pages repeat;
//! only the link is new in each response.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use uuid::Uuid;

/// Where the policies are.
pub(crate) const POLICIES: &str = "/api/security/ipsec/policies";

/// The account.
pub(crate) const USER: &str = "admin";

/// The password.
pub(crate) const PASSWORD: &str = "of-no-use-elsewhere";

/// The key of all policies that are created.
pub(crate) const KEY: &str = "pre-shared key of no use";

/// How many different pages there are.
const DIFFERENT: u32 = 16;

/// The header with which somebody signs in.
pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// Pages that all have the same number of policies.
#[derive(Debug)]
pub(crate) struct Pages {
    size: u32,
    records: Vec<Bytes>,
}

impl Pages {
    /// Prepares pages of so many policies.
    pub(crate) fn new(size: u32) -> Self {
        let page = |page: u32| {
            let records: Vec<_> = (0..size).map(|place| policy(page * size + place)).collect();
            Bytes::from(format!("[{}]}}", records.join(",")))
        };
        Self { size, records: (0..DIFFERENT).map(page).collect() }
    }

    /// The page that begins at `start`, of `policies` in all: what comes before the records, and the records.
    pub(crate) fn page(&self, start: u32, policies: u32) -> [Bytes; 2] {
        let number = start / self.size;
        let end = start + self.size;
        let link = if end < policies {
            let size = self.size;
            format!(r#""next":{{"href":"{POLICIES}?start.index={end}&fields=%2A&max_records={size}"}}"#)
        } else {
            String::new()
        };
        let head = format!(r#"{{"_links":{{{link}}},"num_records":{},"records":"#, self.size);
        [head.into(), self.records[(number % DIFFERENT) as usize].clone()]
    }
}

/// A policy that looks like no other.
fn policy(number: u32) -> String {
    let uuid = uuid(number);
    let [_, third, second, first] = number.to_be_bytes();
    let ipspace = r#"{"name":"Default","uuid":"3f8a1d04-86d1-11e0-ae1c-123478563412"}"#;
    let svm = r#"{"name":"svm1","uuid":"02c9e252-41be-11e9-81d5-00a0986138f7"}"#;
    let ends = format!(
        r#""local_endpoint":{{"address":"192.0.2.{first}","family":"ipv4","netmask":"32","port":"2049-2049"}},"name":"policy-{number:07}","protocol":"tcp","remote_endpoint":{{"address":"10.{third}.{second}.{first}","family":"ipv4","netmask":"32","port":"0-0"}}"#
    );
    let identities =
        format!(r#""local_identity":"svm1.example.com","remote_identity":"host-{number}.clients.example.com""#);
    match number % 3 {
        0 => format!(
            r#"{{"action":"esp_transport","authentication_method":"psk","enabled":true,"ipspace":{ipspace},{ends},{identities},"scope":"svm","svm":{svm},"uuid":"{uuid}"}}"#
        ),
        1 => format!(
            r#"{{"action":"esp_udp","authentication_method":"pki","certificate":{{"name":"ipsec-{first}","uuid":"{}"}},"enabled":true,"ipspace":{ipspace},{ends},{identities},"scope":"svm","svm":{svm},"uuid":"{uuid}"}}"#,
            self::uuid(u32::MAX - number)
        ),
        _ => format!(
            r#"{{"action":"bypass","authentication_method":"none","enabled":false,"ipspace":{ipspace},{ends},"scope":"cluster","uuid":"{uuid}"}}"#
        ),
    }
}

/// The UUID of the policy of this number.
pub(crate) fn uuid(number: u32) -> Uuid {
    // Any that differ will do.
    Uuid::from_u128((u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}
