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
    /// The value on the cluster.
    pub(crate) existing: Option<String>,
}

/// Returns the fields of the policy that are not as described. Fields that are left out of the description are not
/// among them, nor is the key, which ONTAP never returns.
///
/// An endpoint is described as a whole: without an address, it is any address; without a port, any port.
pub(crate) fn differences(described: &types::IpsecPolicyCreate, existing: &types::IpsecPolicy) -> Vec<Difference> {
    // ONTAP ignores how peers would authenticate where nothing is protected (66257112), and keeps `none`.
    let unprotected = matches!(described.action, Some(IpsecAction::Bypass | IpsecAction::Discard));
    // Given a certificate for a policy that has no use for it, ONTAP has been seen to restart.
    let takes_certificate =
        existing.authentication_method.as_ref().is_some_and(|method| *method == IpsecAuthenticationMethod::Pki);
    let mut differences = Vec::new();
    for Pair { field, modifiable, described: value, existing } in pairs(described, existing) {
        let of_certificate = matches!(field, Field::CertificateName | Field::CertificateUuid);
        let end = endpoint(described, &field);
        let value = value.or_else(|| end.filter(|_| is_netmask(&field)).and_then(default_netmask));
        let is_left_out = value.is_none() && end.is_none();
        // Real clusters leave the IPspace out; those before 9.15 return no action.
        let may_be_left_out = matches!(field, Field::Action | Field::IpspaceName | Field::IpspaceUuid);
        let is_unknown = may_be_left_out && existing.is_none();
        let is_ignored = unprotected && (of_certificate || field == Field::AuthenticationMethod);
        let value = normal_form(&field, value);
        if is_left_out || is_unknown || is_ignored || value == normal_form(&field, existing.clone()) {
            continue;
        }
        // No value stands for any address, so that a change cannot take one away.
        let takes_away = value.is_none() && end.is_some();
        let modifiable = modifiable && !takes_away && (takes_certificate || !of_certificate);
        differences.push(Difference { field, modifiable, existing });
    }
    differences
}

/// Returns the described endpoint that the field is a part of.
fn endpoint<'a>(described: &'a types::IpsecPolicyCreate, field: &Field) -> Option<&'a types::IpsecEndpoint> {
    match field {
        Field::LocalEndpointAddress | Field::LocalEndpointNetmask | Field::LocalEndpointPort => {
            described.local_endpoint.as_ref()
        }
        Field::RemoteEndpointAddress | Field::RemoteEndpointNetmask | Field::RemoteEndpointPort => {
            described.remote_endpoint.as_ref()
        }
        _ => None,
    }
}

/// Returns ONTAP's default netmask for the address.
fn default_netmask(endpoint: &types::IpsecEndpoint) -> Option<String> {
    let address = endpoint.address.as_deref().and_then(normal::address)?;
    address.is_ipv6().then(|| "64".to_owned())
}

fn is_netmask(field: &Field) -> bool {
    matches!(field, Field::LocalEndpointNetmask | Field::RemoteEndpointNetmask)
}

/// Returns the change of these fields to what is described.
pub(crate) fn changes(described: &types::IpsecPolicyCreate, fields: &[Field]) -> types::IpsecPolicyModify {
    let mut changes = described_parts(described, fields);
    for (port, endpoint) in [
        (Field::LocalEndpointPort, &mut changes.local_endpoint),
        (Field::RemoteEndpointPort, &mut changes.remote_endpoint),
    ] {
        // ONTAP keeps members that a change leaves out.
        let Some(endpoint) = endpoint else { continue };
        endpoint.netmask = endpoint.netmask.take().or_else(|| default_netmask(endpoint));
        if fields.contains(&port) {
            endpoint.port.get_or_insert_with(|| "0".to_owned());
        }
    }
    changes
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
