//! Who the client is to the cluster.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use crate::{Error, ErrorKind};

/// The name and password of an ONTAP account. Neither `Debug` nor any error shows the password.
#[derive(Clone)]
pub struct Credentials {
    user: String,
    password: Zeroizing<String>,
}

impl Credentials {
    /// HTTP basic authentication, for an account that may use the `http` application.
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { user: user.into(), password: Zeroizing::new(password.into()) }
    }

    /// The header that proves it, marked so that HTTP libraries do not print it, and what of it must not come back in an
    /// error's text.
    pub(crate) fn header(&self) -> Result<(HeaderValue, Vec<Zeroizing<String>>), Error> {
        if self.user.contains(':') {
            let message = "the user's name holds a colon, which HTTP basic authentication cannot carry";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        let pair = Zeroizing::new(format!("{}:{}", self.user, self.password.as_str()));
        let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        let value = Zeroizing::new(format!("Basic {}", encoded.as_str()));
        let mut header = HeaderValue::from_str(&value)
            .map_err(|_| Error::new(ErrorKind::Configuration, "the credentials do not fit into an HTTP header"))?;
        header.set_sensitive(true);
        Ok((header, vec![self.password.clone(), encoded]))
    }
}

/// What proves with each request who the client is.
#[derive(Clone, Default)]
pub(crate) struct Authorization {
    header: Option<HeaderValue>,
    secrets: Vec<Zeroizing<String>>,
}

impl Authorization {
    pub(crate) fn new(credentials: Option<&Credentials>, others: Vec<Zeroizing<String>>) -> Result<Self, Error> {
        let Some(credentials) = credentials else { return Ok(Self { header: None, secrets: others }) };
        let (header, mut secrets) = credentials.header()?;
        secrets.extend(others);
        Ok(Self { header: Some(header), secrets })
    }

    pub(crate) async fn header(&self) -> Result<Option<HeaderValue>, Error> {
        Ok(self.header.clone())
    }

    pub(crate) async fn renewed(&self, _: &HeaderValue) -> Result<Option<HeaderValue>, Error> {
        Ok(None)
    }

    pub(crate) fn secrets(&self) -> Vec<Zeroizing<String>> {
        self.secrets.clone()
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).field("password", &"[redacted]").finish()
    }
}
