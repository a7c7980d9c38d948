//! The error in words.

use std::fmt;

use reqwest::StatusCode;

use super::{Error, ErrorKind, Inner};
use crate::error_code::{ErrorCode, Operation};

impl Error {
    /// Returns what to do, unless the rest of the message says so.
    fn hint(&self) -> Option<String> {
        match self.status() {
            Some(StatusCode::UNAUTHORIZED) => Some(UNAUTHORIZED.to_owned()),
            Some(StatusCode::FORBIDDEN) => Some(self.forbidden()),
            _ if self.has_code(&["6", "6691623"]) => Some(self.forbidden()),
            _ => None,
        }
    }

    /// Names what the account has to be allowed. Roles are given access to collections.
    fn forbidden(&self) -> String {
        let path = self.operation().map_or("/security/ipsec", Operation::path);
        let path = path.split_once("/{").map_or(path, |(collection, _)| collection);
        format!(
            "the account may not do this: its role needs access to `/api{path}`, `readonly` to read and `all` to change \
             (see `security login rest-role`)"
        )
    }
}

const UNAUTHORIZED: &str = "the cluster does not accept the credentials: check user and password, or the token, and that \
                            the account may log in by the application `http`";

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, operation, host, status, code, message, target, attempts, .. } = &*self.inner;
        match (operation, host) {
            (Some(operation), Some(host)) => write!(f, "{operation} on {host}: ")?,
            (Some(name), None) => write!(f, "{name}: ")?,
            (None, Some(host)) => write!(f, "{host}: ")?,
            (None, None) => {}
        }
        if *kind == ErrorKind::Api {
            match code {
                Some(code) => write!(f, "ONTAP error {code}")?,
                None => f.write_str("ONTAP error")?,
            }
            let summary = code.as_ref().and_then(ErrorCode::summary);
            if let Some(summary) = summary {
                write!(f, ": {summary}")?;
            }
            match (message.is_empty(), summary.is_some()) {
                (true, _) => {}
                (false, true) => write!(f, " ONTAP says: {}", OneLine(message))?,
                (false, false) => write!(f, ": {}", OneLine(message))?,
            }
        } else {
            write!(f, "{}", OneLine(message))?;
        }
        if let Some(target) = target {
            write!(f, " (target {})", OneLine(target))?;
        }
        if let Some(status) = status {
            write!(f, " (HTTP {})", status.as_u16())?;
        }
        if *attempts > 1 {
            write!(f, " (after {attempts} attempts)")?;
        }
        match self.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Text from elsewhere, without the characters that would break a log's lines, steer a terminal or turn the direction of
/// writing.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let steers = |c: char| {
            c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        self.0.chars().try_for_each(|c| f.write_char(if steers(c) { ' ' } else { c }))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, operation, host, status, code, message, target, arguments, attempts, source, .. } =
            &*self.inner;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("operation", operation)
            .field("host", host)
            .field("status", status)
            .field("code", code)
            .field("message", message)
            .field("target", target)
            .field("arguments", arguments)
            .field("attempts", attempts)
            .field("source", source)
            .finish()
    }
}
