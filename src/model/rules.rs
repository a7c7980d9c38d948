//! The documented rules that a request breaks by itself, whatever there is on the cluster.
//!
//! Each rule has an error code on the reference page, or concerns a value that no cluster takes. In other cases, the
//! request is sent and ONTAP decides. A policy that only lets traffic through may name a key (66257112 says that ONTAP
//! ignores it). `pki` may lack a remote identity, as in NetApp's own examples. A port may be a word.

use std::fmt;
use std::net::IpAddr;

use uuid::Uuid;

use super::fields::Field;
use super::normal::{self, Netmask};
use super::secret::SecretKey;
use super::types::{IpsecCaCertificateCreate, IpsecEndpoint, IpsecModify, IpsecPolicyCreate, IpsecPolicyModify};
use super::values::{IpsecAction, IpsecAuthenticationMethod};
use crate::error::{Error, Result};
use crate::error_code::ErrorCode;

fn broken(field: &Field, code: &ErrorCode, cause: impl fmt::Display) -> Error {
    Error::refused(field.as_str(), Some(code.clone()), cause)
}

/// A request body with rules beyond the lengths that the spec sets.
pub(crate) trait Rules {
    /// Gives the first rule that is broken.
    fn rules(&self) -> Result<()>;
}

/// Checks what says which traffic a policy covers.
pub(crate) fn selectors(policy: &IpsecPolicyCreate) -> Result<()> {
    protocol(policy.protocol.as_deref())?;
    for end in [End::local(policy.local_endpoint.as_ref()), End::remote(policy.remote_endpoint.as_ref())] {
        end.values()?;
        end.is_whole()?;
    }
    Ok(())
}

impl Rules for IpsecPolicyCreate {
    fn rules(&self) -> Result<()> {
        selectors(self)?;
        let (local, remote) = (End::local(self.local_endpoint.as_ref()), End::remote(self.remote_endpoint.as_ref()));
        match &self.action {
            // They protect nothing: ONTAP ignores how peers would authenticate.
            Some(IpsecAction::Bypass | IpsecAction::Discard) => return Ok(()),
            Some(IpsecAction::EspTransport) => protected(&local, &remote)?,
            Some(IpsecAction::EspUdp) => {
                esp_in_udp(&local, &remote)?;
                protected(&local, &remote)?;
            }
            // Which action ONTAP takes then is not documented; one from a newer release has rules of its own.
            None => {}
            Some(IpsecAction::Other(_)) => return Ok(()),
        }
        authentication(self)?;
        post_quantum(self)?;
        self.secret_key.as_ref().map_or(Ok(()), key)
    }
}

impl Rules for IpsecModify {
    fn rules(&self) -> Result<()> {
        if self.offload_enabled == Some(true) && self.replay_window.is_some_and(|window| window != 0) {
            let cause = "looks for replayed packets, which excludes `offload_enabled`";
            return Err(broken(&Field::ReplayWindow, &ErrorCode::OffloadWithReplayWindow, cause));
        }
        Ok(())
    }
}

impl Rules for IpsecCaCertificateCreate {
    fn rules(&self) -> Result<()> {
        let uuid = self.certificate.as_ref().and_then(|certificate| certificate.uuid.as_deref());
        match uuid.map(str::parse::<Uuid>) {
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) => Err(Error::refused(Field::CertificateUuid.as_str(), None, "is no UUID")),
            None => Err(Error::refused(Field::CertificateUuid.as_str(), None, "is missing")),
        }
    }
}

impl Rules for IpsecPolicyModify {
    /// The other half of an endpoint can be on the cluster already, so that only values are looked at.
    fn rules(&self) -> Result<()> {
        protocol(self.protocol.as_deref())?;
        // ONTAP would change nothing, and the caller take the policy for one of any address.
        for (name, endpoint) in [("local_endpoint", &self.local_endpoint), ("remote_endpoint", &self.remote_endpoint)] {
            if endpoint.as_ref().is_some_and(|endpoint| *endpoint == IpsecEndpoint::default()) {
                let cause = "has no members, and a change cannot widen it to any address";
                return Err(Error::refused(name, None, cause));
            }
        }
        End::local(self.local_endpoint.as_ref()).values()?;
        End::remote(self.remote_endpoint.as_ref()).values()
    }
}

/// One end of the traffic, with the names and codes that differ between the two.
struct End<'a> {
    address: Option<&'a str>,
    netmask: Option<&'a str>,
    port: Option<&'a str>,
    names: [Field; 3],
    too_many_ports: ErrorCode,
    too_many_subnets: ErrorCode,
    half: ErrorCode,
}

