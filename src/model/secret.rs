//! A pre-shared key that does not show.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A pre-shared key for IKE: 18 to 128 characters, which [`Policies::create`](crate::Policies::create) checks; or a
/// post-quantum one, whose length ONTAP does not document.
///
/// `Debug` shows nothing of the key, and its memory is overwritten when it is dropped. `Serialize` writes the key as it
/// is, since a create sends it so. The TLS and HTTP libraries make copies of their own.
///
/// ```
/// let key = ontap_ipsec::SecretKey::from("correct horse battery staple");
/// assert_eq!(format!("{key:?}"), "SecretKey([redacted])");
/// assert_eq!(key.expose(), "correct horse battery staple");
/// ```
#[derive(Clone, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct SecretKey(#[cfg_attr(feature = "schemars", schemars(with = "String"))] Zeroizing<String>);

impl SecretKey {
    /// The key itself. Keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Its errors quote nothing. A format may still show the line of the file, as that of `toml` does.
impl<'de> Deserialize<'de> for SecretKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Text)
    }
}

struct Text;

/// serde's errors quote a value of another type; return one that does not.
macro_rules! refuse {
    ($($visit:ident: $of:ty),*) => {$(
        fn $visit<E: de::Error>(self, _: $of) -> Result<SecretKey, E> {
            Err(E::custom("a key has to be a text"))
        }
    )*};
}

impl Visitor<'_> for Text {
    type Value = SecretKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<SecretKey, E> {
        Ok(key.into())
    }

    fn visit_string<E: de::Error>(self, key: String) -> Result<SecretKey, E> {
        Ok(key.into())
    }

    refuse!(visit_bool: bool, visit_i64: i64, visit_i128: i128, visit_u64: u64, visit_u128: u128, visit_f64: f64);
    refuse!(visit_bytes: &[u8]);
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([redacted])")
    }
}

/// Takes as long for keys that differ early as for keys that differ late.
impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretKey {}

impl From<String> for SecretKey {
    fn from(key: String) -> Self {
        Self(Zeroizing::new(key))
    }
}

impl From<&str> for SecretKey {
    fn from(key: &str) -> Self {
        Self::from(key.to_owned())
    }
}

impl FromStr for SecretKey {
    type Err = Infallible;

    fn from_str(key: &str) -> Result<Self, Infallible> {
        Ok(Self::from(key))
    }
}
