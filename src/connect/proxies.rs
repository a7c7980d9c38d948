//! The proxy between the client and the cluster, if one is set.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use reqwest::{ClientBuilder, NoProxy, Url};
use zeroize::Zeroizing;

use super::tokens::sensitive;
use super::variables::Lookup;
use crate::error::{Error, ErrorKind, Result};

/// Where a proxy is looked for.
#[derive(Clone, Default)]
pub(crate) enum Proxies {
    #[default]
    Direct,
    Url(Zeroizing<String>),
    Environment,
}

impl Proxies {
    /// The proxy for URLs with this scheme, if there is one.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if it is not given by a URL that can be used.
    pub(crate) fn proxy(&self, secure: bool, lookup: Lookup<'_>) -> Result<Option<Proxy>> {
        match self {
            Self::Direct => Ok(None),
            Self::Url(url) => Proxy::parse(url).map(Some).map_err(|problem| problem.of("the proxy's URL")),
            Self::Environment => from_environment(secure, lookup),
        }
    }
}

/// The URL is not shown: it may hold a password.
impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Direct => "Direct",
            Self::Url(_) => "Url([redacted])",
            Self::Environment => "Environment",
        })
    }
}

/// For plain HTTP, `HTTP_PROXY` does not count: a web server sets it for its CGI programs, to what a request holds in
/// its header `Proxy`.
fn from_environment(secure: bool, lookup: Lookup<'_>) -> Result<Option<Proxy>> {
    let names: &[&str] = if secure {
        &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else {
        &["http_proxy", "all_proxy", "ALL_PROXY"]
    };
    let Some((name, url)) = first(names, lookup)? else { return Ok(None) };
    let mut proxy = Proxy::parse(&url).map_err(|problem| problem.of(&format!("`{name}`")))?;
    proxy.except = first(&["no_proxy", "NO_PROXY"], lookup)?.map(|(_, hosts)| hosts.as_str().to_owned());
    Ok(Some(proxy))
}

/// The first of the variables that is set, where it is not empty.
fn first<'a>(names: &[&'a str], lookup: Lookup<'_>) -> Result<Option<(&'a str, Zeroizing<String>)>> {
    for name in names {
        let Some(value) = lookup(name) else { continue };
        let value = value
            .into_string()
            .map_err(|_| Error::new(ErrorKind::Configuration, format!("`{name}` is not in UTF-8")))?;
        return Ok(Some((*name, Zeroizing::new(value))).filter(|(_, value)| !value.is_empty()));
    }
    Ok(None)
}

/// A proxy, with what it asks of those who use it.
pub(crate) struct Proxy {
    /// Without a user.
    url: Url,
    user: Option<User>,
    /// The hosts to which it does not lead.
    except: Option<String>,
}

struct User {
    /// The password as the URL has it, and as it is.
    passwords: [Zeroizing<String>; 2],
    /// Name and password as HTTP basic authentication has them.
    encoded: Zeroizing<String>,
}

impl Proxy {
    pub(crate) fn parse(text: &str) -> std::result::Result<Self, Unusable> {
        // The environment's habit.
        let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let text = Zeroizing::new(text);
        let mut url = Url::parse(&text).map_err(|_| Unusable("cannot be read"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Unusable("has to start with `http://` or `https://`: other kinds of proxy are not supported"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(Unusable("has more than a user, a host and a port; leave out what follows them"));
        }
        let raw = Zeroizing::new(url.password().unwrap_or_default().to_owned());
        let user = (!url.username().is_empty() || !raw.is_empty()).then(|| {
            let password = Zeroizing::new(decoded(&raw));
            let pair = Zeroizing::new(format!("{}:{}", decoded(url.username()), password.as_str()));
            User { passwords: [raw, password], encoded: Zeroizing::new(STANDARD.encode(pair.as_bytes())) }
        });
        if url.set_username("").and(url.set_password(None)).is_err() {
            return Err(Unusable("cannot be read"));
        }
        Ok(Self { url, user, except: None })
    }

    pub(crate) fn apply(&self, http: ClientBuilder) -> Result<ClientBuilder> {
        let unusable = |_| Unusable("cannot be used").of("the proxy's URL");
        let mut proxy = reqwest::Proxy::all(self.url.clone()).map_err(unusable)?;
        if let Some(user) = &self.user {
            let value = Zeroizing::new(format!("Basic {}", user.encoded.as_str()));
            proxy = proxy.custom_http_auth(sensitive(&value)?);
        }
        let except = self.except.as_deref().and_then(NoProxy::from_string);
        Ok(http.proxy(proxy.no_proxy(except)))
    }

    /// Returns the secrets that no error may show.
    pub(crate) fn secrets(&self) -> Vec<Zeroizing<String>> {
        let user = self.user.iter();
        user.flat_map(|user| user.passwords.iter().chain([&user.encoded])).cloned().collect()
    }
}

/// The fault of a proxy's URL. The URL is not shown, since it may hold a password.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unusable(&'static str);

impl Unusable {
    pub(crate) fn of(self, what: &str) -> Error {
        Error::new(ErrorKind::Configuration, format!("{what} {self}"))
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A part of a URL as it is meant (RFC 3986, section 2.1). A percent sign that starts no code stands for itself.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    fn found(secure: bool, variables: &[(&str, &str)]) -> Option<String> {
        let lookup = |name: &str| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| OsString::from(value))
        };
        let proxy = Proxies::Environment.proxy(secure, &lookup).unwrap()?;
        Some(format!("{} except {}", proxy.url, proxy.except.unwrap_or_default()))
    }

    #[test]
    fn the_environment_names_a_proxy_for_each_scheme() {
        assert_eq!(found(true, &[]), None);
        assert_eq!(found(true, &[("HTTPS_PROXY", "proxy:3128")]).unwrap(), "http://proxy:3128/ except ");
        assert_eq!(found(true, &[("https_proxy", ""), ("HTTPS_PROXY", "http://a")]), None, "the first one says none");
        assert_eq!(found(true, &[("ALL_PROXY", "https://a"), ("NO_PROXY", "b,.c")]).unwrap(), "https://a/ except b,.c");
        assert_eq!(found(true, &[("http_proxy", "http://a")]), None);
        assert_eq!(found(false, &[("HTTP_PROXY", "http://a")]), None);
        assert_eq!(found(false, &[("http_proxy", "http://a")]).unwrap(), "http://a/ except ");
    }

    #[test]
    fn a_variable_that_cannot_be_used_is_named_and_not_shown() {
        for value in ["socks5://u:w0rd@a", "http://u:w0rd@", "http://u:w0rd@a/path", "http://u:w0rd@a:b", "ftp://w0rd"]
        {
            let lookup = |name: &str| (name == "HTTPS_PROXY").then(|| OsString::from(value));
            let error = Proxies::Environment.proxy(true, &lookup).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            let text = format!("{error} {error:?}");
            assert!(text.contains("`HTTPS_PROXY`") && !text.contains("w0rd"), "{text}");
        }
    }

    #[test]
    fn a_password_is_kept_apart_in_each_of_its_forms() {
        let proxy = Proxy::parse("http://us%65r:p%40ss%zz%+5@proxy:3128").unwrap();
        assert_eq!(proxy.url.as_str(), "http://proxy:3128/");
        let encoded = STANDARD.encode("user:p@ss%zz%+5");
        let secrets: Vec<_> = proxy.secrets().iter().map(|secret| secret.as_str().to_owned()).collect();
        assert_eq!(secrets, ["p%40ss%zz%+5", "p@ss%zz%+5", &encoded]);
    }
}