impl<'a> End<'a> {
    fn local(endpoint: Option<&'a IpsecEndpoint>) -> Self {
        Self {
            names: [Field::LocalEndpointAddress, Field::LocalEndpointNetmask, Field::LocalEndpointPort],
            too_many_ports: ErrorCode::TooManyLocalPorts,
            too_many_subnets: ErrorCode::TooManyLocalSubnets,
            half: ErrorCode::LocalAddressWithoutNetmask,
            ..Self::remote(endpoint)
        }
    }

    fn remote(endpoint: Option<&'a IpsecEndpoint>) -> Self {
        let given = |member: fn(&IpsecEndpoint) -> &Option<String>| {
            endpoint.and_then(|endpoint| member(endpoint).as_deref()).filter(|text| !text.is_empty())
        };
        Self {
            address: given(|endpoint| &endpoint.address),
            netmask: given(|endpoint| &endpoint.netmask),
            port: given(|endpoint| &endpoint.port),
            names: [Field::RemoteEndpointAddress, Field::RemoteEndpointNetmask, Field::RemoteEndpointPort],
            too_many_ports: ErrorCode::TooManyRemotePorts,
            too_many_subnets: ErrorCode::TooManyRemoteSubnets,
            half: ErrorCode::RemoteAddressWithoutNetmask,
        }
    }

    /// The values that are there, each for itself, and the netmask for the address.
    fn values(&self) -> Result<()> {
        let [address_name, netmask_name, port_name] = &self.names;
        if let Some(port) = self.port {
            if port.contains(',') {
                let cause = "holds several ports, and a policy covers one";
                return Err(broken(port_name, &self.too_many_ports, cause));
            }
            match normal::ports(port) {
                Some((first, last)) if first.max(last) > u16::MAX.into() => {
                    let cause = format!("is {port}, and a port is a number from 0 to 65535");
                    return Err(broken(port_name, &ErrorCode::PortOutOfRange, cause));
                }
                Some((first, last)) if first != last => {
                    let cause = format!("is {port}, and a policy covers one port or all, no range of them");
                    return Err(broken(port_name, &ErrorCode::PortRangeUnsupported, cause));
                }
                _ => {}
            }
        }
        if self.address.is_some_and(|address| address.contains(',')) {
            let cause = "holds several addresses, and a policy covers one subnet";
            return Err(broken(address_name, &self.too_many_subnets, cause));
        }
        let Some(netmask) = self.netmask else { return Ok(()) };
        let cause = match (Netmask::read(netmask), self.ip()) {
            (Some(Netmask::Dotted(None)), _) => "and its ones are not all at the front",
            (Some(Netmask::Dotted(_)), Some(IpAddr::V6(_))) => "a netmask for IPv4, and the address is of IPv6",
            (Some(Netmask::Length(33..)), Some(IpAddr::V4(_))) => "and an address of IPv4 has 32 bits",
            (Some(Netmask::Length(129..)), _) => "and an address has 128 bits at most",
            _ => return Ok(()),
        };
        Err(Error::refused(netmask_name.as_str(), None, format!("is {netmask}, {cause}")))
    }

    /// Checks that a new policy has both address and netmask. For IPv6, ONTAP documents a default netmask.
    fn is_whole(&self) -> Result<()> {
        let [address_name, netmask_name, _] = &self.names;
        match (self.address, self.netmask) {
            (Some(_), None) if matches!(self.ip(), Some(IpAddr::V4(_))) => {
                Err(broken(netmask_name, &self.half, format!("is missing, and `{address_name}` is given")))
            }
            (None, Some(_)) => {
                Err(broken(address_name, &self.half, format!("is missing, and `{netmask_name}` is given")))
            }
            _ => Ok(()),
        }
    }

    fn ip(&self) -> Option<IpAddr> {
        normal::address(self.address?)
    }

    /// Whether it is written as the subnet of all addresses.
    fn is_all_addresses(&self) -> bool {
        let length = self.netmask.and_then(Netmask::read).and_then(Netmask::length);
        self.ip().is_some_and(|address| address.is_unspecified()) && length == Some(0)
    }

    fn has_port(&self) -> bool {
        self.port.is_some_and(|port| normal::ports(port) != Some((0, 0)))
    }
}

fn protocol(protocol: Option<&str>) -> Result<()> {
    if protocol.is_some_and(|protocol| protocol.contains(',')) {
        let cause = "holds several protocols, and a policy covers one or all";
        return Err(broken(&Field::Protocol, &ErrorCode::TooManyProtocols, cause));
    }
    Ok(())
}

