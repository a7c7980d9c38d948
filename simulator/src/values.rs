//! The kinds of values of fields: which texts are valid, their normal form, and their order.
//!
//! ONTAP returns some values in a normal form: port `201` as `201-201`, protocol `6` as `tcp`, a mask as a prefix
//! length. The normal forms are those in NetApp's Ansible modules; the reference page documents only that of the
//! netmask.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr},
};

use uuid::Uuid;

/// The kind of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A text with a minimum and a maximum number of characters.
    Sized(usize, usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A boolean.
    Flag,
    /// An IPv4 or IPv6 address.
    Address,
    /// A prefix length, or a dotted IPv4 mask.
    Netmask,
    /// A port or a range of ports.
    Port,
    /// A protocol's number, or `tcp`, `udp` or `any`.
    Protocol,
    /// A UUID.
    Uuid,
    /// One of these whole numbers; an empty list means any number.
    Number(&'static [u64]),
    /// A text that responses never show.
    Secret,
}

/// The position of a value among others of the same kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank<'a> {
    Flag(bool),
    Number(u64, u64),
    Address(IpAddr),
    Text(Cow<'a, str>),
}

impl Kind {
    /// Returns the text in ONTAP's normal form, or `None` if it is no value of this kind.
    pub(crate) fn normal(self, text: &str) -> Option<String> {
        match self {
            Self::Text | Self::Secret => Some(text.to_owned()),
            Self::Sized(least, most) => (least..=most).contains(&text.chars().count()).then(|| text.to_owned()),
            Self::Word(words) => words.contains(&text).then(|| text.to_owned()),
            Self::Flag => flag(text).map(|flag| flag.to_string()),
            Self::Address => text.parse::<IpAddr>().ok().map(|address| address.to_string()),
            Self::Netmask => prefix_length(text).map(|length| length.to_string()),
            Self::Port => ports(text).map(|(first, last)| format!("{first}-{last}")),
            Self::Protocol => protocol(text),
            Self::Uuid => uuid(text).map(|uuid| uuid.to_string()),
            Self::Number(known) => {
                let number = digits::<u64>(text).filter(|number| known.is_empty() || known.contains(number));
                number.map(|number| number.to_string())
            }
        }
    }

    /// Returns the position of a value among others of this kind. Addresses, ports, masks and protocols are compared as
    /// numbers, other values as text. The documents mention "the field type's order" without details, and alphabetical
    /// order for enums. A range of ports is compared by its first port, then by its last. IPv4 comes before IPv6, and
    /// capitals before small letters.
    pub(crate) fn rank(self, value: &str) -> Rank<'_> {
        match self {
            Self::Flag => Rank::Flag(value.eq_ignore_ascii_case("true")),
            _ => self.number(value).unwrap_or(Rank::Text(Cow::Borrowed(value))),
        }
    }

    /// Returns the rank of the text in a comparison. Returns `None` if values of this kind cannot be compared with the
    /// text.
    pub(crate) fn bound(self, text: &str) -> Option<Rank<'static>> {
        match self {
            Self::Flag => flag(text).map(Rank::Flag),
            Self::Address | Self::Netmask | Self::Port | Self::Protocol | Self::Number(_) => self.number(text),
            // The text need not be a valid value: a part of a UUID, or an unknown word, also has an alphabetical
            // position.
            Self::Text | Self::Sized(..) | Self::Word(_) | Self::Uuid | Self::Secret => {
                Some(Rank::Text(Cow::Owned(self.normal(text).unwrap_or_else(|| text.to_owned()))))
            }
        }
    }

    /// Returns the rank of a numeric value; `None` for other kinds and invalid texts.
    fn number(self, text: &str) -> Option<Rank<'static>> {
        match self {
            Self::Address => text.parse().ok().map(Rank::Address),
            Self::Netmask => prefix_length(text).map(|length| Rank::Number(length.into(), 0)),
            Self::Port => ports(text).map(|(first, last)| Rank::Number(first.into(), last.into())),
            Self::Protocol => protocol_number(text).map(|number| Rank::Number(number.into(), 0)),
            Self::Number(_) => digits(text).map(|number| Rank::Number(number, 0)),
            _ => None,
        }
    }

    /// Describes a valid value, for error messages.
    pub(crate) fn wanted(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Text | Self::Secret => "the value must be a text",
            Self::Sized(least, most) => return format!("the value must have {least} to {most} characters").into(),
            Self::Word(words) => return format!("the value must be one of {}", words.join(", ")).into(),
            Self::Flag => "the value must be true or false",
            Self::Address => "the value must be an IPv4 or IPv6 address",
            Self::Netmask => "the value must be a prefix length or an IPv4 mask",
            Self::Port => "the value must be a port",
            Self::Protocol => "the value must be a number from 0 to 255, tcp, udp or any",
            Self::Uuid => "the value must be a UUID",
            Self::Number([]) => "the value must be a whole number",
            Self::Number(known) => {
                let known: Vec<_> = known.iter().map(u64::to_string).collect();
                return format!("the value must be one of {}", known.join(", ")).into();
            }
        })
    }
}

/// Reads a boolean in a query; case does not matter.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Reads a UUID with hyphens. The `uuid` crate also reads other forms, which ONTAP is not known to accept.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    const HYPHENATED: usize = 36;
    (text.len() == HYPHENATED).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// Reads a whole number that has only digits. Rust's parser would also accept a plus sign.
pub(crate) fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Reads the first and the last port of `201` or `201-205`.
fn ports(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (digits::<u16>(first)?, digits::<u16>(last)?);
    (first <= last).then_some((first, last))
}

fn protocol(text: &str) -> Option<String> {
    Some(match protocol_number(text)? {
        0 => "any".to_owned(),
        6 => "tcp".to_owned(),
        17 => "udp".to_owned(),
        other => other.to_string(),
    })
}

fn protocol_number(text: &str) -> Option<u8> {
    match text {
        "any" => Some(0),
        "tcp" => Some(6),
        "udp" => Some(17),
        _ => digits(text),
    }
}

/// Reads a prefix length, or an IPv4 mask as a prefix length.
pub(crate) fn prefix_length(text: &str) -> Option<u8> {
    if let Ok(mask) = text.parse::<Ipv4Addr>() {
        let length = mask.to_bits().leading_ones();
        let whole = mask.to_bits().count_ones() == length;
        return whole.then(|| u8::try_from(length).ok()).flatten();
    }
    digits::<u8>(text).filter(|length| *length <= 128)
}

/// Reads the prefix length for this address, or `None` if the two do not fit.
///
/// The page allows 1 to 127 for IPv6. The simulator also accepts 128, a single host, because other rules of the page
/// require it. The simulator accepts 0 only with the zero address, as a wildcard.
pub(crate) fn prefix_length_for(address: IpAddr, text: &str) -> Option<u8> {
    let length = prefix_length(text)?;
    let fits = match address {
        IpAddr::V4(_) => length <= 32,
        IpAddr::V6(address) => (length >= 1 || address.is_unspecified()) && !text.contains('.'),
    };
    fits.then_some(length)
}
