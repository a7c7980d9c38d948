//! Setting up a client from environment variables.

use super::builder::ClientBuilder;
use super::credentials::{ClientCertificate, Credentials};
use super::proxies::Proxy;
use super::tls;
use super::tokens::bearer;
use super::variables::{Lookup, Variables, about, alone, both, configuration, process, secret_in};
use crate::error::Result;

const URL: &str = "ONTAP_URL";
const USER: &str = "ONTAP_USER";
const PASSWORD: &str = "ONTAP_PASSWORD";
const PASSWORD_FILE: &str = "ONTAP_PASSWORD_FILE";
const TOKEN: &str = "ONTAP_TOKEN";
const TOKEN_FILE: &str = "ONTAP_TOKEN_FILE";
const CLIENT_CERT_FILE: &str = "ONTAP_CLIENT_CERT_FILE";
const CLIENT_KEY_FILE: &str = "ONTAP_CLIENT_KEY_FILE";
const CA_FILE: &str = "ONTAP_CA_FILE";
const PINNED_CERT_FILE: &str = "ONTAP_PINNED_CERT_FILE";
const PROXY: &str = "ONTAP_PROXY";

impl ClientBuilder {
    /// A builder with what environment variables say.
    ///
    /// | variable | what it says |
    /// |---|---|
    /// | `ONTAP_URL` | where the cluster is, as for [`Client::builder`](crate::Client::builder); it has to be set |
    /// | `ONTAP_USER` | the user's name, for [`Credentials::basic`] |
    /// | `ONTAP_PASSWORD` | the user's password |
    /// | `ONTAP_PASSWORD_FILE` | instead: a file with the password |
    /// | `ONTAP_TOKEN` | a token, for [`Credentials::bearer`], instead of user and password |
    /// | `ONTAP_TOKEN_FILE` | instead: a file with the token, read again when the cluster refuses the one that it had |
    /// | `ONTAP_CLIENT_CERT_FILE` | a file with the certificate for [`Credentials::client_certificate`], alone or beside one of the above |
    /// | `ONTAP_CLIENT_KEY_FILE` | a file with its private key, which may be the same file |
    /// | `ONTAP_CA_FILE` | a file with certificates for [`ca_certificate`](Self::ca_certificate) |
    /// | `ONTAP_PINNED_CERT_FILE` | instead: a file with certificates for `pinned_certificate`; needs `rustls` or `rustls-ring` |
    /// | `ONTAP_PROXY` | a URL for [`proxy`](Self::proxy) |
    ///
    /// Certificates and keys are in PEM. The last line end of a file with a secret is ignored. No variable turns a check
    /// off. The usual variables for proxies are ignored, unless [`proxy_from_environment`](Self::proxy_from_environment)
    /// is called.
    ///
    /// ```no_run
    /// use ontap_ipsec::ClientBuilder;
    ///
    /// let client = ClientBuilder::from_env()?.user_agent("night-shift/1.0").build()?;
    /// # Ok::<(), ontap_ipsec::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), with a message that names the variable and never
    /// shows its value. A variable is empty or cannot be used, its file cannot be read, a second variable is missing, or
    /// two exclude each other. Credentials have to be given.
    pub fn from_env() -> Result<Self> {
        builder(&process)
    }

    /// Reads the same variables as [`from_env`](Self::from_env), except for `ONTAP_URL`, which `url` replaces. Use this
    /// for many clusters with the same credentials.
    ///
    /// # Errors
    /// Returns the errors of [`from_env`](Self::from_env). [`build`](Self::build) checks the URL.
    pub fn from_env_for(url: impl Into<String>) -> Result<Self> {
        complete(Self::new(url.into()), &process)
    }
}

/// A builder with all that the variables set.
fn builder(lookup: Lookup<'_>) -> Result<ClientBuilder> {
    let Some(url) = Variables(lookup).text(URL)? else {
        return Err(configuration(format!("`{URL}` is not set: it says where the cluster is")));
    };
    let builder = ClientBuilder::new(url.as_str().to_owned());
    // Whether plain HTTP will do is known only later.
    builder.clone().allow_plain_http().base().map_err(|error| about(URL, &error))?;
    complete(builder, lookup)
}

