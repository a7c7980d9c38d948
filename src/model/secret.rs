//! A pre-shared key that does not show.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A pre-shared key for IKE: 18 to 128 characters, which [`Policies::create`](crate::Policies::create) checks.
///
/// Its `Debug` shows nothing of it, and its memory is overwritten when it is dropped. It is serialized as it is: that
/// is how it reaches the cluster, in the body of a create. Copies made by the TLS and HTTP layers are theirs.
///
/// ```
/// let key = ontap_ipsec::SecretKey::from("correct horse battery staple");
/// assert_eq!(format!("{key:?}"), "SecretKey([redacted])");
/// assert_eq!(key.expose(), "correct horse battery staple");
/// ```
#[derive(Clone, Serialize, Deserialize)]
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
