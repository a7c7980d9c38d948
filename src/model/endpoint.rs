//! The ends of the traffic that a policy covers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::types::IpsecEndpoint;
use crate::error::{Error, ErrorKind};

/// Endpoints with a netmask that goes with the address; addresses, networks and `"198.51.100.0/24".parse()` become one,
/// too.
///
/// ```
/// use std::net::{IpAddr, Ipv4Addr};
///
/// use ontap_ipsec::types::IpsecEndpoint;
///
/// let nfs = IpsecEndpoint::host(Ipv4Addr::new(192, 0, 2, 10)).with_port(2049);
/// assert_eq!(nfs.netmask.as_deref(), Some("32"));
///
/// let hosts: IpsecEndpoint = "2001:db8:7::/48".parse()?;
/// assert_eq!((hosts.address.as_deref(), hosts.netmask.as_deref()), (Some("2001:db8:7::"), Some("48")));
/// # Ok::<(), ontap_ipsec::Error>(())
/// ```
impl IpsecEndpoint {
    /// This one address.
    #[must_use]
    pub fn host(address: impl Into<IpAddr>) -> Self {
        Self::network(IpNet::from(address.into()))
    }

    /// The addresses of this network. Bits of the address beyond the prefix are kept, as ONTAP does.
    #[must_use]
    pub fn network(network: impl Into<IpNet>) -> Self {
        let network = network.into();
        Self {
            address: Some(network.addr().to_string()),
            netmask: Some(network.prefix_len().to_string()),
            ..Self::default()
        }
    }

    /// Any address and any port. Without an endpoint, [`Policies::create`](crate::Policies::create) makes the same policy,
    /// but [`Policies::apply`](crate::Policies::apply) leaves the endpoint of an existing policy as it is. `0.0.0.0/0` is not
    /// the same: it is all addresses of IPv4.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }
}

macro_rules! endpoint_from {
    ($constructor:ident: $($source:ty),*) => {$(
        impl From<$source> for IpsecEndpoint {
            fn from(source: $source) -> Self {
                Self::$constructor(source)
            }
        }
    )*};
}

endpoint_from!(host: IpAddr, Ipv4Addr, Ipv6Addr);
endpoint_from!(network: IpNet, Ipv4Net, Ipv6Net);

/// The host, with the port. An IPv6 scope is left out.
impl From<SocketAddr> for IpsecEndpoint {
    fn from(address: SocketAddr) -> Self {
        Self::host(address.ip()).with_port(address.port())
    }
}

/// Reads an address, or a network as address and prefix length: `192.0.2.10`, `198.51.100.0/24`.
///
/// # Errors
/// [`ErrorKind::InvalidRequest`] for anything else. Names of hosts are not looked up.
impl FromStr for IpsecEndpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let host = text.parse::<IpAddr>().map(Self::host);
        host.or_else(|_| text.parse::<IpNet>().map(Self::network)).map_err(|_| {
            let message = format!(
                "`{text}` is no endpoint: that is an IPv4 or IPv6 address, or one with `/` and a prefix length"
            );
            Error::new(ErrorKind::InvalidRequest, message)
        })
    }
}

/// As [`FromStr`].
impl TryFrom<&str> for IpsecEndpoint {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self, Error> {
        text.parse()
    }
}

/// As [`FromStr`].
impl TryFrom<&String> for IpsecEndpoint {
    type Error = Error;

    fn try_from(text: &String) -> Result<Self, Error> {
        text.parse()
    }
}
