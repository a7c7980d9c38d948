//! Transport protocols.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// The transport protocol that a policy covers, by its number in the IP header.
///
/// ONTAP takes a number or one of the words `any`, `tcp` and `udp`; `any` is 0. ONTAP returns the word if there is one.
/// NetApp's Ansible modules know this; the reference page does not document it. Two values with the same number are
/// equal.
///
/// ```
/// use ontap_ipsec::Protocol;
///
/// assert_eq!(Protocol::from(6), Protocol::Tcp);
/// assert_eq!(Protocol::Number(17), Protocol::Udp);
/// assert_eq!(Protocol::from(132).to_string(), "132");
/// assert_eq!("tcp".parse::<Protocol>()?, Protocol::Tcp);
/// # Ok::<(), ontap_ipsec::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Protocol {
    /// All protocols: number 0.
    Any,
    /// TCP: number 6.
    Tcp,
    /// UDP: number 17.
    Udp,
    /// The protocol of this number, from 0 to 255.
    Number(u8),
}

impl Protocol {
    /// The number in the IP header; 0 for any.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Any => 0,
            Self::Tcp => 6,
            Self::Udp => 17,
            Self::Number(number) => number,
        }
    }
}

impl From<u8> for Protocol {
    fn from(number: u8) -> Self {
        [Self::Any, Self::Tcp, Self::Udp]
            .into_iter()
            .find(|named| named.number() == number)
            .unwrap_or(Self::Number(number))
    }
}

impl PartialEq for Protocol {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for Protocol {}

/// Writes the protocol as ONTAP returns it: the word if there is one, or else the number.
impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::from(self.number()) {
            Self::Any => f.write_str("any"),
            Self::Tcp => f.write_str("tcp"),
            Self::Udp => f.write_str("udp"),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// Reads a word, in whatever case, or a number.
///
/// # Errors
/// [`ErrorKind::InvalidRequest`] for anything else.
impl FromStr for Protocol {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let words = [Self::Any, Self::Tcp, Self::Udp];
        if let Some(named) = words.into_iter().find(|named| text.eq_ignore_ascii_case(&named.to_string())) {
            return Ok(named);
        }
        text.parse::<u8>().map(Self::from).map_err(|_| {
            let message = "a protocol is `any`, `tcp`, `udp` or a number from 0 to 255";
            Error::new(ErrorKind::InvalidRequest, message)
        })
    }
}