/// The builder with all that the variables set, but for the URL, which it has.
fn complete(builder: ClientBuilder, lookup: Lookup<'_>) -> Result<ClientBuilder> {
    let variables = Variables(lookup);
    let mut builder = builder.credentials(credentials(&variables)?);
    let (authorities, pinned) = (variables.file(CA_FILE)?, variables.file(PINNED_CERT_FILE)?);
    if authorities.is_some() && pinned.is_some() {
        return Err(both(CA_FILE, PINNED_CERT_FILE));
    }
    if let Some(pem) = authorities {
        tls::check_certificates(&pem).map_err(|error| about(CA_FILE, &error))?;
        builder = builder.ca_certificate(pem.as_slice());
    }
    if let Some(pem) = pinned {
        tls::check_certificates(&pem).map_err(|error| about(PINNED_CERT_FILE, &error))?;
        builder = pin(builder, &pem)?;
    }
    if let Some(url) = variables.text(PROXY)? {
        Proxy::parse(&url).map_err(|problem| problem.of(&format!("`{PROXY}`")))?;
        builder = builder.proxy(url.as_str());
    }
    Ok(builder)
}

#[cfg(feature = "__rustls")]
fn pin(builder: ClientBuilder, pem: &[u8]) -> Result<ClientBuilder> {
    Ok(builder.pinned_certificate(pem))
}

#[cfg(not(feature = "__rustls"))]
fn pin(_: ClientBuilder, _: &[u8]) -> Result<ClientBuilder> {
    Err(configuration(format!(
        "`{PINNED_CERT_FILE}` is set, and this program was built with neither `rustls` nor `rustls-ring`"
    )))
}

