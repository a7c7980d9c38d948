//! Brings a policy's fields into the form that ONTAP returns.
//!
//! ONTAP takes a port as `201` or `201-201` and returns the latter, for instance. NetApp's Ansible modules know these
//! forms; the reference page documents that of the netmask only.

use std::net::{IpAddr, Ipv4Addr};

/// A netmask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Netmask {
    /// A prefix length, of whatever size.
    Length(u64),
    /// A dotted mask of IPv4, as the prefix length; none if its ones are not together.
    Dotted(Option<u64>),
}

impl Netmask {
    /// Reads a prefix length or a dotted mask.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if let Ok(mask) = text.parse::<Ipv4Addr>() {
            let length = mask.to_bits().leading_ones();
            return Some(Self::Dotted((mask.to_bits().count_ones() == length).then_some(length.into())));
        }
        number(text).map(Self::Length)
    }

    /// The prefix length.
    pub(crate) fn length(self) -> Option<u64> {
        match self {
            Self::Length(length) => Some(length),
            Self::Dotted(length) => length,
        }
    }
}

/// The first and the last port of `201` or `201-205`, of whatever size.
pub(crate) fn ports(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((number(first)?, number(last)?))
}

/// An IPv4 or IPv6 address.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// A whole number in plain digits; the largest there is for one that is too large.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}
