//! Policies put together by constructors, and what is checked before a request is sent.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::support::{KEY, UUID, Wire, changed, json as answer};
use ipnet::IpNet;
use ontap_ipsec::types::{
    CertificateReference, IpsecEndpoint, IpsecPolicyCreate, IpsecPolicyModify, IpspaceReference, SvmReference,
};
use ontap_ipsec::values::{IpsecAction, IpsecAuthenticationMethod, NetworkScope};
use ontap_ipsec::{Authentication, ErrorCode, ErrorKind, PolicyScope, Protocol};
use ontap_ipsec_simulator::{Certificate, ClusterState, Svm};
use serde_json::json;

fn psk() -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport("n", PolicyScope::svm("svm1"), Authentication::psk(KEY))
}

fn pki() -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport("n", PolicyScope::svm("svm1"), Authentication::pki("c", "CN=peer"))
}

fn udp() -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_udp("n", PolicyScope::svm("svm1"), Authentication::psk(KEY))
}

fn bypass() -> IpsecPolicyCreate {
    IpsecPolicyCreate::bypass("n", PolicyScope::svm("svm1"))
}

fn endpoint(address: &str, netmask: &str, port: &str) -> IpsecEndpoint {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    changed(IpsecEndpoint::default(), |it| {
        it.address = given(address);
        it.netmask = given(netmask);
        it.port = given(port);
    })
}

#[test]
fn constructors_give_what_ontap_takes() {
    let wire = |policy: &IpsecPolicyCreate| serde_json::to_value(policy).unwrap();
    assert_eq!(
        wire(
            &psk()
                .with_local_endpoint(IpsecEndpoint::host(Ipv4Addr::new(192, 0, 2, 10)).with_port(2049))
                .with_remote("198.51.100.0/24")
                .unwrap()
                .with_protocol(Protocol::Tcp)
                .with_local_identity("storage")
                .with_remote_identity("hosts")
                .with_enabled(false)
        ),
        json!({
            "name": "n", "svm": { "name": "svm1" }, "action": "esp_transport", "authentication_method": "psk",
            "secret_key": KEY, "local_endpoint": { "address": "192.0.2.10", "netmask": "32", "port": "2049" },
            "remote_endpoint": { "address": "198.51.100.0", "netmask": "24" }, "protocol": "tcp",
            "local_identity": "storage", "remote_identity": "hosts", "enabled": false,
        })
    );
    assert_eq!(
        wire(&IpsecPolicyCreate::esp_udp("n", PolicyScope::svm(UUID), Authentication::pki(UUID, "CN=peer"))),
        json!({
            "name": "n", "svm": { "uuid": UUID }, "action": "esp_udp", "authentication_method": "pki",
            "certificate": { "uuid": UUID }, "remote_identity": "CN=peer",
        })
    );
    assert_eq!(
        wire(&IpsecPolicyCreate::discard("n", PolicyScope::cluster().in_ipspace("Default"))),
        json!({ "name": "n", "ipspace": { "name": "Default" }, "action": "discard" })
    );
    assert_eq!(
        wire(&IpsecPolicyCreate::bypass("n", PolicyScope::svm("svm1").in_ipspace(UUID))),
        json!({ "name": "n", "svm": { "name": "svm1" }, "ipspace": { "uuid": UUID }, "action": "bypass" })
    );
}

