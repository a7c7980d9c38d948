//! The kinds of value that a field can have: which texts are valid, their normal form, and their order.
//!
//! ONTAP returns some values in another form: port `201` as `201-201`, protocol `6` as `tcp`, a mask as a prefix length.
//! NetApp's Ansible modules know these normal forms; the reference page documents that of the netmask only.

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
    /// A text of so many characters at least, and so many at most.
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
    /// One of these whole numbers; any number if the list is empty.
    Number(&'static [u64]),
    /// A text that is never shown.
    Secret,
}

/// How a value compares with others of its kind. Only values of one kind are ever compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank<'a> {
    Flag(bool),
    Number(u64, u64),
    Address(IpAddr),
    Text(Cow<'a, str>),
}

impl Kind {
    /// The form in which ONTAP returns this text, or `None` if it is no value of this kind.
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

    /// Where the value stands among others of this kind: addresses, ports, masks and protocols go by number, the rest
    /// by alphabet. The documents speak of "the field type's order" without giving it, and of the alphabet for enums.
    /// A range of ports goes by its first port, then by its last; IPv4 comes before IPv6; capitals come before small
    /// letters.
    pub(crate) fn rank(self, value: &str) -> Rank<'_> {
        match self {
            Self::Flag => Rank::Flag(value.eq_ignore_ascii_case("true")),
            _ => self.number(value).unwrap_or(Rank::Text(Cow::Borrowed(value))),
        }
    }

    /// The rank of a text that values are compared with, or `None` where no value could be compared with it.
    pub(crate) fn bound(self, text: &str) -> Option<Rank<'static>> {
        match self {
            Self::Flag => flag(text).map(Rank::Flag),
            Self::Address | Self::Netmask | Self::Port | Self::Protocol | Self::Number(_) => self.number(text),
            // A part of a UUID, or a word that is none yet, has its place in the alphabet too.
            Self::Text | Self::Sized(..) | Self::Word(_) | Self::Uuid | Self::Secret => {
                Some(Rank::Text(Cow::Owned(self.normal(text).unwrap_or_else(|| text.to_owned()))))
            }
        }
    }

    /// The rank of a text that goes by number, if this is such a kind and the text such a value.
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

    /// Says what a refused value should have been.
    pub(crate) fn wanted(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Text | Self::Secret => "it is a text",
            Self::Sized(least, most) => return format!("it has {least} to {most} characters").into(),
            Self::Word(words) => return format!("it is one of {}", words.join(", ")).into(),
            Self::Flag => "it is true or false",
            Self::Address => "it is an IPv4 or IPv6 address",
            Self::Netmask => "it is a prefix length or an IPv4 mask",
            Self::Port => "it is a port",
            Self::Protocol => "it is a number from 0 to 255, tcp, udp or any",
            Self::Uuid => "it is a UUID",
            Self::Number([]) => "it is a whole number",
            Self::Number(known) => {
                let known: Vec<_> = known.iter().map(u64::to_string).collect();
                return format!("it is one of {}", known.join(", ")).into();
            }
        })
    }
}

/// A boolean as clients write it in queries, in any case.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A UUID in its usual form. The `uuid` crate knows more forms (in braces, without hyphens) that ONTAP is not known to
/// take.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    const HYPHENATED: usize = 36;
    (text.len() == HYPHENATED).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// A whole number in plain digits; Rust's own parser would take a plus sign as well.
pub(crate) fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The first and the last port of `201` or `201-205`.
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

/// The length of a prefix given as such or as an IPv4 mask, of either family.
pub(crate) fn prefix_length(text: &str) -> Option<u8> {
    if let Ok(mask) = text.parse::<Ipv4Addr>() {
        let length = mask.to_bits().leading_ones();
        let whole = mask.to_bits().count_ones() == length;
        return whole.then(|| u8::try_from(length).ok()).flatten();
    }
    digits::<u8>(text).filter(|length| *length <= 128)
}

/// The prefix length for an address of this family, or `None` where the two do not fit.
///
/// The page allows 1 to 127 for IPv6. 128, a single host, is accepted as well, since other rules of the page ask for it.
/// 0 is accepted with the address of zeroes only, for a wildcard.
pub(crate) fn prefix_length_for(address: IpAddr, text: &str) -> Option<u8> {
    let length = prefix_length(text)?;
    let fits = match address {
        IpAddr::V4(_) => length <= 32,
        IpAddr::V6(address) => (length >= 1 || address.is_unspecified()) && !text.contains('.'),
    };
    fits.then_some(length)
}
