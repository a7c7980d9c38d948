//! Whether a policy is as described, given that ONTAP returns values in other forms than it takes.

use crate::bindings::types;
use crate::fields::Field;
use crate::normal::{self, Netmask};
use crate::protocol::Protocol;
use crate::values::{IpsecAction, IpsecAuthenticationMethod};

include!(concat!(env!("OUT_DIR"), "/comparison.rs"));

/// A field as it is described and as it is.
struct Pair {
    field: Field,
    modifiable: bool,
    described: Option<String>,
    existing: Option<String>,
}

/// A field that is not as described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) field: Field,
    /// Whether it can be changed in a policy that exists.
    pub(crate) modifiable: bool,
    /// What the policy has.
    pub(crate) existing: Option<String>,
}

/// The fields that are given in the description and different in the policy. The key is not among them, since ONTAP never
/// returns it.
pub(crate) fn differences(described: &types::IpsecPolicyCreate, existing: &types::IpsecPolicy) -> Vec<Difference> {
    // ONTAP ignores how peers would authenticate where nothing is protected (66257112), and keeps `none`.
    let unprotected = matches!(described.action, Some(IpsecAction::Bypass | IpsecAction::Discard));
    // Given a certificate for a policy that has no use for it, ONTAP has been seen to restart.
    let takes_certificate =
        existing.authentication_method.as_ref().is_none_or(|method| *method == IpsecAuthenticationMethod::Pki);
    let mut differences = Vec::new();
    for Pair { field, modifiable, described, existing } in pairs(described, existing) {
        let of_certificate = matches!(field, Field::CertificateName | Field::CertificateUuid);
        let ignored = unprotected && (of_certificate || field == Field::AuthenticationMethod);
        if described.is_none() || ignored || normal_form(&field, described) == normal_form(&field, existing.clone()) {
            continue;
        }
        let modifiable = modifiable && (takes_certificate || !of_certificate);
        differences.push(Difference { field, modifiable, existing });
    }
    differences
}

