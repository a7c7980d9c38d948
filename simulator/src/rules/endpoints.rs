//! The two ends of the traffic, each in itself and both together.

use std::net::IpAddr;

use crate::{
    body::Given,
    cluster::{Item, Record},
    fields::{self, EndpointNames},
    refusal::Refusal,
    values,
};

/// The netmask of an IPv6 address without one.
const DEFAULT_IPV6_PREFIX: u8 = 64;

/// The subnet of an endpoint that has one.
#[derive(Clone, Copy, Debug)]
struct Subnet {
    address: IpAddr,
    length: u8,
}

impl Subnet {
    /// Whether it is the subnet of all addresses.
    fn is_any(self) -> bool {
        self.length == 0 && self.address.is_unspecified()
    }

    fn is_host(self) -> bool {
        self.length == if self.address.is_ipv4() { 32 } else { 128 }
    }
}

/// Checks the endpoints of a record, and puts them into the form that ONTAP returns.
///
/// # Errors
/// Returns 66257125 or 66257126 for an address or a netmask alone, and 262197 if the two do not fit. Wildcards: 66257127
/// for a local subnet of zeroes, 66257128 for a remote one that is nearly a wildcard, 66257129 without a port. ESP in
/// UDP: 66257131 over IPv6, 66257120 between subnets.
pub(crate) fn check(record: &mut Record) -> Result<(), Refusal> {
    let local = subnet(record, &fields::LOCAL)?;
    let remote = subnet(record, &fields::REMOTE)?;
    if local.is_some_and(|local| local.length == 0 || local.address.is_unspecified()) {
        return Err(Refusal::rule(66_257_127, "the local subnet cannot be zero: leave the endpoint out to mean any")
            .at(fields::LOCAL.address));
    }
    if let Some(remote) = remote {
        if !remote.is_any() && (remote.length == 0 || remote.address.is_unspecified()) {
            let message = "a wildcard has both a zero address and a zero netmask";
            return Err(Refusal::rule(66_257_128, message).at(fields::REMOTE.address));
        }
        let has_port = |names: &EndpointNames| record.text(names.port).is_some_and(|port| port != "0-0");
        if remote.is_any() && !has_port(&fields::LOCAL) && !has_port(&fields::REMOTE) {
            let message = "with a wildcard for the remote subnet, the local or the remote port has to be named";
            return Err(Refusal::rule(66_257_129, message).at(fields::REMOTE.port));
        }
    }
    if record.text(fields::ACTION) == Some("esp_udp") {
        for (names, subnet) in [(&fields::LOCAL, local), (&fields::REMOTE, remote)] {
            let Some(subnet) = subnet else { continue };
            if subnet.address.is_ipv6() {
                return Err(Refusal::rule(66_257_131, "ESP in UDP goes over IPv4 only").at(names.address));
            }
            if !subnet.is_host() && !subnet.is_any() {
                let message = "ESP in UDP goes between hosts: the netmask has to be 32";
                return Err(Refusal::rule(66_257_120, message).at(names.netmask));
            }
        }
    }
    Ok(())
}

/// A netmask that came with an address of the other family goes when only the address is replaced.
pub(super) fn forget_masks_of_the_other_family(record: &mut Record, policy: &Item, given: &Given) {
    for names in [&fields::LOCAL, &fields::REMOTE] {
        let family = |record: &Record| Some(record.text(names.address)?.parse::<IpAddr>().ok()?.is_ipv4());
        if let (Some(new), Some(old)) = (family(record), family(&policy.record))
            && new != old
            && !given.values.contains_key(names.netmask)
        {
            record.put(names.netmask, None);
        }
    }
}

/// Checks one endpoint by itself and completes it.
fn subnet(record: &mut Record, names: &EndpointNames) -> Result<Option<Subnet>, Refusal> {
    if record.text(names.port).is_none() {
        record.set(names.port, "0-0");
    }
    // The address is valid: it was put into its normal form when the body was read.
    let address = record.text(names.address).and_then(|address| address.parse::<IpAddr>().ok());
    let (address, length) = match (address, record.text(names.netmask)) {
        (None, None) => {
            record.put(names.family, None);
            return Ok(None);
        }
        (None, Some(_)) => return Err(incomplete_endpoint(names, names.netmask, names.address)),
        (Some(IpAddr::V4(_)), None) => return Err(incomplete_endpoint(names, names.address, names.netmask)),
        (Some(address @ IpAddr::V6(_)), None) => (address, DEFAULT_IPV6_PREFIX),
        (Some(address), Some(netmask)) => {
            let length = values::prefix_length_for(address, netmask).ok_or_else(|| {
                Refusal::invalid(names.netmask, Some(netmask), "it does not fit the family of the address")
            })?;
            (address, length)
        }
    };
    record.set(names.family, if address.is_ipv4() { "ipv4" } else { "ipv6" });
    record.set(names.netmask, length.to_string());
    Ok(Some(Subnet { address, length }))
}

fn incomplete_endpoint(names: &EndpointNames, given: &str, missing: &str) -> Refusal {
    let code = if names.is_local() { 66_257_125 } else { 66_257_126 };
    Refusal::rule(code, format!("{given} is of no use without {missing}")).at(missing)
}
