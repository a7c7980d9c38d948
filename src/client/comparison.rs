//! Whether a policy is as described, given that ONTAP returns values in other forms than it takes.

use crate::model::fields::Field;
use crate::model::normal::{self, Netmask};
use crate::model::protocol::Protocol;
use crate::model::types;
use crate::model::values::{IpsecAction, IpsecAuthenticationMethod};

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