/// The value in the form in which ONTAP returns it; what is of no known form stays as it is. Nothing and an empty text
/// are the same.
fn normal_form(field: &Field, value: Option<String>) -> Option<String> {
    let value = value.filter(|value| !value.is_empty());
    let known = value.as_deref().and_then(|value| match field {
        Field::LocalEndpointPort | Field::RemoteEndpointPort => {
            normal::ports(value).map(|(first, last)| format!("{first}-{last}"))
        }
        Field::LocalEndpointNetmask | Field::RemoteEndpointNetmask => {
            Netmask::read(value).and_then(Netmask::length).map(|length| length.to_string())
        }
        Field::LocalEndpointAddress | Field::RemoteEndpointAddress => {
            normal::address(value).map(|address| address.to_string())
        }
        Field::Protocol => value.parse::<Protocol>().ok().map(|protocol| protocol.to_string()),
        Field::CertificateUuid | Field::IpspaceUuid | Field::SvmUuid => Some(value.to_ascii_lowercase()),
        _ => None,
    });
    known.or(value).or_else(|| match field {
        Field::LocalEndpointPort | Field::RemoteEndpointPort => Some("0-0".to_owned()),
        Field::Protocol => Some(Protocol::Any.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{changes, differences};
    use crate::bindings::types::{
        CertificateReference, IpsecEndpoint, IpsecPolicy, IpsecPolicyCreate, IpspaceReference, SvmReference,
    };
    use crate::fields::Field;
    use crate::values::{IpAddressFamily, IpsecAuthenticationMethod};

    const UUID: &str = "02c9e252-41be-11e9-81d5-00a0986138f7";

    fn endpoint(address: &str, netmask: &str, port: &str) -> Option<IpsecEndpoint> {
        let given = |text: &str| (text != "-").then(|| text.to_owned());
        Some(IpsecEndpoint { address: given(address), netmask: given(netmask), port: given(port), family: None })
    }

    #[track_caller]
    fn differ(described: IpsecPolicyCreate, existing: IpsecPolicy, expected: &[(Field, bool)]) {
        let found = differences(&described, &existing);
        let found: Vec<_> = found.into_iter().map(|difference| (difference.field, difference.modifiable)).collect();
        assert_eq!(found, expected, "{described:?} {existing:?}");
    }

    #[test]
    fn endpoints_in_other_forms_are_the_same() {
        for (described, existing) in [
            (("-", "-", "201"), ("-", "-", "201-201")),
            (("-", "-", "0201"), ("-", "-", "201-201")),
            (("-", "-", "0"), ("-", "-", "0-0")),
            (("-", "-", "0"), ("-", "-", "-")),
            (("-", "-", ""), ("-", "-", "0-0")),
            (("-", "-", "-"), ("-", "-", "201-201")),
            (("192.0.2.9", "255.255.255.0", "-"), ("192.0.2.9", "24", "0-0")),
            (("2001:DB8:0:0::1", "064", "-"), ("2001:db8::1", "64", "0-0")),
            (("", "", ""), ("-", "-", "-")),
        ] {
            let of = |(address, netmask, port)| endpoint(address, netmask, port);
            let (described, mut existing) = (of(described), of(existing));
            let create = IpsecPolicyCreate {
                local_endpoint: described.clone(),
                remote_endpoint: described,
                ..Default::default()
            };
            existing.as_mut().unwrap().family = Some(IpAddressFamily::Ipv4);
            let policy =
                IpsecPolicy { local_endpoint: existing.clone(), remote_endpoint: existing, ..Default::default() };
            differ(create, policy, &[]);
        }
    }

    #[test]
    fn endpoints_that_differ_say_in_what() {
        for (described, existing, field) in [
            (("-", "-", "201"), ("-", "-", "202-202"), Field::RemoteEndpointPort),
            (("-", "-", "0"), ("-", "-", "1-1"), Field::RemoteEndpointPort),
            (("-", "-", "nfs"), ("-", "-", "2049-2049"), Field::RemoteEndpointPort),
            (("192.0.2.9", "24", "-"), ("192.0.2.0", "24", "-"), Field::RemoteEndpointAddress),
            (("192.0.2.9", "24", "-"), ("192.0.2.9", "25", "-"), Field::RemoteEndpointNetmask),
            (("192.0.2.9", "255.0.255.0", "-"), ("192.0.2.9", "24", "-"), Field::RemoteEndpointNetmask),
            (("192.0.2.9", "-", "-"), ("-", "-", "-"), Field::RemoteEndpointAddress),
        ] {
            let of = |(address, netmask, port)| endpoint(address, netmask, port);
            let create = IpsecPolicyCreate { remote_endpoint: of(described), ..Default::default() };
            let policy = IpsecPolicy { remote_endpoint: of(existing), ..Default::default() };
            differ(create, policy, &[(field, true)]);
        }
    }

    #[test]
    fn protocols_in_other_forms_are_the_same() {
        for (described, existing, same) in [
            ("6", Some("tcp"), true),
            ("TCP", Some("tcp"), true),
            ("udp", Some("17"), true),
            ("0", Some("any"), true),
            ("any", None, true),
            ("132", Some("132"), true),
            ("6", Some("udp"), false),
            ("tcp", None, false),
            ("sctp", Some("132"), false),
        ] {
            let create = IpsecPolicyCreate { protocol: Some(described.into()), ..Default::default() };
            let policy = IpsecPolicy { protocol: existing.map(Into::into), ..Default::default() };
            differ(create, policy, if same { &[] } else { &[(Field::Protocol, true)] });
        }
    }

    #[test]
    fn references_are_compared_by_what_is_given() {
        let policy = || IpsecPolicy {
            authentication_method: Some(IpsecAuthenticationMethod::Pki),
            certificate: Some(CertificateReference { name: Some("c".into()), uuid: Some(UUID.into()), links: None }),
            svm: Some(SvmReference { name: Some("svm1".into()), uuid: Some(UUID.into()), links: None }),
            ipspace: Some(IpspaceReference { name: Some("Default".into()), uuid: Some(UUID.into()), links: None }),
            ..Default::default()
        };
        let uuid: uuid::Uuid = UUID.parse().unwrap();
        let same = IpsecPolicyCreate {
            certificate: Some("c".into()),
            svm: Some(SvmReference { uuid: Some(UUID.to_uppercase()), ..Default::default() }),
            ipspace: Some(uuid.into()),
            ..Default::default()
        };
        differ(same, policy(), &[]);
        let other = IpsecPolicyCreate {
            certificate: Some("d".into()),
            svm: Some("svm2".into()),
            ipspace: Some(IpspaceReference { name: Some("Other".into()), uuid: Some(UUID.into()), links: None }),
            ..Default::default()
        };
        let fields = [(Field::CertificateName, true), (Field::IpspaceName, false), (Field::SvmName, false)];
        differ(other, policy(), &fields);
    }

    #[test]
    fn a_certificate_only_goes_to_a_policy_with_pki() {
        let create = || IpsecPolicyCreate { certificate: Some("c".into()), ..Default::default() };
        for (method, modifiable) in [("pki", true), ("psk", false), ("none", false)] {
            let policy = IpsecPolicy { authentication_method: Some(method.into()), ..Default::default() };
            differ(create(), policy, &[(Field::CertificateName, modifiable)]);
        }
    }

    #[test]
    fn what_an_action_without_protection_ignores_is_no_difference() {
        let policy = || IpsecPolicy {
            action: Some("bypass".into()),
            authentication_method: Some("none".into()),
            ..Default::default()
        };
        let create = |action: &str| IpsecPolicyCreate {
            action: Some(action.into()),
            authentication_method: Some("pki".into()),
            certificate: Some("c".into()),
            ..Default::default()
        };
        differ(create("bypass"), policy(), &[]);
        differ(create("discard"), policy(), &[(Field::Action, false)]);
        let fields = [(Field::Action, false), (Field::AuthenticationMethod, false), (Field::CertificateName, false)];
        differ(create("esp_udp"), policy(), &fields);
    }

    #[test]
    fn a_change_has_the_objects_that_differ_as_they_are_described() {
        let create = IpsecPolicyCreate {
            name: Some("n".into()),
            enabled: Some(false),
            protocol: Some("tcp".into()),
            secret_key: Some("pre-shared key of no use".into()),
            local_endpoint: endpoint("192.0.2.1", "32", "-"),
            remote_endpoint: endpoint("192.0.2.2", "32", "1"),
            ..Default::default()
        };
        let change = changes(&create, &[Field::Enabled, Field::RemoteEndpointPort, Field::Name]);
        assert_eq!((change.enabled, &change.remote_endpoint), (Some(false), &create.remote_endpoint));
        assert_eq!((change.protocol, change.local_endpoint), (None, None));
    }
}
