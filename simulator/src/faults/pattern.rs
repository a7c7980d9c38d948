//! Selects the requests that a fault is for.

use axum::http::{Method, Uri};
use percent_encoding::percent_decode_str;

use crate::wildcard;

/// The requests that a fault is for. `None` means any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pattern {
    pub(crate) methods: Methods,
    /// The path; `*` matches any characters, slashes included.
    pub(crate) path: Option<String>,
    /// A text that the query contains, encoded or decoded.
    pub(crate) query: Option<String>,
}

/// The methods that a fault is for.
#[derive(Clone, Debug, Default)]
pub(crate) enum Methods {
    #[default]
    Any,
    /// POST, PATCH and DELETE.
    Changing,
    Only(Method),
}

impl Pattern {
    /// Tells whether a request matches.
    pub(crate) fn matches(&self, method: &Method, uri: &Uri) -> bool {
        let of_method = match &self.methods {
            Methods::Any => true,
            Methods::Changing => [Method::POST, Method::PATCH, Method::DELETE].contains(method),
            Methods::Only(wanted) => wanted == method,
        };
        of_method
            && self.path.as_deref().is_none_or(|glob| is_like(uri.path(), glob))
            && self.query.as_deref().is_none_or(|part| {
                let query = uri.query().unwrap_or_default();
                query.contains(part) || percent_decode_str(query).decode_utf8_lossy().contains(part)
            })
    }
}

/// Tells whether the text matches the glob.
fn is_like(text: &str, glob: &str) -> bool {
    let pieces = glob.split('*').map(str::to_owned).collect();
    wildcard::Pattern::around(pieces).map_or(text == glob, |pattern| pattern.matches(text))
}
