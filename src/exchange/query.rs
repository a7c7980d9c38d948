//! The query of a request.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::model::filter::Filter;

/// Parameters by name. ONTAP refuses a parameter that is given twice, so a new value replaces the old one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(BTreeMap<&'static str, std::result::Result<String, &'static str>>);

impl Query {
    pub(crate) fn set(&mut self, name: &'static str, value: &impl fmt::Display) {
        self.0.insert(name, Ok(value.to_string()));
    }

    pub(crate) fn filter(&mut self, name: &'static str, filter: Filter) {
        self.0.insert(name, filter.into_text());
    }

    /// Joins the items by commas. ONTAP takes neither empty items, which are left out, nor an empty list, which is not
    /// sent.
    pub(crate) fn list(&mut self, name: &'static str, items: impl IntoIterator<Item = impl fmt::Display>) {
        let items: Vec<_> =
            items.into_iter().map(|item| item.to_string()).filter(|item| !item.trim().is_empty()).collect();
        match items.is_empty() {
            true => self.unset(name),
            false => self.set(name, &items.join(",")),
        }
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref().ok()
    }

    /// Puts the query into the URL.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] if a filter cannot be written.
    pub(crate) fn write(&self, url: &mut Url) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut pairs = url.query_pairs_mut();
        for (name, value) in &self.0 {
            match value {
                Ok(value) => pairs.append_pair(name, value),
                Err(why) => {
                    let message = format!("the filter `{name}` cannot be sent: {why}; nothing was sent");
                    return Err(Error::new(ErrorKind::InvalidRequest, message));
                }
            };
        }
        Ok(())
    }
}
