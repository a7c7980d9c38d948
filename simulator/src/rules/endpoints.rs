//! Checks the two endpoints, each alone and both together.

use std::net::IpAddr;

use crate::{
    body::Given,
    cluster::{Item, Record},
    fields::{self, EndpointNames},
    refusal::Refusal,
    values,
};

/// The default netmask of an IPv6 address.
const DEFAULT_IPV6_PREFIX: u8 = 64;

/// The subnet of an endpoint.
#[derive(Clone, Copy, Debug)]
struct Subnet {
    address: IpAddr,
    length: u8,
}

impl Subnet {
    /// Tells whether the subnet is that of all addresses.
    fn is_any(self) -> bool {
        self.length == 0 && self.address.is_unspecified()
    }

    fn is_host(self) -> bool {
        self.length == if self.address.is_ipv4() { 32 } else { 128 }
    }
}

/// Checks the endpoints of a record, and converts them to ONTAP's normal form.
///
/// # Errors
/// Returns 66257125 (local) or 66257126 (remote) for an address or a netmask alone. An address and a netmask that do
/// not fit are 262197. A local zero address or netmask is 66257127. A remote zero address with another netmask, or the
/// reverse, is 66257128. A wildcard without a port is 66257129. ESP in UDP over IPv6 is 66257131, and between subnets
/// 66257120.
pub(crate) fn check(record: &mut Record) -> Result<(), Refusal> {
    let local = subnet(record, &fields::LOCAL)?;
    let remote = subnet(record, &fields::REMOTE)?;
    if local.is_some_and(|local| local.length == 0 || local.address.is_unspecified()) {
        return Err(Refusal::rule(
            66_257_127,
            "the local address and netmask cannot be zero; leave the endpoint out for any address",
        )
        .at(fields::LOCAL.address));
    }
    if let Some(remote) = remote {
        if !remote.is_any() && (remote.length == 0 || remote.address.is_unspecified()) {
            let message = "a remote wildcard needs both a zero address and a zero netmask";
            return Err(Refusal::rule(66_257_128, message).at(fields::REMOTE.address));
        }
        let has_port = |names: &EndpointNames| record.text(names.port).is_some_and(|port| port != "0-0");
        if remote.is_any() && !has_port(&fields::LOCAL) && !has_port(&fields::REMOTE) {
            let message = "a remote wildcard needs a local or a remote port";
            return Err(Refusal::rule(66_257_129, message).at(fields::REMOTE.port));
        }
    }
    if record.text(fields::ACTION) == Some("esp_udp") {
        for (names, subnet) in [(&fields::LOCAL, local), (&fields::REMOTE, remote)] {
            let Some(subnet) = subnet else { continue };
            if subnet.address.is_ipv6() {
                return Err(Refusal::rule(66_257_131, "the action esp_udp needs IPv4 addresses").at(names.address));
            }
            if !subnet.is_host() && !subnet.is_any() {
                let message = "the action esp_udp needs single hosts; set the netmask to 32";
                return Err(Refusal::rule(66_257_120, message).at(names.netmask));
            }
        }
    }
    Ok(())
}

/// Removes the netmask if a PATCH sets only an address of the other family.
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

/// Checks one endpoint without the other, and completes it.
fn subnet(record: &mut Record, names: &EndpointNames) -> Result<Option<Subnet>, Refusal> {
    if record.text(names.port).is_none() {
        record.set(names.port, "0-0");
    }
    // The address is already in its normal form, so parsing cannot fail.
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
                Refusal::invalid(names.netmask, Some(netmask), "the netmask does not fit the family of the address")
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
    Refusal::rule(code, format!("{given} needs {missing}")).at(missing)
}
