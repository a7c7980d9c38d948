//! The way from page to page, which has to lead somewhere.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::error::{Error, ErrorKind, Result};
use crate::pages::{OPERATION, Page};

/// How often an empty page may lead to itself. A busy cluster answers so when `return_timeout` ran out before it found a
/// record: it is to be asked again.
const PATIENCE: u32 = 100;

/// The links that were followed so far.
#[derive(Debug, Default)]
pub(crate) struct Itinerary {
    /// Hashes of them: a list of a million policies has thousands.
    followed: HashSet<u64>,
    last: Option<u64>,
    repeats: u32,
}

impl Itinerary {
    /// Notes where a page leads.
    ///
    /// # Errors
    /// If it leads in a circle.
    pub(crate) fn leads_on(&mut self, page: &Page) -> Result<()> {
        let Some(next) = &page.next else { return Ok(()) };
        let mut hasher = DefaultHasher::new();
        next.hash(&mut hasher);
        let link = hasher.finish();
        let circle =
            |message| Err(Error::new(ErrorKind::UnexpectedAnswer, message).during(OPERATION).after(page.attempts));
        if self.followed.insert(link) {
            (self.last, self.repeats) = (Some(link), 0);
        } else if self.last != Some(link) || !page.records.is_empty() {
            return circle("the link to the next page leads back to one that was read already");
        } else if self.repeats == PATIENCE {
            return circle("page after page is empty and leads to itself");
        } else {
            self.repeats += 1;
        }
        Ok(())
    }
}