#[test]
fn endpoints_come_from_addresses_and_networks() {
    let (v4, v6) = (Ipv4Addr::new(192, 0, 2, 10), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
    for (made, expected) in [
        (v4.into(), endpoint("192.0.2.10", "32", "")),
        (v6.into(), endpoint("2001:db8::1", "128", "")),
        (IpAddr::from(v4).into(), endpoint("192.0.2.10", "32", "")),
        (SocketAddr::from((v4, 443)).into(), endpoint("192.0.2.10", "32", "443")),
        ("192.0.2.10/24".parse::<IpNet>().unwrap().into(), endpoint("192.0.2.10", "24", "")),
        ("2001:db8::/32".parse::<ipnet::Ipv6Net>().unwrap().into(), endpoint("2001:db8::", "32", "")),
        ("192.0.2.10".parse().unwrap(), endpoint("192.0.2.10", "32", "")),
        ("2001:db8:0::1/64".parse().unwrap(), endpoint("2001:db8::1", "64", "")),
        (IpsecEndpoint::any().with_port(53), endpoint("", "", "53")),
    ] {
        assert_eq!(made, expected);
    }
    for text in ["", "host.example.com", "192.0.2.10/33", "192.0.2.10/24/8", "192.0.2.0-192.0.2.9"] {
        let error = text.parse::<IpsecEndpoint>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{text}");
    }
}

#[test]
fn references_are_by_name_or_by_uuid() {
    assert_eq!(SvmReference::from("svm1"), SvmReference::default().with_name("svm1"));
    assert_eq!(IpspaceReference::from(String::from("x")), IpspaceReference::from("x"));
    assert_eq!(CertificateReference::from(UUID), CertificateReference::default().with_uuid(UUID.to_string()));
}

#[test]
fn a_key_does_not_show_on_its_way_into_a_policy() {
    let text = format!("{:?} {:?}", Authentication::psk(KEY), psk());
    assert!(text.contains("[redacted]") && !text.contains(KEY), "{text}");
}

/// Returns the error of a create of `bad`, after a create of `good`, which differs in one value, was sent.
async fn refused(bad: &IpsecPolicyCreate, good: &IpsecPolicyCreate) -> ontap_ipsec::Error {
    let wire = Wire::answering([answer("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    let client = wire.client();
    let error = match client.policies().create(bad).await {
        Err(error) => error,
        Ok(_) => panic!("sent: {bad:?}"),
    };
    assert_eq!(wire.requests(), Vec::<String>::new());
    assert_eq!((error.kind(), error.status()), (ErrorKind::InvalidRequest, None));
    assert!(error.to_string().contains("nothing was sent"), "{error}");
    assert!(!format!("{error} {error:?}").contains(KEY));
    client.policies().create(good).await.unwrap_or_else(|error| panic!("{error}: {good:?}"));
    assert_eq!(wire.requests().len(), 1);
    error
}

#[tokio::test]
async fn rules_about_one_end_hold_for_both_and_name_the_field() {
    use ErrorCode as E;
    let base = ("192.0.2.0", "24", "");
    let cases = [
        // Member at fault, codes for the local and the remote end, the bad endpoint, a good one.
        ("port", Some((E::PortOutOfRange, E::PortOutOfRange)), ("", "", "65536"), ("", "", "65535")),
        ("port", Some((E::PortOutOfRange, E::PortOutOfRange)), ("", "", "65535-65536"), ("", "", "65535-65535")),
        ("port", Some((E::PortOutOfRange, E::PortOutOfRange)), ("", "", "99999999999999999999"), ("", "", "00080")),
        ("port", Some((E::PortRangeUnsupported, E::PortRangeUnsupported)), ("", "", "201-202"), ("", "", "201-201")),
        ("port", Some((E::TooManyLocalPorts, E::TooManyRemotePorts)), ("", "", "80,443"), ("", "", "nfs")),
        ("netmask", Some((E::LocalAddressWithoutNetmask, E::RemoteAddressWithoutNetmask)), ("192.0.2.1", "", ""), base),
        // For IPv6, there is a netmask by default.
        (
            "netmask",
            Some((E::LocalAddressWithoutNetmask, E::RemoteAddressWithoutNetmask)),
            ("192.0.2.1", "", ""),
            ("2001:db8::1", "", ""),
        ),
        ("address", Some((E::LocalAddressWithoutNetmask, E::RemoteAddressWithoutNetmask)), ("", "24", ""), base),
        ("address", Some((E::TooManyLocalSubnets, E::TooManyRemoteSubnets)), ("192.0.2.1,192.0.2.2", "32", ""), base),
        ("netmask", None, ("192.0.2.0", "33", ""), ("192.0.2.0", "32", "")),
        ("netmask", None, ("2001:db8::", "129", ""), ("2001:db8::", "128", "")),
        ("netmask", None, ("192.0.2.0", "255.0.255.0", ""), ("192.0.2.0", "255.255.255.0", "")),
        ("netmask", None, ("2001:db8::", "255.255.255.0", ""), ("2001:db8::", "24", "")),
        ("netmask", None, ("192.0.2.0", "99999999999999999999999", ""), ("192.0.2.0", "024", "")),
        // Text of no known form is for ONTAP to judge.
        ("netmask", None, ("192.0.2.0", "33", ""), ("192.0.2.0", "+24", "")),
        ("netmask", None, ("192.0.2.0", "33", ""), ("192.0.2.0", "/24", "")),
        ("netmask", None, ("192.0.2.0", "255.0.255.0", ""), ("192.0.2.0", "0.0.0.0", "-1")),
    ];
    for (member, codes, bad, good) in cases {
        let [bad, good] = [bad, good].map(|(address, netmask, port)| endpoint(address, netmask, port));
        for base in [psk(), bypass()] {
            let (bad, good) = (bad.clone(), good.clone());
            let error = refused(
                &base.clone().with_local_endpoint(bad.clone()),
                &base.clone().with_local_endpoint(good.clone()),
            )
            .await;
            assert_eq!(error.target(), Some(format!("local_endpoint.{member}").as_str()), "{error}");
            assert_eq!(error.code(), codes.as_ref().map(|(local, _)| local), "{error}");
            let error = refused(&base.clone().with_remote_endpoint(bad), &base.with_remote_endpoint(good)).await;
            assert_eq!(error.target(), Some(format!("remote_endpoint.{member}").as_str()), "{error}");
            assert_eq!(error.code(), codes.as_ref().map(|(_, remote)| remote), "{error}");
        }
    }
}

#[tokio::test]
async fn rules_about_the_whole_policy() {
    use ErrorCode as E;
    let method = |method: &str| Some(IpsecAuthenticationMethod::from(method));
    let certificate = || Some(CertificateReference::from("c"));
    let keyed = |key: &str| psk().with_secret_key(key);
    let (v4, v6) = (Ipv4Addr::new(192, 0, 2, 1), Ipv6Addr::LOCALHOST);
    let all = || "0.0.0.0/0".parse::<IpNet>().unwrap();
    let cases = [
        (E::TooManyProtocols, "protocol", psk().with_protocol("tcp,udp"), psk()),
        (
            E::EspInUdpv6Unsupported,
            "local_endpoint.address",
            udp().with_local_endpoint(v6),
            udp().with_local_endpoint(v4),
        ),
        (
            E::EspInUdpv6Unsupported,
            "remote_endpoint.address",
            udp().with_remote_endpoint(v6),
            psk().with_remote_endpoint(v6),
        ),
        (
            E::PreSharedKeyMissing,
            "secret_key",
            changed(psk(), |it| {
                it.secret_key = None;
            }),
            psk(),
        ),
        (
            E::CertificateNotNeeded,
            "certificate",
            changed(psk(), |it| {
                it.certificate = certificate();
            }),
            psk(),
        ),
        (
            E::CertificateMissing,
            "certificate",
            changed(pki(), |it| {
                it.certificate = None;
            }),
            pki(),
        ),
        (
            E::CertificateMissing,
            "certificate",
            pki().with_certificate(CertificateReference::default()),
            changed(pki(), |it| {
                it.remote_identity = None;
            }),
        ),
        (E::PreSharedKeyNotNeeded, "secret_key", pki().with_secret_key(KEY), pki()),
        (
            E::AuthenticationMissing,
            "authentication_method",
            changed(psk(), |it| {
                it.authentication_method = None;
                it.secret_key = None;
            }),
            // Which of the two it is, ONTAP sees from the key.
            changed(psk(), |it| {
                it.authentication_method = None;
            }),
        ),
        (
            E::AuthenticationMissing,
            "authentication_method",
            changed(bypass(), |it| {
                it.authentication_method = method("none");
                it.action = Some(IpsecAction::EspUdp);
            }),
            // Without an action, or with one from a newer release, it is for ONTAP to judge.
            changed(bypass(), |it| {
                it.action = None;
            }),
        ),
        (
            E::AuthenticationMissing,
            "authentication_method",
            bypass().with_action(IpsecAction::EspTransport),
            bypass().with_action(IpsecAction::from("esp_tunnel")),
        ),
        (E::InvalidHexadecimalKey, "secret_key", keyed("0x0123456789abcdefg"), keyed("0x0123456789abcdef0")),
        (E::InvalidHexadecimalKey, "secret_key", keyed("0x0123456789 abcdef"), keyed("1x0123456789 abcdef")),
        (E::InvalidBase64Key, "secret_key", keyed("0sAAAAAAAAAAAAAA_A"), keyed("0sAAAAAAAAAAAAAA+/")),
        (E::InvalidBase64Key, "secret_key", keyed("0sAAAAAAAAAAAAA==="), keyed("0sAAAAAAAAAAAAAA==")),
        (E::InvalidBase64Key, "secret_key", keyed("0sAAAAAAAAAAAAAAAAA"), keyed("0sAAAAAAAAAAAAAAAAAA")),
        (E::InvalidBase64Key, "secret_key", keyed("0sAAAAAAAA==AAAAAA"), keyed("0SAAAAAAAA==AAAAAA")),
        (
            E::LocalSubnetZero,
            "local_endpoint.address",
            psk().with_local_endpoint(all()),
            psk().with_local_endpoint("0.0.0.0/1".parse::<IpNet>().unwrap()),
        ),
        (
            E::LocalSubnetZero,
            "local_endpoint.address",
            psk().with_local_endpoint(all()),
            bypass().with_local_endpoint(all()),
        ),
        (
            E::PortRequiredForAnySubnet,
            "remote_endpoint.address",
            psk().with_remote_endpoint(IpsecEndpoint::from(all()).with_port(0)),
            psk().with_remote_endpoint(IpsecEndpoint::from(all()).with_port(1)),
        ),
        (
            E::PortRequiredForAnySubnet,
            "remote_endpoint.address",
            udp().with_remote_endpoint(all()).with_local_endpoint(v4),
            udp().with_remote_endpoint(all()).with_local_endpoint(IpsecEndpoint::host(v4).with_port(1)),
        ),
    ];
    for (code, field, bad, good) in cases {
        let error = refused(&bad, &good).await;
        assert_eq!((error.code(), error.target()), (Some(&code), Some(field)), "{error}");
        assert!(code.operations().contains(&error.operation().unwrap()), "{error}");
    }
}

#[tokio::test]
async fn what_an_action_without_protection_ignores_is_sent() {
    let wire = Wire::answering([answer("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    let client = wire.client();
    for action in [IpsecAction::Bypass, IpsecAction::Discard] {
        let ignored = pki().with_action(action).with_secret_key("0xno hexadecimal key");
        client.policies().create(&ignored).await.unwrap();
    }
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn the_text_says_what_is_wrong_and_that_nothing_was_sent() {
    let error = refused(&psk().with_local_endpoint(endpoint("", "", "70000")), &psk()).await;
    assert_eq!(
        error.to_string().split_once(": ").unwrap().1,
        "`local_endpoint.port` is 70000, and a port is a number from 0 to 65535; nothing was sent, \
         ONTAP would answer 66257132 port-out-of-range (target local_endpoint.port)"
    );
    let error = refused(&psk().with_local_endpoint(endpoint("192.0.2.1", "40", "")), &psk()).await;
    assert_eq!(
        error.to_string().split_once(": ").unwrap().1,
        "`local_endpoint.netmask` is 40, and an address of IPv4 has 32 bits; nothing was sent \
         (target local_endpoint.netmask)"
    );
}

#[tokio::test]
async fn a_change_is_checked_for_what_no_policy_can_have() {
    let wire = Wire::answering([answer("200 OK", "{}")]).await;
    let client = wire.client();
    let remote =
        |address, netmask, port| IpsecPolicyModify::default().with_remote_endpoint(endpoint(address, netmask, port));
    let local = |port| IpsecPolicyModify::default().with_local_endpoint(endpoint("", "", port));
    let protocol = |protocol: &str| IpsecPolicyModify::default().with_protocol(protocol);
    let bad = [
        (remote("", "", "65536"), "remote_endpoint.port", Some(ErrorCode::PortOutOfRange)),
        (local("1-2"), "local_endpoint.port", Some(ErrorCode::PortRangeUnsupported)),
        (remote("192.0.2.1", "33", ""), "remote_endpoint.netmask", None),
        (remote("", "129", ""), "remote_endpoint.netmask", None),
        (protocol("6,17"), "protocol", Some(ErrorCode::TooManyProtocols)),
    ];
    for (changes, field, code) in bad {
        let error = client.policies().modify(UUID, &changes).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code(), error.target()),
            (ErrorKind::InvalidRequest, code.as_ref(), Some(field))
        );
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
    // The rest of the endpoint may be there already.
    let good =
        [remote("", "24", ""), remote("192.0.2.1", "", ""), remote("", "128", "65535"), local("1-1"), protocol("6")];
    for changes in &good {
        client.policies().modify(UUID, changes).await.unwrap();
    }
    assert_eq!(wire.requests().len(), good.len());
}

#[tokio::test]
async fn a_cluster_takes_what_the_constructors_make() {
    let state = ClusterState::default().svm(Svm::data("svm1")).certificate(Certificate::new("c"));
    let (_simulator, client) = crate::support::cluster::start(state).await;
    let host = Ipv4Addr::new(192, 0, 2, 10);
    let cluster = IpsecPolicyCreate::discard("c", PolicyScope::cluster().in_ipspace("Default"));
    for (name, policy, action, method, scope) in [
        ("psk", psk().with_local_endpoint(host).with_protocol(Protocol::Number(6)), "esp_transport", "psk", "svm"),
        ("udp", udp().with_remote_endpoint(IpsecEndpoint::from(host).with_port(500)), "esp_udp", "psk", "svm"),
        ("pki", pki().with_local_identity("a").with_remote_identity("b"), "esp_transport", "pki", "svm"),
        ("bypass", bypass(), "bypass", "none", "svm"),
        ("cluster", cluster, "discard", "none", "cluster"),
    ] {
        let uuid = client.policies().create(&policy.with_name(name)).await.unwrap();
        let read = client.policies().get(uuid).await.unwrap();
        assert_eq!(read.action, Some(IpsecAction::from(action)));
        assert_eq!(read.authentication_method, Some(IpsecAuthenticationMethod::from(method)));
        assert_eq!(read.scope, Some(NetworkScope::from(scope)));
        let scope = if scope == "svm" { PolicyScope::svm("svm1") } else { PolicyScope::cluster() };
        assert_eq!(client.policies().find(scope, name).await.unwrap().unwrap().id(), Some(uuid));
    }
}
