//! Environment variables, and the files that they name.

use std::ffi::OsString;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Result};

/// Looks up a variable: [`process`], or a test's own, since all tests share the environment of their process.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The environment of the process.
pub(super) fn process(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

pub(super) struct Variables<'a>(pub(super) Lookup<'a>);

impl Variables<'_> {
    /// Returns the value of a variable. An empty value is an error: it is more likely a mistake than intended.
    pub(super) fn text(&self, name: &str) -> Result<Option<Zeroizing<String>>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        let text = value.into_string().map_err(|_| configuration(format!("`{name}` is not in UTF-8")))?;
        Ok(Some(Zeroizing::new(text)))
    }

    pub(super) fn path(&self, name: &str) -> Result<Option<PathBuf>> {
        Ok(self.value(name)?.map(PathBuf::from))
    }

    fn value(&self, name: &str) -> Result<Option<OsString>> {
        match (self.0)(name) {
            Some(value) if value.is_empty() => {
                Err(configuration(format!("`{name}` is set, but empty; unset it, or give it a value")))
            }
            value => Ok(value),
        }
    }

    /// Returns the content of the file that the variable names.
    pub(super) fn file(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.path(name)?.map(|path| contents(name, &path)).transpose()
    }

    /// A secret that is in one variable, or in the file that another one names; and which of them it is.
    pub(super) fn secret(
        &self,
        name: &'static str,
        file: &'static str,
    ) -> Result<Option<(&'static str, Zeroizing<String>)>> {
        match (self.text(name)?, self.path(file)?) {
            (Some(_), Some(_)) => Err(both(name, file)),
            (Some(secret), None) => Ok(Some((name, secret))),
            (None, Some(path)) => secret_in(file, &path).map(|secret| Some((file, secret))),
            (None, None) => Ok(None),
        }
    }
}

/// The secret in the file that the variable names, without the line end that editors put after it.
pub(super) fn secret_in(name: &str, path: &std::path::Path) -> Result<Zeroizing<String>> {
    let bytes = contents(name, path)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| configuration(format!("the file that `{name}` names is not in UTF-8")))?;
    let secret = text.strip_suffix('\n').unwrap_or(text);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    if secret.is_empty() {
        return Err(configuration(format!("the file that `{name}` names holds an empty line")));
    }
    Ok(Zeroizing::new(secret.to_owned()))
}

/// The path is not shown: it is the variable's value, and a secret can have got there by mistake.
fn contents(name: &str, path: &std::path::Path) -> Result<Zeroizing<Vec<u8>>> {
    let bytes = std::fs::read(path).map(Zeroizing::new).map_err(|error| {
        configuration(format!("the file that `{name}` names cannot be read: {error}")).caused_by(error)
    })?;
    if bytes.is_empty() {
        return Err(configuration(format!("the file that `{name}` names is empty")));
    }
    Ok(bytes)
}

pub(super) fn both(one: &str, other: &str) -> Error {
    configuration(format!("`{one}` and `{other}` are both set; unset one of them"))
}

pub(super) fn alone(one: &str, other: &str) -> Error {
    configuration(format!("`{one}` is set, but {other} is not; set both"))
}

pub(super) fn about(name: &str, error: &Error) -> Error {
    configuration(format!("`{name}`: {}", error.message()))
}

pub(super) fn configuration(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