fn credentials(variables: &Variables<'_>) -> Result<Credentials> {
    let user = variables.text(USER)?;
    let password = variables.secret(PASSWORD, PASSWORD_FILE)?;
    let token = variables.secret(TOKEN, TOKEN_FILE)?;
    let certificate = variables.file(CLIENT_CERT_FILE)?;
    let key = variables.file(CLIENT_KEY_FILE)?;

    let proof = match (user, password, token) {
        (Some(_), _, Some((name, _))) => return Err(both(USER, name)),
        (_, Some((password, _)), Some((token, _))) => return Err(both(password, token)),
        (Some(_), None, _) => return Err(alone(USER, &format!("`{PASSWORD}` or `{PASSWORD_FILE}`"))),
        (None, Some((name, _)), _) => return Err(alone(name, &format!("`{USER}`"))),
        (Some(user), Some((_, password)), None) => {
            if user.contains(':') {
                let message = format!("`{USER}` holds a colon, which HTTP basic authentication cannot carry");
                return Err(configuration(message));
            }
            Some(Credentials::basic(user.as_str(), password.as_str()))
        }
        (None, None, Some((name, token))) => {
            bearer(&token).map_err(|error| about(name, &error))?;
            Some(match variables.path(TOKEN_FILE)? {
                // The program that renews the token writes the file again.
                Some(path) => Credentials::bearer_from(move || {
                    let token = secret_in(TOKEN_FILE, &path);
                    async move { token.map(|token| token.as_str().to_owned()) }
                }),
                None => Credentials::bearer(token.as_str()),
            })
        }
        (None, None, None) => None,
    };
    let certificate = match (certificate, key) {
        (Some(certificate), Some(key)) => {
            let pair = ClientCertificate { certificate: certificate.to_vec(), key };
            tls::check(&pair).map_err(|error| {
                configuration(format!("`{CLIENT_CERT_FILE}` and `{CLIENT_KEY_FILE}`: {}", error.message()))
            })?;
            Some(pair)
        }
        (Some(_), None) => return Err(alone(CLIENT_CERT_FILE, &format!("`{CLIENT_KEY_FILE}`"))),
        (None, Some(_)) => return Err(alone(CLIENT_KEY_FILE, &format!("`{CLIENT_CERT_FILE}`"))),
        (None, None) => None,
    };
    Credentials::from_parts(proof, certificate).ok_or_else(|| {
        configuration(format!(
            "there are no credentials: set `{USER}` and `{PASSWORD}`, or `{TOKEN}`, or `{CLIENT_CERT_FILE}` and \
             `{CLIENT_KEY_FILE}`"
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::error::ErrorKind;

    /// A value that must not show, which cannot be used for anything.
    const VALUE: &str = "va1ue of\u{7}no use";

    fn built(variables: &[(&str, OsString)]) -> Result<ClientBuilder> {
        builder(&|name| variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| value.clone()))
    }

    fn text(text: &str) -> OsString {
        text.into()
    }

    /// With a URL, a user and a password, which a case replaces, or takes away if it sets nothing.
    fn changed(changes: &[(&'static str, Option<OsString>)]) -> Result<ClientBuilder> {
        let mut variables =
            vec![(URL, text("https://cluster.example.com")), (USER, text("admin")), (PASSWORD, text("the password"))];
        for (name, value) in changes {
            variables.retain(|(variable, _)| variable != name);
            variables.extend(value.clone().map(|value| (*name, value)));
        }
        built(&variables)
    }

    /// The file, in a directory that goes when this does.
    struct File(PathBuf);

    impl File {
        fn holding(name: &str, bytes: impl AsRef<[u8]>) -> Self {
            let path = std::env::temp_dir().join(format!("ontap-ipsec-{}-{name}", std::process::id()));
            std::fs::write(&path, bytes).unwrap();
            Self(path)
        }

        fn path(&self) -> Option<OsString> {
            Some(self.0.clone().into_os_string())
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_url_of_the_programs_own_takes_the_place_of_the_variable() {
        let variables = [(URL, OsString::new()), (USER, text("admin")), (PASSWORD, text("the password"))];
        let completed = |variables: &[(&str, OsString)]| {
            let lookup =
                |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| value.clone());
            complete(ClientBuilder::new("https://other.example.com".into()), &lookup)
        };
        assert_eq!(completed(&variables).unwrap().base().unwrap().as_str(), "https://other.example.com/api");
        let error = completed(&variables[..2]).unwrap_err();
        assert!(error.message().starts_with("`ONTAP_USER` is set, but "), "{error}");
    }

    #[test]
    fn user_and_password_are_enough() {
        let builder = changed(&[]).unwrap();
        assert!(format!("{builder:?}").contains(r#"user: "admin""#), "{builder:?}");
        builder.build().unwrap();
    }

    #[test]
    fn without_anything_what_is_missing_is_named() {
        for (variables, missing) in [(vec![], URL), (vec![(URL, text("https://cluster.example.com"))], USER)] {
            let error = built(&variables).unwrap_err();
            assert!(error.message().contains(missing), "{error}");
        }
    }

    #[test]
    fn a_mistake_is_named_and_its_value_not_shown() {
        let value = || Some(text(VALUE));
        let nothing = || Some(OsString::new());
        let missing = || Some(Path::new("va1ue").join(VALUE).into_os_string());
        let (empty, line) = (File::holding("empty", ""), File::holding("line", "\n"));
        let binary = File::holding("binary", b"va1ue\xff");
        let junk = File::holding("junk", VALUE);
        for (changes, names) in [
            (vec![(USER, None)], vec![PASSWORD, USER]),
            (vec![(PASSWORD, None)], vec![USER, PASSWORD]),
            (vec![(PASSWORD_FILE, junk.path())], vec![PASSWORD, PASSWORD_FILE]),
            (vec![(TOKEN, value())], vec![USER, TOKEN]),
            (vec![(USER, None), (TOKEN, value())], vec![PASSWORD, TOKEN]),
            (vec![(USER, None), (PASSWORD, None), (TOKEN, value())], vec![TOKEN]),
            (vec![(TOKEN, value()), (TOKEN_FILE, junk.path())], vec![TOKEN, TOKEN_FILE]),
            (vec![(USER, None), (PASSWORD, None), (TOKEN_FILE, junk.path())], vec![TOKEN_FILE]),
            (vec![(CLIENT_CERT_FILE, junk.path())], vec![CLIENT_CERT_FILE, CLIENT_KEY_FILE]),
            (vec![(CLIENT_KEY_FILE, junk.path())], vec![CLIENT_KEY_FILE, CLIENT_CERT_FILE]),
            (
                vec![(CLIENT_CERT_FILE, junk.path()), (CLIENT_KEY_FILE, junk.path())],
                vec![CLIENT_CERT_FILE, CLIENT_KEY_FILE],
            ),
            (vec![(CA_FILE, junk.path())], vec![CA_FILE]),
            (vec![(PINNED_CERT_FILE, junk.path())], vec![PINNED_CERT_FILE]),
            (vec![(CA_FILE, junk.path()), (PINNED_CERT_FILE, junk.path())], vec![CA_FILE, PINNED_CERT_FILE]),
            (vec![(URL, value())], vec![URL]),
            (vec![(URL, Some(text("https://u:va1ue@cluster.example.com")))], vec![URL]),
            (vec![(URL, Some(text("https://cluster.example.com/va1ue")))], vec![URL]),
            (vec![(USER, Some(text("va1ue:x")))], vec![USER]),
            (vec![(PROXY, Some(text("socks5://va1ue")))], vec![PROXY]),
            (vec![(PROXY, value())], vec![PROXY]),
            (vec![(URL, nothing())], vec![URL]),
            (vec![(USER, nothing())], vec![USER]),
            (vec![(PASSWORD, nothing())], vec![PASSWORD]),
            (vec![(TOKEN, nothing())], vec![TOKEN]),
            (vec![(PROXY, nothing())], vec![PROXY]),
            (vec![(CA_FILE, nothing())], vec![CA_FILE]),
            (vec![(CA_FILE, missing())], vec![CA_FILE]),
            (vec![(CLIENT_KEY_FILE, missing())], vec![CLIENT_KEY_FILE]),
            (vec![(PASSWORD, None), (PASSWORD_FILE, missing())], vec![PASSWORD_FILE]),
            (vec![(PASSWORD, None), (PASSWORD_FILE, empty.path())], vec![PASSWORD_FILE]),
            (vec![(PASSWORD, None), (PASSWORD_FILE, line.path())], vec![PASSWORD_FILE]),
            (vec![(PASSWORD, None), (PASSWORD_FILE, binary.path())], vec![PASSWORD_FILE]),
        ] {
            let error = changed(&changes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            for name in names {
                assert!(error.message().contains(&format!("`{name}`")), "{name} is not in: {error}");
            }
            let texts = format!("{error} {error:?} {:?}", error.source());
            assert!(!texts.contains("va1ue") && !texts.contains("the password"), "{texts}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf_8_is_named() {
        use std::os::unix::ffi::OsStringExt as _;

        for name in [URL, USER, PASSWORD, TOKEN, PROXY] {
            let error = changed(&[(name, Some(OsString::from_vec(b"va1ue\xff".to_vec())))]).unwrap_err();
            assert_eq!(error.message(), format!("`{name}` is not in UTF-8"));
        }
    }

    #[test]
    fn of_a_file_with_a_secret_the_last_line_end_does_not_count() {
        for (held, secret) in [("word", "word"), ("word\n", "word"), ("word\r\n", "word"), (" a b \n\n", " a b \n")] {
            let file = File::holding("secret", held);
            assert_eq!(secret_in(PASSWORD_FILE, &file.0).unwrap().as_str(), secret);
        }
        let file = File::holding("password", "the password\n");
        changed(&[(PASSWORD, None), (PASSWORD_FILE, file.path())]).unwrap().build().unwrap();
    }
}
