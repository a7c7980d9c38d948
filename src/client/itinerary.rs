//! The way from page to page, which has to lead somewhere.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::page::{Listing, Page, unexpected};
use crate::error::Result;

/// The links that were followed so far.
#[derive(Debug, Default)]
pub(super) struct Itinerary {
    /// Hashes of them: a list of a million records has thousands.
    followed: HashSet<u64>,
}

impl Itinerary {
    /// Takes in a page of records.
    ///
    /// # Errors
    /// If it leads in a circle, or holds fewer records than it says: a caller who took it for empty would create what is
    /// there.
    pub(super) fn read<T>(&mut self, list: &Listing, page: &Page<T>) -> Result<()> {
        if page.records.is_empty() && page.num_records.is_some_and(|number| number > 0) {
            let message = "the page has no records, but says that there are some";
            return Err(unexpected(list, message, page.attempts));
        }
        self.follow(list, page)
    }

    /// Takes in where a page leads.
    ///
    /// # Errors
    /// If it leads in a circle.
    pub(super) fn follow<T>(&mut self, list: &Listing, page: &Page<T>) -> Result<()> {
        let Some(next) = &page.next else { return Ok(()) };
        let mut hasher = DefaultHasher::new();
        next.hash(&mut hasher);
        if self.followed.insert(hasher.finish()) {
            return Ok(());
        }
        let message = "the link to the next page leads back to one that was read already";
        Err(unexpected(list, message, page.attempts))
    }
}