/// Checks the ends of protected traffic.
fn protected(local: &End<'_>, remote: &End<'_>) -> Result<()> {
    if local.is_all_addresses() {
        let cause = "stands for all addresses, and the local end of protected traffic has to be narrower";
        return Err(broken(&local.names[0], &ErrorCode::LocalSubnetZero, cause));
    }
    if remote.is_all_addresses() && !local.has_port() && !remote.has_port() {
        let cause = "stands for all addresses, which needs a port at one of the ends";
        return Err(broken(&remote.names[0], &ErrorCode::PortRequiredForAnySubnet, cause));
    }
    Ok(())
}

fn esp_in_udp(local: &End<'_>, remote: &End<'_>) -> Result<()> {
    match [local, remote].into_iter().find(|end| matches!(end.ip(), Some(IpAddr::V6(_)))) {
        Some(end) => {
            let cause = "is of IPv6, and ESP in UDP goes over IPv4 only";
            Err(broken(&end.names[0], &ErrorCode::EspInUdpv6Unsupported, cause))
        }
        None => Ok(()),
    }
}

/// Checks that the method of authentication has the fields that it needs, and no others.
fn authentication(policy: &IpsecPolicyCreate) -> Result<()> {
    let (key, certificate) = (policy.secret_key.is_some(), certificate(policy));
    let (field, code, cause) = match &policy.authentication_method {
        Some(IpsecAuthenticationMethod::Psk) if !key => {
            (SECRET_KEY, ErrorCode::PreSharedKeyMissing, "is missing, and `psk` needs it")
        }
        Some(IpsecAuthenticationMethod::Psk) if certificate => {
            let cause = "is given, and `psk` has no use for it";
            (Field::Certificate.as_str(), ErrorCode::CertificateNotNeeded, cause)
        }
        Some(IpsecAuthenticationMethod::Pki) if !certificate => {
            let cause = "is missing, and `pki` needs it";
            (Field::Certificate.as_str(), ErrorCode::CertificateMissing, cause)
        }
        Some(IpsecAuthenticationMethod::Pki) if key => {
            (SECRET_KEY, ErrorCode::PreSharedKeyNotNeeded, "is given, and `pki` has no use for it")
        }
        Some(IpsecAuthenticationMethod::None) | None if policy.action.is_some() && !key && !certificate => {
            let cause = "is not `psk` or `pki`, with its key or certificate, and the action protects traffic";
            (Field::AuthenticationMethod.as_str(), ErrorCode::AuthenticationMissing, cause)
        }
        _ => return Ok(()),
    };
    Err(Error::refused(field, Some(code), cause))
}

/// A post-quantum key and its identity go together.
fn post_quantum(policy: &IpsecPolicyCreate) -> Result<()> {
    let Some(ppk) = &policy.ppk else { return Ok(()) };
    match (&ppk.identity, &ppk.shared_key) {
        (Some(_), None) => {
            let cause = "is missing, and `ppk.identity` is given";
            Err(Error::refused("ppk.shared_key", Some(ErrorCode::PostQuantumKeyMissing), cause))
        }
        (None, Some(_)) => {
            let cause = "is missing, and `ppk.shared_key` is given";
            Err(broken(&Field::PpkIdentity, &ErrorCode::PostQuantumIdentityMissing, cause))
        }
        _ => Ok(()),
    }
}

/// Whether a certificate is named, rather than a reference that says nothing.
fn certificate(policy: &IpsecPolicyCreate) -> bool {
    policy.certificate.as_ref().is_some_and(|reference| reference.name.is_some() || reference.uuid.is_some())
}

/// The field of the key, which cannot be read and is therefore no `Field`.
const SECRET_KEY: &str = "secret_key";

/// A key that is marked as hexadecimal or Base64 has to be that. How many digits there are is for ONTAP to judge.
fn key(key: &SecretKey) -> Result<()> {
    let key = key.expose();
    let (code, cause) = if let Some(digits) = key.strip_prefix("0x") {
        if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(());
        }
        (ErrorCode::InvalidHexadecimalKey, "starts with 0x, and so has to go on in hexadecimal digits")
    } else if let Some(text) = key.strip_prefix("0s") {
        let digits = text.trim_end_matches('=');
        let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        if digits.bytes().all(alphabet) && digits.len() % 4 != 1 && text.len() - digits.len() <= 2 {
            return Ok(());
        }
        (ErrorCode::InvalidBase64Key, "starts with 0s, and so has to go on in Base64")
    } else {
        return Ok(());
    };
    Err(Error::refused(SECRET_KEY, Some(code), cause))
}
